"""An hour in shares: the targets that one step asks, or grades.

Not here: the steps (defs.assets), nor where they are done (defs.executor).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from orchestration.records import PlannedCall

WHOLE: Final = "all_targets"
"""The name of the one share that has every target. Its files in the archive bear no share's name."""


def share_names(target_ids: Iterable[str], *, is_split: bool) -> list[str]:
    """One share for each target, or the whole in one; the whole also where there is no target."""
    names = {share_of(target_id) for target_id in target_ids} if is_split else set[str]()
    return sorted(names) or [WHOLE]


def share_of(target_id: str) -> str:
    """The name of a target's share, of letters, digits and underscores; like ids may have one in common."""
    return f"target_{re.sub(r'[^A-Za-z0-9_]', '_', target_id)}"


def is_in_share(target_id: str, share: str) -> bool:
    return share in {WHOLE, share_of(target_id)}


def planned_share(plans: Mapping[datetime, Sequence[PlannedCall]], share: str) -> dict[datetime, list[PlannedCall]]:
    """The calls of a share, of the hours that have any."""
    calls = {hour: [call for call in plan if is_in_share(call.target_id, share)] for hour, plan in plans.items()}
    return {hour: found for hour, found in calls.items() if found}
