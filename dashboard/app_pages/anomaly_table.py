"""Anomalies as tables: all of a choice, and what one of them rests on.

Not here: how values are said (anomaly_words). Everything that comes from outside is escaped.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboard.app_pages.anomaly_words import (
    CAUSES,
    STATE_MEANINGS,
    STATES,
    VERDICT_MEANINGS,
    VERDICTS,
    between,
    effect,
    kind_name,
    rests_on,
    value,
)
from dashboard.app_pages.cells import noted
from dashboard.app_pages.tables import Column, badges, html_table, missing, page_link, trend_link
from dashboard.app_pages.wording import DASH, METRICS, count_of, moment, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboard.api_client.events import Anomaly, CauseEvidence, ResponsibleScenario


def anomaly_table(anomalies: Sequence[Anomaly], address: Mapping[str, str]) -> str:
    """`address` is that of the view: a link to an anomaly's evidence keeps it."""
    columns: tuple[Column[Anomaly], ...] = (
        Column("Model", "Follow it to its trend", _name, is_number=False),
        Column("Change", "What got worse or better, and how much for sure", _change, is_number=False),
        Column("Before", "Level before, with its 95% interval", _level("before")),
        Column("After", "Level after, with its 95% interval", _level("after")),
        Column("Effect", "The change with its 95% interval; of shares in percentage points (pp)", _effect),
        Column("Detectable", "Least effect that one day at the new level would have raised", _detectable),
        Column("Since", "Hour in which it began, and between which it may have", _since, is_number=False),
        Column("State", "What became of it", _state, is_number=False),
        Column("Asked again", "What extra answers to the same questions say", _verdict, is_number=False),
        Column("Likely cause", "What is known to have changed then", _cause, is_number=False),
        Column("Evidence", "What it rests on", lambda each: _evidence(each, address), is_number=False),
    )
    return html_table("Anomalies", columns, anomalies, kind="standings noted")


def responsible_table(anomaly: Anomaly) -> str:
    columns: tuple[Column[ResponsibleScenario], ...] = (
        Column("Scenario", "Follow it to its answers", _scenario, is_number=False),
        Column("Before", "Its mean before", lambda each: _mean(anomaly, each.before)),
        Column("After", "Its mean after", lambda each: _mean(anomaly, each.after)),
        Column("Share", "Of the whole movement", lambda each: DASH if each.share is None else percent(each.share, 0)),
    )
    return html_table("Scenarios that moved most", columns, anomaly.responsible_scenarios, kind="noted")


def evidence_table(evidence: Sequence[CauseEvidence]) -> str:
    columns: tuple[Column[CauseEvidence], ...] = (
        Column("What changed", "Noted within hours of the onset", lambda each: escape(kind_name(each.kind))),
        Column("When", "UTC", lambda each: moment(each.at), is_number=False),
        Column("Before", "As it was noted", lambda each: noted(each.before), is_number=False),
        Column("After", "As it was noted", lambda each: noted(each.after), is_number=False),
        Column("Speaks for", "The cause", lambda each: escape(CAUSES.get(each.cause, each.cause)), is_number=False),
    )
    return html_table("Evidence of the cause", columns, evidence, kind="noted")


def answered(anomaly: Anomaly) -> str:
    """What those who were told of it answered; empty when nobody did."""
    said = (
        (anomaly.acknowledged_count, "acknowledged it"),
        (anomaly.false_alarm_count, "called it a false alarm"),
        (anomaly.note_count, "left a note"),
    )
    return ", ".join(f"{count_of(number, 'reader')} {words}" for number, words in said if number)


def _name(anomaly: Anomaly) -> str:
    link = trend_link(anomaly.label, anomaly.target_id, suite=anomaly.suite)
    return f"{link}{badges(*['simulated'] * anomaly.is_simulated)}<small>{escape(anomaly.provider)}</small>"


def _change(anomaly: Anomaly) -> str:
    mark, kind = ("\u25bc worse", "worse") if anomaly.is_worse else ("\u25b2 better", "better")
    return (
        f'<span class="state {kind}">{mark}: {METRICS[anomaly.metric]}</span>'
        f"{badges(anomaly.severity)}{badges(*['single scenarios'] * anomaly.is_of_single_scenarios)}"
    )


def _level(side: str) -> Callable[[Anomaly], str]:
    def cell(anomaly: Anomaly) -> str:
        level = getattr(anomaly, f"{side}_value")
        return f"<b>{value(anomaly.metric, level)}</b><small>{between(anomaly, side)}</small>"

    return cell


def _effect(anomaly: Anomaly) -> str:
    return f"<b>{effect(anomaly.metric, anomaly.effect)}</b><small>{between(anomaly, 'effect')}</small>"


def _detectable(anomaly: Anomaly) -> str:
    return effect(anomaly.metric, anomaly.detectable_effect).removeprefix("+")


def _since(anomaly: Anomaly) -> str:
    first, last = moment(anomaly.onset_earliest_hour), moment(anomaly.onset_latest_hour)
    span = "" if first == last else f"<small>between {first} and {last}</small>"
    return f"{moment(anomaly.onset_hour)}{span}"


def _state(anomaly: Anomaly) -> str:
    until = anomaly.resolved_hour or anomaly.accepted_hour
    words = f"since {moment(until)}" if until else ("final" if anomaly.is_final else "figures may still change")
    name, meaning = STATES[anomaly.state], STATE_MEANINGS[anomaly.state]
    return f'<span class="state" title="{meaning}">{name}<small>{words}</small></span>'


def _verdict(anomaly: Anomaly) -> str:
    name, meaning = VERDICTS[anomaly.verdict], VERDICT_MEANINGS[anomaly.verdict]
    return f'<span class="state" title="{meaning}">{name}<small>{rests_on(anomaly)}</small></span>'


def _cause(anomaly: Anomaly) -> str:
    if anomaly.cause == "unknown":
        return missing("nothing was noted then")
    return escape(CAUSES[anomaly.cause]) + badges(*["with others"] * (anomaly.incident_id is not None))


def _evidence(anomaly: Anomaly, address: Mapping[str, str]) -> str:
    said = f"<small>{answered(anomaly)}</small>" if answered(anomaly) else ""
    return page_link("degradations", "Open", **{**address, "anomaly": anomaly.anomaly_id}) + said


def _scenario(scenario: ResponsibleScenario) -> str:
    return page_link("scenarios", scenario.scenario_id, scenario=scenario.scenario_id)


def _mean(anomaly: Anomaly, level: float | None) -> str:
    return missing("not asked then") if level is None else value(anomaly.metric, level)
