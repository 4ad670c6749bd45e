"""How it is measured, as tables: formulas, suites with their next hour, graders, detectors and noted changes.

Not here: how cells become a table (tables). Everything that comes from outside is escaped.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.anomaly_words import kind_name
from dashboard.app_pages.cells import noted
from dashboard.app_pages.tables import Column, badges, html_table, missing, page_link
from dashboard.app_pages.wording import METRICS, day, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from dashboard.api_client.events import Change
    from dashboard.api_client.methodology import Detector, Formula, ScorerVersion, SuiteVersion

HOURS_BETWEEN = {"hourly": 1, "every-6-hours": 6, "daily": 24}


def formula_table(formulas: Sequence[Formula]) -> str:
    columns: tuple[Column[Formula], ...] = (
        Column("Number", "Fields of the API and of files", _fields, is_number=False),
        Column("Definition", "How it is computed", lambda each: escape(each.statement), is_number=False),
        Column("Version", "Rises with every change that can change a number", lambda each: str(each.version)),
        Column("Source", "Where it comes from", lambda each: escape(each.source), is_number=False),
    )
    return html_table("Definitions", columns, formulas, kind="noted")


def suite_table(suites: Sequence[SuiteVersion], newest: datetime | None, now: datetime) -> str:
    columns: tuple[Column[SuiteVersion], ...] = (
        Column("Suite", "A versioned set of scenarios", _suite, is_number=False),
        Column("Version", "Numbers of different versions are never mixed", lambda each: str(each.suite_version)),
        Column("Asked", "How often", lambda each: escape(each.cadence.replace("-", " ")), is_number=False),
        Column("Scenarios", "How many it asks", lambda each: f"{each.scenario_count:,}"),
        Column("Since", "When the version was recorded first", lambda each: day(each.recorded_at), is_number=False),
        Column("Next hour", "The UTC hour that is asked next", _next(newest, now), is_number=False),
    )
    return html_table("Suites", columns, suites)


def scorer_table(scorers: Sequence[ScorerVersion]) -> str:
    columns: tuple[Column[ScorerVersion], ...] = (
        Column("Grader", "What judges answers", lambda each: escape(each.scorer), is_number=False),
        Column("Version", "No number mixes versions", lambda each: str(each.scorer_version)),
        Column("Suites", "Where it judges", lambda each: badges(*each.suites), is_number=False),
    )
    return html_table("Graders", columns, scorers)


def detector_table(detectors: Sequence[Detector]) -> str:
    columns: tuple[Column[Detector], ...] = (
        Column(
            "Metric", "What is watched", lambda each: escape(METRICS.get(each.metric, each.metric)), is_number=False
        ),
        Column("Suite", "Whose hours", lambda each: escape(each.suite), is_number=False),
        Column("Version", "Of the detector", lambda each: str(each.detector_version)),
        Column("Watched", "Models about which something can be told", lambda each: f"{each.watched_count:,}"),
        Column("Too new", "Models with too few hours to tell anything", lambda each: f"{each.insufficient_count:,}"),
        Column("Up to", "Newest hour that was looked at", lambda each: moment(each.last_hour), is_number=False),
    )
    return html_table("Detectors", columns, detectors)


def change_table(changes: Sequence[Change]) -> str:
    columns: tuple[Column[Change], ...] = (
        Column("When", "From when on", lambda each: moment(each.effective_at), is_number=False),
        Column("Model", "Follow it to its trend", _target, is_number=False),
        Column("What", "What changed", _what, is_number=False),
        Column("Before", "As it was noted", lambda each: noted(each.old_value), is_number=False),
        Column("After", "As it was noted", lambda each: noted(each.new_value), is_number=False),
        Column("Told by", "Where it is known from", lambda each: escape(each.source), is_number=False),
    )
    return html_table("Changes", columns, changes, kind="noted")


def next_hour(cadence: str, newest: datetime | None, now: datetime) -> datetime | None:
    """The first hour after the newest measured one, and not long past, in which the suite is due; None if unknown."""
    hours = HOURS_BETWEEN.get(cadence)
    if hours is None:
        return None
    top = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    first = top if newest is None or newest < top else top + timedelta(hours=1)
    return first + timedelta(hours=-first.hour % hours)


def _fields(formula: Formula) -> str:
    codes = " ".join(f"<code>{escape(field)}</code>" for field in formula.fields)
    return f"{escape(formula.name.replace('_', ' ').capitalize())}<small>{codes}</small>"


def _suite(suite: SuiteVersion) -> str:
    return escape(suite.suite) + badges(*["current"] * suite.is_current)


def _next(newest: datetime | None, now: datetime) -> Callable[[SuiteVersion], str]:
    def cell(suite: SuiteVersion) -> str:
        if not suite.is_current:
            return missing("asked no more")
        hour = next_hour(suite.cadence, newest, now)
        return missing("its cadence is not known") if hour is None else moment(hour)

    return cell


def _target(change: Change) -> str:
    link = page_link("model-trend", change.label, model=change.target_id)
    return f"{link}{badges(*['simulated'] * change.is_simulated)}"


def _what(change: Change) -> str:
    return f"{escape(kind_name(change.kind))}<small>{escape(change.subject)}</small>"
