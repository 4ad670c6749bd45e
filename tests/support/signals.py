"""Changes that show and wait for extra answers, as rows.

Not here: alarms (subscriptions).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from orchestration.records import id_of
from orchestration.storage.confirmation_rows import ConfirmationRow


def signal(target_id: str, hour: datetime, /, **changes: Any) -> ConfirmationRow:
    """Quality of a simulated target fell by a point, as the hour shows."""
    row = ConfirmationRow(
        confirmation_id=id_of(target_id, hour, *changes), target_id=target_id, suite="canary", is_simulated=True,
        metric="quality", sign=-1, signal_hour=hour, onset_hour=hour - timedelta(hours=3), statistic=-4.9,
        is_alarm=True, scenario_ids=[], before_level=0.0, after_level=-1.0, reference_error=0.1, signal_effect=-1.0,
        verdict="pending", answer_count=0, hour_count=0, effect=None, effect_ci95_lower=None, effect_ci95_upper=None,
        computed_at=hour,
    )  # fmt: skip
    return replace(row, **changes)
