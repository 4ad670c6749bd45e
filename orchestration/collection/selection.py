"""The part of an hour that a run is confined to: checked names, and the calls that belong to it.

Not here: what is planned and asked of it (plan, collect).
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from orchestration.records import Selection, benchmark_hour_of
from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from orchestration.providers.targets import Target
    from orchestration.records import PlannedCall

SHOWN_NAMES = 12


def checked_selection(
    targets: Sequence[str], scenarios: Sequence[str], known_targets: Collection[str], known_scenarios: Collection[str]
) -> Selection:
    """Raises OperatorError for the first name that there is not, with those that it may have been meant for."""
    for name in targets:
        _refuse_unknown("target", name, known_targets)
    for name in scenarios:
        _refuse_unknown("scenario", name, known_scenarios)
    return Selection(frozenset(targets), frozenset(scenarios))


def selected_calls(calls: Iterable[PlannedCall], selection: Selection) -> list[PlannedCall]:
    return [call for call in calls if selection.includes(call.target_id, call.scenario_id)]


def partial_plan(calls: Iterable[PlannedCall], selection: Selection) -> list[PlannedCall]:
    """The selected calls of a plan; where others are left out they say so, and the hour stays to be planned whole."""
    if selection.is_whole:
        return list(calls)
    return [replace(call, is_partial=True) for call in selected_calls(calls, selection)]


def late_by_force(
    targets: Iterable[Target], selection: Selection, hours: Iterable[datetime], now: datetime
) -> str | None:
    """What to say before real targets are asked again for hours that have ended; None when none is."""
    past = sum(hour < benchmark_hour_of(now) for hour in hours)
    real = [
        target.target_id
        for target in targets
        if target.is_enabled and not target.is_simulated and selection.includes_target(target.target_id)
    ]
    if not past or not real:
        return None
    shown = ", ".join(real[:SHOWN_NAMES]) + (", …" if len(real) > SHOWN_NAMES else "")
    ended = "1 past hour" if past == 1 else f"{past} past hours"
    return f"force makes {ended} late for {shown}: new answers take the place of those on time, and leave the trends"


def _refuse_unknown(kind: str, name: str, known: Collection[str]) -> None:
    if name in known:
        return
    near = get_close_matches(name, known, n=3)
    first = sorted(known)[:SHOWN_NAMES]
    more = ", …" if len(known) > SHOWN_NAMES else ""
    meant = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(first)}{more}"
    raise OperatorError(f"only: no {kind} {name!r}; {meant}")
