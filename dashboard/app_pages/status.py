"""The status page: whether the numbers are fresh, which hours were measured, what was spent, and how runs ended.

Not here: the figures (charts.coverage_strip, charts.coverage_calendar) and the tables' HTML (coverage_table,
operation_table).
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from dashboard.api_client.errors import ApiError
from dashboard.app_pages.coverage_table import coverage_table, outcome_table, skipped_table
from dashboard.app_pages.methodology_tables import next_hour
from dashboard.app_pages.notices import NOTHING_YET, explained, say_freshness, say_simulated
from dashboard.app_pages.operation_table import budget_table, run_table
from dashboard.app_pages.sharing import page_head, share
from dashboard.app_pages.wording import DASH, count_of, escaped, moment, percent, reason_in_words, usd, usd_digits
from dashboard.charts.coverage_calendar import coverage_calendar
from dashboard.charts.coverage_strip import coverage_strip
from dashboard.charts.layout import CONFIG
from dashboard.charts.rows import CoverageRow, HourCoverage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.methodology import SuiteVersion
    from dashboard.api_client.operations import CoveredHour, ModelCoverage, Spending, Status
    from dashboard.api_client.result import Result

R = TypeVar("R")
HOURS = 48
DAYS = 14
ROWS_DRAWN = 50
PERIODS = {"day": "Cost today", "month": "Cost this month"}
READING = (
    "Full colour: every planned call was answered on time; the fainter, the fewer. Hatched hours have no answer. "
    "A call that is missing is never a score of 0."
)


def show(api: ApiClient) -> None:
    head = page_head("Status")
    with explained():
        status = api.status()
        suites = [suite for suite in api.methodology().data.suites if suite.is_current]
    models, calendar = _told(lambda: api.coverage(hours=HOURS)), _told(lambda: api.calendar(days=DAYS))
    _share(head, api, status, models or (), calendar or ())
    if models is not None and not models:
        st.info(NOTHING_YET)
        return
    now = datetime.now(UTC)
    say_freshness(status.newest_benchmark_hour, now)
    _say_next(suites, status.newest_benchmark_hour, now)
    say_simulated([model.is_simulated for model in models or ()])
    _say_figures(status)
    _say_budgets(status)
    if models is not None:
        _say_coverage([model for model in models if _is_planned(model)])
    if calendar is not None:
        _say_calendar(calendar)
    _say_outcomes(status)
    _say_runs(status)
    _say_skipped([model for model in models or () if not model.is_enabled])


def _told(ask: Callable[[], tuple[R, ...]]) -> tuple[R, ...] | None:
    """One part of the page; None, with the reason on the page, where the API does not tell it."""
    try:
        return ask()
    except ApiError as error:
        st.warning(escaped(str(error)))
        return None


def _share(
    head: DeltaGenerator,
    api: ApiClient,
    status: Status,
    models: Sequence[ModelCoverage],
    calendar: Sequence[CoveredHour],
) -> None:
    files: dict[str, Sequence[Result]] = {
        "coverage": models,
        "calendar": calendar,
        "outcomes": status.outcomes,
        "spending": status.spending,
        "budgets": status.budgets,
        "runs": status.runs,
    }
    share(head, api, "status", {name: rows for name, rows in files.items() if rows}, "/v1/status", "/v1/coverage")


def _is_planned(model: ModelCoverage) -> bool:
    return model.is_enabled or any(hour.planned_count for hour in model.hours)


def _say_figures(status: Status) -> None:
    planned = sum(outcome.call_count for outcome in status.outcomes)
    answered = sum(outcome.call_count for outcome in status.outcomes if outcome.outcome == "answered")
    cells = st.columns(4)
    cells[0].metric(
        "Models measured", f"{status.enabled_model_count} of {status.model_count}", help="The others are listed below."
    )
    cells[1].metric(
        f"Answered, last {status.hours} hours",
        percent(answered / planned) if planned else DASH,
        help=f"{answered:,} of {count_of(planned, 'planned call')}, on time.",
    )
    for cell, (period, name) in zip(cells[2:], PERIODS.items(), strict=True):
        spent = [each for each in status.spending if each.period == period]
        cell.metric(name, _cost_of(spent))
        for line in _cost_notes(spent):
            cell.caption(line)


def _cost_of(spent: Sequence[Spending]) -> str:
    """What real models cost; a dash when none was asked or no cost is known."""
    real = next((each for each in spent if not each.simulated), None)
    if real is None or real.cost_usd is None:
        return DASH
    return _amount(real.cost_usd)


def _cost_notes(spent: Sequence[Spending]) -> list[str]:
    notes = []
    if not any(not each.simulated for each in spent):
        notes.append("no real model was asked")
    for each in spent:
        if each.unknown_model_count:
            notes.append(f"cost of {count_of(each.unknown_model_count, 'model')} unknown and not in it")
        if each.simulated and each.cost_usd is not None:
            notes.append(f"simulated models: {escaped(_amount(each.cost_usd))}, not real money")
    return notes


def _amount(cost_usd: float) -> str:
    return usd(cost_usd, min(4, usd_digits([cost_usd])))


def _say_coverage(models: Sequence[ModelCoverage]) -> None:
    st.subheader(f"Last {HOURS} hours", anchor=False)
    if not models:
        st.info("No model was to be measured in these hours.")
        return
    drawn = models[:ROWS_DRAWN]
    gaps = sum(hour.is_gap for model in drawn for hour in _row(model).hours)
    st.plotly_chart(
        coverage_strip([_row(model) for model in drawn]),
        config=CONFIG,
        key="coverage-strip",
        alt=f"Share of planned calls that was answered, by hour, of {count_of(len(drawn), 'model')}; "
        f"{count_of(gaps, 'hour')} of them without an answer. The table below has the sums and the reasons.",
    )
    st.caption(READING)
    if len(drawn) < len(models):
        st.caption(f"Drawn: {len(drawn)} of {count_of(len(models), 'model')}; the table has every one.")
    st.html(coverage_table(models))


def _say_next(suites: Sequence[SuiteVersion], newest: datetime | None, now: datetime) -> None:
    """Which hour is asked next, suite by suite, the soonest first."""
    due = {suite.suite: next_hour(suite.cadence, newest, now) for suite in suites}
    known = sorted((hour, suite) for suite, hour in due.items() if hour is not None)
    if known:
        words = ", ".join(f"{suite} for the hour of {moment(hour)}" for hour, suite in known)
        st.caption(f"Next run: {escaped(words)}.")


def _say_calendar(calendar: Sequence[CoveredHour]) -> None:
    hours = [_hour(hour) for hour in calendar]
    st.subheader(f"Last {DAYS} days, hour by hour", anchor=False)
    gaps = [hour for hour in hours if not hour.answered_count]
    st.plotly_chart(
        coverage_calendar(hours),
        config=CONFIG,
        key="coverage-calendar",
        alt=f"Share of planned calls that was answered in each hour of {DAYS} days, all models together; "
        f"{count_of(len(gaps), 'hour')} without an answer on time, by reason below.",
    )
    if gaps:
        reasons = Counter(hour.reason or reason_in_words("late") for hour in gaps)
        words = "; ".join(f"{reason}, {count_of(count, 'hour')}" for reason, count in reasons.most_common())
        st.caption(f"Without an answer on time: {escaped(words)}.")


def _say_outcomes(status: Status) -> None:
    if status.outcomes:
        st.subheader(f"What calls came to, last {status.hours} hours", anchor=False)
        st.html(outcome_table(status.outcomes))


def _say_budgets(status: Status) -> None:
    if status.budgets:
        st.subheader("Budgets", anchor=False)
        st.html(budget_table(status.budgets))
        st.caption("What is set aside for calls under way counts as spent. Periods are those of UTC.")


def _say_runs(status: Status) -> None:
    if status.runs:
        st.subheader("Last runs", anchor=False)
        st.html(run_table(status.runs))
        st.caption(f"As seen at {moment(max(run.seen_at for run in status.runs))}.")


def _say_skipped(skipped: Sequence[ModelCoverage]) -> None:
    if skipped:
        st.subheader("Not measured now", anchor=False)
        st.html(skipped_table(skipped))


def _row(model: ModelCoverage) -> CoverageRow:
    hours = tuple(_hour(hour) for hour in model.hours)
    return CoverageRow(label=model.label, is_simulated=model.is_simulated, hours=hours)


def _hour(hour: CoveredHour) -> HourCoverage:
    return HourCoverage(
        start=hour.benchmark_hour,
        planned_count=hour.planned_count,
        answered_count=hour.answered_count,
        late_count=hour.late_count,
        reason="" if hour.reason is None else reason_in_words(hour.reason),
    )
