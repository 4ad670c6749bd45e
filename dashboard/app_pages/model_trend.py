"""The trend page: one model's score, speed, cost and reliability over time, with what happened and gaps' reasons.

Not here: what happened as marks (trend_marks), nor the figures (charts).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app_pages.address import Filter, chosen, explain_complaints
from dashboard.app_pages.histories import trend_point
from dashboard.app_pages.notices import explained, say_freshness, say_simulated
from dashboard.app_pages.sharing import page_head, share
from dashboard.app_pages.story_table import happened, story_table
from dashboard.app_pages.tables import badges, page_link
from dashboard.app_pages.trend_marks import Story, levels_of, marks_of
from dashboard.app_pages.wording import count_of, day, escaped, family_name, stretch, usd
from dashboard.charts.cost_trend import cost_trend
from dashboard.charts.latency_trend import latency_trend
from dashboard.charts.layout import CONFIG
from dashboard.charts.reliability_trend import reliability_trend
from dashboard.charts.rows import TrendPoint, gaps_of
from dashboard.charts.score_trend import score_trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.models import Model
    from dashboard.charts.rows import Gap

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
SPANS = ("7", "14", "30", "90")
NAMED_DAYS = 5
ROWS_SHOWN = 20
INCLUDED = ("reliability", "percentiles", "baseline")
BASELINES = (
    "The mean of the 7 days before follows the model; the level at launch stays, and changes are told against it."
)
RAW = {"off": "Line alone", "on": "Every hour"}


def show(api: ApiClient) -> None:
    head = page_head("Trends")
    with explained():
        models = {model.target_id: model for model in api.models()}
        if not models:
            st.info("No model is known yet. `./aibaas demo` fills 14 simulated days.")
            return
        suites = [suite.suite for suite in api.methodology().data.suites if suite.is_current]
        model, granularity, days, asked, has_points = _filters(models, api.families(), suites)
        target_id, span = model.target_id, int(days)
        whole = api.whole_history(target_id, granularity=granularity, days=span, include=INCLUDED, **asked)
        history, is_hourly = whole.data, granularity == "hour"
        in_days = api.history(target_id, granularity="day", days=span, **asked) if is_hourly else ()
        in_hours = api.history(target_id, granularity="hour", days=span, **asked) if has_points else ()
        since = _ago(span)
        anomalies = api.anomalies(target_id=target_id, suite=asked["suite"], since=since)
        changes = api.changes(target_id=target_id, since=since)
    share(head, api, f"trend-{target_id}", history, "/v1/models/", "/v1/anomalies", "/v1/changes")
    explain_complaints()
    _say_model(model)
    say_simulated([model.is_simulated])
    points = [trend_point(row) for row in history]
    if not points:
        st.info(f"Nothing was planned for this model in the last {days} days, in suite {asked['suite']}.")
        return
    measured = [point.start for point in points if point.is_measured]
    is_day = granularity != "hour"
    coverage = f"{len(measured):,} of {count_of(len(points), granularity)} measured, suite {asked['suite']}"
    say_freshness(max(measured, default=None), datetime.now(UTC), coverage, is_day=is_day)
    story = Story(anomalies, changes, whole.meta.launch_score_mean, asked["family"])
    beside = [[trend_point(row) for row in rows] for rows in (in_days, in_hours)]
    _draw(points, granularity, model, *beside, story=story)


def _ago(days: int) -> str:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return (now - timedelta(days=days)).isoformat()


def _filters(
    models: dict[str, Model], families: Sequence[str], suites: Sequence[str]
) -> tuple[Model, str, str, dict[str, str], bool]:
    """The model, its steps and span, of which family and suite, and whether single hours are drawn too."""

    def name(target_id: str) -> str:
        model = models[target_id]
        return model.label + " (simulated)" * model.is_simulated + " (not measured now)" * (not model.is_enabled)

    answered_first = sorted(models, key=lambda target_id: models[target_id].last_answered_at is None)
    first, second, third, fourth, fifth = st.columns([6, 4, 3, 4, 6], vertical_alignment="bottom")
    with first:
        target_id = chosen(Filter("model", "Model", answered_first, _most_recent(models), name, is_kept=True))
    with second:
        family = chosen(Filter("family", "Family", ("all", *families), "all", family_name))
    with third:
        suite = chosen(Filter("suite", "Suite", tuple(dict.fromkeys(("canary", *suites))), "canary"))
    with fourth:
        granularity = chosen(Filter("granularity", "One point per", tuple(STEPS), "hour", str.capitalize, "segments"))
    with fifth:
        days = chosen(Filter("days", "Span", SPANS, "14", lambda span: f"{span} days", "segments"))
    points = "off"
    if granularity != "hour":
        points = chosen(Filter("points", "Points", tuple(RAW), "off", RAW.__getitem__, "segments"))
    return models[target_id], granularity, days, {"family": family, "suite": suite}, points == "on"


def _most_recent(models: dict[str, Model]) -> str:
    """Of the models that answered last, the first: one about which there is something to see."""
    never = datetime.min.replace(tzinfo=UTC)
    return max(models, key=lambda target_id: models[target_id].last_answered_at or never)


def _say_model(model: Model) -> None:
    marks = badges(*["simulated"] * model.is_simulated)
    st.html(f'<div class="model-head"><h2>{escape(model.label)}</h2>{marks}<p>{escape(_facts(model))}</p></div>')
    if not model.is_enabled:
        st.warning(f"Not measured now: {escaped(model.disabled_reason or 'no reason was recorded')}.")


def _facts(model: Model) -> str:
    facts = [model.provider, model.model]
    if model.host not in {model.provider, model.model}:
        facts.append(f"on {model.host}")
    if model.reasoning_effort:
        facts.append(f"{model.reasoning_effort} effort")
    if model.is_open_weights:
        facts.append("open weights")
    price_in, price_out = model.input_usd_per_mtok, model.output_usd_per_mtok
    words_in = "input price unknown" if price_in is None else f"{usd(price_in)} in"
    words_out = "output price unknown" if price_out is None else f"{usd(price_out)} out"
    facts.append(f"{words_in}, {words_out} per million tokens")
    return " \u00b7 ".join(facts)


def _draw(
    points: Sequence[TrendPoint],
    granularity: str,
    model: Model,
    days: Sequence[TrendPoint],
    hours: Sequence[TrendPoint],
    *,
    story: Story,
) -> None:
    step = STEPS[granularity]
    is_simulated = model.is_simulated
    who = f"{model.label} (simulated)" if model.is_simulated else model.label
    st.subheader("Score", anchor=False)
    st.plotly_chart(
        score_trend(
            points,
            step,
            days,
            markers=marks_of(story, "quality"),
            levels=levels_of(story, "quality", datetime.now(UTC)),
            launch=story.launch_score_mean,
            hours=hours,
            is_simulated=is_simulated,
        ),
        config=CONFIG,
        key="score-trend",
        alt=f"Score of {who} per {granularity} with its 95% interval; gaps are listed below.",
    )
    if any(point.baseline is not None for point in points):
        st.caption(BASELINES)
    _say_gaps(points, granularity)
    _say_story(story, model)
    st.subheader("Speed", anchor=False)
    st.plotly_chart(
        latency_trend(points, step, marks_of(story, "latency", "ttft"), is_simulated=is_simulated),
        config=CONFIG,
        key="latency-trend",
        alt=f"Median and 95th percentile of latency and of time to the first token of {who} per {granularity}.",
    )
    st.subheader("Cost", anchor=False)
    if any(point.cost_per_answer_usd is not None for point in points):
        st.plotly_chart(
            cost_trend(points, step, marks_of(story, "cost"), is_simulated=is_simulated),
            config=CONFIG,
            key="cost-trend",
            alt=f"What an answer of {who} cost on average, per {granularity}.",
        )
    else:
        st.info("What answers cost is not known: the model has no price, or nothing was answered.")
    st.subheader("Reliability", anchor=False)
    if any(point.error_rate is not None for point in points):
        st.plotly_chart(
            reliability_trend(points, step, marks_of(story, "errors"), is_simulated=is_simulated),
            config=CONFIG,
            key="reliability-trend",
            alt=f"Share of calls of {who} that failed and that were answered at the first try, per {granularity}.",
        )
    else:
        st.info("What calls came to is not known for this choice: it is kept for all families together.")


def _say_story(story: Story, model: Model) -> None:
    """What the marks stand for, for those who cannot point at them."""
    rows = happened(story)
    if not rows:
        return
    changes = count_of(len(story.anomalies), "change of level")
    notes = f"{len(story.changes)} noted around it" if story.changes else "nothing noted around it"
    st.html(story_table(rows[:ROWS_SHOWN]))
    if len(rows) > ROWS_SHOWN:
        st.caption(f"The newest {ROWS_SHOWN} of {len(rows)}.")
    st.html(page_link("degradations", f"{changes}, {notes}", model=model.target_id, direction="any"))


def _say_gaps(points: Sequence[TrendPoint], granularity: str) -> None:
    """What the lines leave out, for those who cannot point at the hatch."""
    gaps: defaultdict[str, list[Gap]] = defaultdict(list)
    for gap in gaps_of(points, STEPS[granularity]):
        gaps[gap.reason].append(gap)
    if gaps:
        st.caption(f"Gaps: {'; '.join(_gap_words(reason, found, granularity) for reason, found in gaps.items())}.")
    partial = [f"{day(point.start)} ({point.coverage})" for point in points if point.coverage and point.is_measured]
    if partial:
        more = len(partial) - NAMED_DAYS
        others = f" and {count_of(more, f'earlier {granularity}')}" if more > 0 else ""
        which = f"{granularity.capitalize()}s measured in part"
        st.caption(f"{which}: {', '.join(partial[-NAMED_DAYS:])}{others}. One point per hour says why.")


def _gap_words(reason: str, gaps: Sequence[Gap], granularity: str) -> str:
    steps = round(sum((gap.end - gap.start for gap in gaps), timedelta()) / STEPS[granularity])
    last = stretch(gaps[-1].start, gaps[-1].end)
    where = last if len(gaps) == 1 else f"in {len(gaps)} stretches, the last {last}"
    return f"{escaped(reason)}, {count_of(steps, granularity)}, {escaped(where)}"
