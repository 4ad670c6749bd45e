"""The page of degradations: what got worse or better, since when, on which evidence, and in which families.

Not here: the tables (anomaly_table) and the figures (charts).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.api_client.errors import ApiRefusedError
from dashboard.app_pages.address import Filter, chosen, explain_complaints
from dashboard.app_pages.anomaly_answers import say_answers
from dashboard.app_pages.anomaly_table import anomaly_table, evidence_table, responsible_table
from dashboard.app_pages.anomaly_words import (
    CAUSES,
    DIRECTIONS,
    SEVERITIES,
    STATES,
    VERDICT_MEANINGS,
    VERDICTS,
    effect,
    rests_on,
    sentence,
)
from dashboard.app_pages.notices import NO_NUMBERS, explained, say_none, say_simulated
from dashboard.app_pages.sharing import page_head, share
from dashboard.app_pages.wording import METRICS, count_of, escaped, family_name, moment, signed
from dashboard.charts.change_map import change_map
from dashboard.charts.episode_strip import episode_strip, rows_of
from dashboard.charts.layout import CONFIG
from dashboard.charts.rows import ChangeRow, Episode, FamilyChange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.events import Anomaly
    from dashboard.api_client.standings import LeaderboardEntry

SECTIONS = {"changes": "What changed", "families": "Model by family"}
DAYS = 90
ROWS_DRAWN = 30
READING = (
    "Before and after are levels with their 95% intervals; an effect is what lies between them. What is smaller than "
    "the detectable effect goes unseen on a single day. How often chance alone "
    "raises something is measured, and stands in the documentation's methodology."
)
MAP_READING = (
    "Points of score that a model moved in the last 7 days against the 7 before. A number stands only where the move "
    "is told from chance over all models together; a blank cell is noise, a dash is not known."
)


def show(api: ApiClient) -> None:
    head = page_head("Degradations")
    section = chosen(Filter("section", "Show", tuple(SECTIONS), "changes", SECTIONS.__getitem__, "segments"))
    with explained():
        if section == "families":
            _show_families(api, head)
        else:
            _show_changes(api, head)


def _show_changes(api: ApiClient, head: DeltaGenerator) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    first = now - timedelta(days=DAYS)
    anomalies = api.anomalies(**_filters(api), since=first.isoformat())
    share(head, api, "degradations", anomalies, "/v1/anomalies")
    explain_complaints()
    _choose_one(anomalies)
    _say_one(api)
    if not anomalies:
        say_none(api, f"Nothing of this choice was raised in the last {DAYS} days.")
        return
    say_simulated([anomaly.is_simulated for anomaly in _one_a_target(anomalies)])
    _say_sums(anomalies)
    _draw_strip(anomalies, first, now)
    st.html(anomaly_table(anomalies, _address()))
    st.caption(READING)


def _filters(api: ApiClient) -> dict[str, str | None]:
    labels = {model.target_id: model.label + " (simulated)" * model.is_simulated for model in api.models()}
    wanted = (
        Filter("model", "Model", ("all", *labels), "all", lambda key: labels.get(key, "All models")),
        Filter("metric", "Metric", ("all", *METRICS), "all", lambda key: METRICS.get(key, "all metrics").capitalize()),
        Filter("severity", "Severity", ("all", *SEVERITIES), "all", str.capitalize),
        Filter("cause", "Likely cause", ("all", *CAUSES), "all", lambda key: CAUSES.get(key, "any").capitalize()),
        Filter("verdict", "Asked again", ("all", *VERDICTS), "all", lambda key: VERDICTS.get(key, "any").capitalize()),
        Filter("state", "State", ("all", *STATES), "all", lambda key: STATES.get(key, "any").capitalize()),
        Filter("direction", "Direction", tuple(DIRECTIONS), "worse", DIRECTIONS.__getitem__, "segments"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        values = {filter_.name: chosen(filter_) for filter_ in wanted}
    asked: dict[str, str | None] = {name: None if value == "all" else value for name, value in values.items()}
    return {"target_id": asked.pop("model"), **asked}


def _address() -> Mapping[str, str]:
    return {name: value for name, value in st.query_params.items() if name != "anomaly"}


def _one_a_target(anomalies: Sequence[Anomaly]) -> list[Anomaly]:
    return list({anomaly.target_id: anomaly for anomaly in anomalies}.values())


def _say_sums(anomalies: Sequence[Anomaly]) -> None:
    opened = sum(anomaly.state == "open" for anomaly in anomalies)
    models = len(_one_a_target(anomalies))
    st.caption(
        f"{count_of(len(anomalies), 'change')} of {count_of(models, 'model')} in the last {DAYS} days, {opened} open"
        f"; readers {_record(anomalies)}"
    )


def _record(anomalies: Sequence[Anomaly]) -> str:
    """The published record of what readers answered."""
    acknowledged = sum(anomaly.acknowledged_count > 0 for anomaly in anomalies)
    false_alarms = sum(anomaly.false_alarm_count > 0 for anomaly in anomalies)
    return f"acknowledged {acknowledged} and called {false_alarms} a false alarm"


def _draw_strip(anomalies: Sequence[Anomaly], first: datetime, now: datetime) -> None:
    episodes = [_episode(anomaly, first, now) for anomaly in anomalies]
    names = rows_of(episodes)
    drawn = [episode for episode in episodes if (episode.label, episode.measure) in names[:ROWS_DRAWN]]
    st.plotly_chart(
        episode_strip(drawn, first, now),
        config=CONFIG,
        key="episode-strip",
        alt=f"{count_of(len(drawn), 'change')} over {DAYS} days, from begin to end; the table below has each.",
    )
    if len(names) > ROWS_DRAWN:
        st.caption(f"Drawn: {ROWS_DRAWN} of {count_of(len(names), 'row')}; the table has every change.")


def _episode(anomaly: Anomaly, first: datetime, now: datetime) -> Episode:
    end = anomaly.resolved_hour or anomaly.accepted_hour
    return Episode(
        label=anomaly.label,
        measure=METRICS[anomaly.metric] + ", simulated" * anomaly.is_simulated,
        start=max(anomaly.onset_hour, first),
        end=max(end or (now if anomaly.state == "open" else anomaly.raised_hour), anomaly.onset_hour),
        is_worse=anomaly.is_worse,
        is_open=anomaly.state == "open",
        words=f"{METRICS[anomaly.metric]} {effect(anomaly.metric, anomaly.effect)}, {anomaly.severity}, "
        f"{STATES[anomaly.state]}",
    )


def _choose_one(anomalies: Sequence[Anomaly]) -> None:
    names = {anomaly.anomaly_id: _name(anomaly) for anomaly in anomalies}
    asked = st.query_params.get("anomaly", "")
    options = tuple(dict.fromkeys(("", *names, asked)))
    if len(options) > 1:
        other = {asked: "the one that the address names", "": "none"}
        chosen(Filter("anomaly", "Show evidence of", options, "", lambda key: names.get(key) or other[key]))


def _name(anomaly: Anomaly) -> str:
    simulated = " (simulated)" * anomaly.is_simulated
    change = f"{METRICS[anomaly.metric]} {effect(anomaly.metric, anomaly.effect)}"
    return f"{anomaly.label}{simulated}: {change}, since {moment(anomaly.onset_hour)}"


def _say_one(api: ApiClient) -> None:
    """The anomaly that the address names, with what it rests on."""
    anomaly_id = st.query_params.get("anomaly")
    if not anomaly_id:
        return
    try:
        anomaly = api.anomaly(anomaly_id)
    except ApiRefusedError as refused:
        st.warning(f"The address asks for an anomaly that can't be shown. {escaped(str(refused))}")
        return
    with st.container(border=True, key="evidence"):
        st.html(f'<p class="verdict">{escape(sentence(anomaly))}</p>')
        st.caption(_how_known(anomaly))
        st.markdown(f"**Asked again: {VERDICTS[anomaly.verdict]}**")
        st.caption(f"{VERDICT_MEANINGS[anomaly.verdict]}; {rests_on(anomaly)}.")
        if anomaly.responsible_scenarios:
            st.markdown("**Scenarios that moved most**")
            st.html(responsible_table(anomaly))
        st.markdown(f"**Likely cause: {CAUSES[anomaly.cause]}**")
        if anomaly.evidence:
            st.html(evidence_table(anomaly.evidence))
        else:
            st.caption("No change of model, host, price, settings or suite was noted near its begin.")
        say_answers(api, anomaly)
        st.button("Close the evidence", on_click=lambda: st.query_params.pop("anomaly", None))


def _how_known(anomaly: Anomaly) -> str:
    only = "; only the scenarios below changed" if anomaly.is_of_single_scenarios else ""
    final = "its figures are final" if anomaly.is_final else "its figures may change for a day"
    return escaped(
        f"Suite {anomaly.suite}, {anomaly.severity}, {STATES[anomaly.state]}; raised at {moment(anomaly.raised_hour)}, "
        f"{final}; a day would have raised {effect(anomaly.metric, anomaly.detectable_effect)} or more{only}."
    )


def _show_families(api: ApiClient, head: DeltaGenerator) -> None:
    first_suite = api.first_suite()
    suites = tuple(dict.fromkeys((first_suite, *(suite.suite for suite in api.methodology().data.suites))))
    suite = chosen(Filter("suite", "Suite", suites, first_suite, kind="segments"))
    families = ["all", *sorted({scenario.family for scenario in api.scenarios(suite=suite)})]
    by_family = {family: api.leaderboard(family=family, suite=suite, window="7d") for family in families}
    entries = [entry for found in by_family.values() for entry in found]
    share(head, api, "degradations-by-family", entries, "/v1/leaderboard")
    explain_complaints()
    if not entries:
        say_none(api, NO_NUMBERS)
        return
    say_simulated([entry.is_simulated for entry in {entry.target_id: entry for entry in entries}.values()])
    rows = _change_rows(by_family)
    told = sum(change.is_told for row in rows for change in row.changes)
    st.caption(f"{count_of(told, 'move')} told from chance, of {count_of(len(rows), 'model')}")
    st.plotly_chart(
        change_map(rows[:ROWS_DRAWN], [family_name(family) for family in families]),
        config=CONFIG,
        key="change-map",
        alt=f"Moves of {count_of(len(rows), 'model')} by family; {told} told from chance.",
    )
    if len(rows) > ROWS_DRAWN:
        st.caption(f"Drawn: {ROWS_DRAWN} of {count_of(len(rows), 'model')}, those that moved most first.")
    st.caption(MAP_READING)


def _change_rows(by_family: Mapping[str, Sequence[LeaderboardEntry]]) -> list[ChangeRow]:
    """A row a model; those with the largest told move first."""
    found = {family: {entry.target_id: entry for entry in entries} for family, entries in by_family.items()}
    targets = {entry.target_id: entry for entries in by_family.values() for entry in entries}
    rows = [
        ChangeRow(
            entry.label,
            entry.is_simulated,
            tuple(_family_change(family, found[family].get(target_id)) for family in by_family),
        )
        for target_id, entry in targets.items()
    ]
    return sorted(rows, key=_largest, reverse=True)


def _largest(row: ChangeRow) -> float:
    return max((abs(change.value or 0) for change in row.changes if change.is_told), default=0)


def _family_change(family: str, entry: LeaderboardEntry | None) -> FamilyChange:
    name = family_name(family)
    if entry is None or entry.score_change_7d is None:
        return FamilyChange(None, is_told=False, words=f"{name}: not known, too few answers in one of the two weeks")
    low, high = entry.score_change_7d_ci95_lower, entry.score_change_7d_ci95_upper
    interval = "" if low is None or high is None else f" [{signed(low)}, {signed(high)}]"
    is_told = bool(entry.is_score_change_7d_significant)
    chance = "" if is_told else ", not told from chance"
    return FamilyChange(entry.score_change_7d, is_told, f"{name}: {signed(entry.score_change_7d)}{interval}{chance}")
