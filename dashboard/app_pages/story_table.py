"""What the marks of a trend stand for, as a table for those who cannot point at them.

Not here: how marks are drawn (charts.markers), nor what an anomaly rests on (degradations). Everything that comes from
outside is escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.anomaly_words import effect, kind_name, value
from dashboard.app_pages.cells import noted
from dashboard.app_pages.tables import Column, html_table, page_link
from dashboard.app_pages.trend_marks import change_kind
from dashboard.app_pages.wording import METRICS, moment
from dashboard.charts.markers import LOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.api_client.events import Anomaly, Change
    from dashboard.app_pages.trend_marks import Story


@dataclass(frozen=True, slots=True)
class Happened:
    """One row; its cells but the moment are HTML."""

    at: datetime
    kinds: Sequence[str]
    what: str
    before: str
    after: str


def happened(story: Story) -> list[Happened]:
    """The newest first."""
    rows = [*(_of_anomaly(each) for each in story.anomalies), *(_of_change(each) for each in story.changes)]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def story_table(rows: Sequence[Happened]) -> str:
    columns: tuple[Column[Happened], ...] = (
        Column("When", "From when on, UTC", lambda row: moment(row.at), is_number=False),
        Column("Mark", "As it stands in the figures", _signs, is_number=False),
        Column("What", "What changed", lambda row: row.what, is_number=False),
        Column("Before", "The level, or as it was noted", lambda row: row.before, is_number=False),
        Column("After", "The level, or as it was noted", lambda row: row.after, is_number=False),
    )
    return html_table("What happened", columns, rows, kind="noted")


def _signs(row: Happened) -> str:
    return "<br>".join(f"{LOOKS[kind].sign} {LOOKS[kind].name}" for kind in row.kinds)


def _of_anomaly(anomaly: Anomaly) -> Happened:
    words = f"{METRICS[anomaly.metric]} {effect(anomaly.metric, anomaly.effect)}".capitalize()
    return Happened(
        at=anomaly.onset_hour,
        kinds=["worse" if anomaly.is_worse else "better", *["incident"] * (anomaly.incident_id is not None)],
        what=page_link("degradations", words, anomaly=anomaly.anomaly_id) + f"<small>{anomaly.severity}</small>",
        before=value(anomaly.metric, anomaly.before_value),
        after=value(anomaly.metric, anomaly.after_value),
    )


def _of_change(change: Change) -> Happened:
    return Happened(
        at=change.effective_at,
        kinds=[change_kind(change)],
        what=f"{escape(kind_name(change.kind))}<small>{escape(change.subject)}</small>",
        before=noted(change.old_value),
        after=noted(change.new_value),
    )
