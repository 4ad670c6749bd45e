"""An event in words: a title and facts under headings.

Pure. Not here: where to see more (event_links), nor the form in which a channel shows it (channels).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from orchestration.alerting.answer_links import answer_links
from orchestration.alerting.bounds import BEYOND
from orchestration.alerting.event_links import answers_to, links_of
from orchestration.alerting.threads import ENDS, RAISED, REMINDER, SPREAD, WORSE, is_of_incident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from orchestration.alerting.event_links import Link
    from orchestration.storage.alert_rows import AlertEvent

Fact = tuple[str, str]
"""A heading and a sentence."""

_METRICS: Final = {
    "quality": "quality",
    "latency": "latency",
    "ttft": "time to first token",
    "cost": "cost per answer",
    "errors": "share of failed calls",
}
_IS_RATIO: Final = frozenset({"latency", "ttft", "cost"})
_TIMES: Final = "\N{MULTIPLICATION SIGN}"
_VERBS: Final = {-1: "fell", 1: "rose"}
_STATES: Final = {
    "resolved": "is back at its earlier level",
    "accepted": "has a new normal level",
    "retracted": "did not change after all",
}
_STATE_FACTS: Final = {
    "resolved": "Measured hours since {hour} are at the earlier level again.",
    "accepted": "The new level has held for a week and is what is compared with from {hour} on.",
    "retracted": "The hours as they are known now do not show the change: the alarm is withdrawn.",
}
_STATES_OF_SEVERAL: Final = {
    "resolved": "are back at their earlier levels",
    "accepted": "have new normal levels",
    "retracted": "did not change after all",
}
_SUBJECTS: Final = {
    "price_changed": "price changed",
    "price_suspect": "published price looks like a mistake and is not used",
    "price_withdrawn": "price that looked like a mistake is published no more",
    "price_confirmed": "price that looked like a mistake was stated by a person and is used",
    "model_listed": "is listed by its host",
    "model_vanished": "is listed by its host no more",
    "model_deprecated": "is deprecated",
    "served_model_changed": "is answered by another model",
}
_SETTLED: Final = (
    "it is used once the daily look finds it unchanged two days later; a row of price_rows.yaml settles it at once"
)
_CAUSES: Final = {
    "harness": "our own harness: it is not the model's fault",
    "suite": "our own suite: it is not the model's fault",
    "price": "a changed price",
    "provider_incident": "an incident of the provider: several of its models changed together",
    "host": "a change of the host",
    "model": "a change of the model that answers",
    "unknown": "unknown: nothing else that we watch changed then",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where readers find the dashboard and the API, without a slash at the end.

    Links by which alerts are answered are signed with the secret; without it there are none.
    """

    dashboard: str
    api: str
    link_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One event in words."""

    event: AlertEvent
    title: str
    facts: tuple[Fact, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What a subscription gets at once; `message_id` is the same in every attempt. `chart` is a PNG image."""

    message_id: UUID
    title: str
    parts: tuple[Part, ...]
    chart: bytes | None = None


def message_of(message_id: UUID, events: list[AlertEvent], places: Places, chart: bytes | None = None) -> Message:
    parts = tuple(part_of(event, places) for event in events)
    title = parts[0].title if len(parts) == 1 else f"{len(parts)} alerts: {parts[0].title}, …"
    return Message(message_id, title, parts, chart)


def part_of(event: AlertEvent, places: Places) -> Part:
    write = _WRITERS[event.topic]
    title, facts = write(event)
    marked = " ".join((f"{title} [simulated]" if event.is_simulated else title).split())
    links = (*links_of(event, places.dashboard, places.api), *_answers(event, marked, places))
    return Part(event, marked, tuple(facts), links)


# -- anomalies


def _anomaly(event: AlertEvent) -> tuple[str, list[Fact]]:
    if is_of_incident(event):
        return _incident(event)
    content = event.content
    metric, verb = _METRICS[content["metric"]], _VERBS[content["sign"]]
    subject = f"{content['label']}: {metric}"
    titles = {
        RAISED: f"{subject} {verb} {_effect(content)} ({content['severity']})",
        BEYOND: f"{subject} {verb} {_effect(content)} as is known by now ({content['severity']})",
        WORSE: f"{subject} {verb} further than was told: {_effect(content)} ({content['severity']})",
        REMINDER: f"{subject} is still {_effect(content)} ({content['severity']})",
    }
    title = f"{subject} {_STATES[event.kind]}" if event.kind in ENDS else titles[event.kind]
    return title, list(_anomaly_facts(event))


def _anomaly_facts(event: AlertEvent) -> Iterator[Fact]:
    content = event.content
    if event.kind in ENDS:
        hour = content.get(f"{event.kind}_hour")
        yield "Now", _STATE_FACTS[event.kind].format(hour=_moment(hour) if hour else "")
    yield "What", f"{_METRICS[content['metric']]} of {event.target_ids[0]} in suite {content['suite']}"
    yield "How much", f"{_how_much(content)} (95% intervals)"
    if not content["is_final"]:
        yield "Estimate", "provisional: it may still move with the next hours"
    yield (
        "Since",
        (
            f"{_moment(content['onset_hour'])}, at the earliest {_moment(content['onset_earliest_hour'])}, "
            f"at the latest {_moment(content['onset_latest_hour'])}; raised at {_moment(content['raised_hour'])}"
        ),
    )
    yield from _confirmation(content)
    yield "Least change that can be seen", _difference(content["metric"], content["detectable_effect"])
    yield "Cause", _CAUSES[content["cause"]]
    for entry in content["evidence"]:
        yield "Evidence", _evidence(entry)
    for entry in content["responsible_scenarios"]:
        before, after = (_value(content["metric"], entry[side]) for side in ("before", "after"))
        yield "Scenario", f"{entry['scenario_id']}: {before} → {after}, {entry['share']:.0%} of the change"


def _counts(by_reason: dict[str, int]) -> str:
    ordered = sorted(by_reason.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{count} {reason}" for reason, count in ordered) or "none"


def _confirmation(content: dict[str, Any]) -> Iterator[Fact]:
    """What extra answers say; nothing of events that were kept before any were asked."""
    if "verdict" not in content:
        return
    answers = content["confirming_answer_count"]
    if content["verdict"] == "pending":
        yield "Verdict", "none: extra answers were asked and have not come"
        return
    if not answers:
        yield "Verdict", f"{content['verdict']}: no extra answers were asked or given"
        return
    effect = _difference(content["metric"], content["confirming_effect"])
    interval = _interval(content, "confirming_effect", _difference)
    yield "Verdict", f"{content['verdict']}: {answers} extra answers of the hours after show {effect} {interval}"


def _incident(event: AlertEvent) -> tuple[str, list[Fact]]:
    content = event.content
    models, worse = content["models"], "worse" if content["is_worse"] else "better"
    subject, severity = f"{event.provider or 'one provider'}: {len(models)} models", f"({event.severity})"
    labels = ", ".join(dict.fromkeys(change["label"] for change in content["changes"]))
    titles = {
        RAISED: f"{subject} got {worse} together {severity}",
        WORSE: f"{subject} got {worse} together, and further than was told: {labels} {severity}",
        SPREAD: f"{subject} got {worse} together, {labels} too {severity}",
        REMINDER: f"{subject} are still {worse} together {severity}",
    }
    title = f"{subject} {_STATES_OF_SEVERAL[event.kind]}" if event.kind in ENDS else titles[event.kind]
    return title, list(_incident_facts(event))


def _incident_facts(event: AlertEvent) -> Iterator[Fact]:
    content = event.content
    yield "What", f"one incident, told once for all: {', '.join(content['models'])}"
    yield "Since", _moment(content["onset_hour"])
    for cause in dict.fromkeys(change["cause"] for change in content["changes"]):
        yield "Cause", _CAUSES[cause]
    for change in content["changes"]:
        verdict = "".join(f"; {said}" for _, said in _confirmation(change))
        yield change["label"], f"{_METRICS[change['metric']]} {_how_much(change)}, {_how_it_stands(change)}{verdict}"
    evidence = (entry for change in content["changes"] for entry in change["evidence"])
    for told in dict.fromkeys(_evidence(entry) for entry in evidence if entry["cause"] != "provider_incident"):
        yield "Evidence", told


def _how_it_stands(content: dict[str, Any]) -> str:
    return content["severity"] if content["state"] == "open" else f"{content['severity']}, {content['state']}"


def _evidence(entry: dict[str, Any]) -> str:
    if entry["kind"] == "error_codes":
        before, after = (_counts(entry[side]) for side in ("before", "after"))
        return f"failed calls in the week before: {before}; from then to the alarm: {after}"
    return f"{entry['kind']} at {_moment(entry['at'])}: {entry['before']} → {entry['after']}"


def _how_much(content: dict[str, Any]) -> str:
    return (
        f"from {_level(content, 'before')} to {_level(content, 'after')}; "
        f"change {_effect(content)} {_interval(content, 'effect', _difference)}"
    )


def _level(content: dict[str, Any], side: str) -> str:
    return f"{_value(content['metric'], content[f'{side}_value'])} {_interval(content, side, _value)}"


def _interval(content: dict[str, Any], name: str, say: Callable[[str, float], str]) -> str:
    lower, upper = (say(content["metric"], content[f"{name}_ci95_{end}"]) for end in ("lower", "upper"))
    return f"[{lower}, {upper}]"


def _effect(content: dict[str, Any]) -> str:
    return _difference(content["metric"], content["effect"])


def _difference(metric: str, effect: float) -> str:
    if metric in _IS_RATIO:
        return f"{_TIMES}{effect:.2f}"
    return f"{effect:+.1%}" if metric == "errors" else f"{effect:+.2f} points"


def _value(metric: str, value: float) -> str:
    if metric == "quality":
        return f"{value:.2f}"
    if metric == "errors":
        return f"{value:.1%}"
    return f"{value:.6f} USD" if metric == "cost" else f"{value:,.0f} ms"


def _moment(stated: str) -> str:
    return f"{datetime.fromisoformat(stated):%Y-%m-%d %H:%M} UTC"


# -- everything else


def _change(event: AlertEvent) -> tuple[str, list[Fact]]:
    content = event.content
    facts = [("Since", f"{event.occurred_at:%Y-%m-%d %H:%M} UTC")]
    facts += [
        (heading, ", ".join(f"{name} {value}" for name, value in sorted(content[side].items())))
        for heading, side in (("Before", "before"), ("After", "after"))
        if content[side]
    ]
    if event.kind == "price_suspect":
        facts += [("To settle it", _SETTLED)]
    facts += [("Concerns", ", ".join(event.target_ids))] if event.target_ids else []
    return f"{content['subject']} {_SUBJECTS[event.kind]}", facts


def _budget(event: AlertEvent) -> tuple[str, list[Fact]]:
    content = event.content
    whose = event.target_ids[0] if event.target_ids else "all targets"
    budget = f"the budget per {content['grain']} of {whose}"
    spent = f"{content['spent_usd']:.2f} of {content['limit_usd']:.2f} USD since {_moment(content['period_start'])}"
    if not (since := content.get("left_out_at")):
        return f"{content['percent']}% of {budget} is spent", [("Spent", spent)]
    left_out = f"what does not fit is not measured since {_moment(since)}, until the {content['grain']} ends"
    return f"calls are left out: {budget} does not reach for them", [("Spent", spent), ("Left out", left_out)]


def _pipeline(event: AlertEvent) -> tuple[str, list[Fact]]:
    content = event.content
    if event.kind == "run_failed":
        where = content["partition"] or "no hour in particular"
        return f"a run of {content['job']} failed", [("Hours", where), ("Run", content["run_id"])]
    newest = ("Newest measured hour", _moment(content["newest_hour"]))
    title = "hours are not measured" if event.kind == "late" else "hours are measured again"
    return title, [newest]


def _test(_event: AlertEvent) -> tuple[str, list[Fact]]:
    return "AIBaaS reaches you here", [("What", "a test that an operator asked for; nothing has happened")]


_WRITERS: Final[dict[str, Callable[[AlertEvent], tuple[str, list[Fact]]]]] = {
    "anomalies": _anomaly,
    "prices": _change,
    "lifecycle": _change,
    "budget": _budget,
    "pipeline": _pipeline,
    "test": _test,
}


def _answers(event: AlertEvent, title: str, places: Places) -> list[Link]:
    answers = answers_to(event)
    if places.link_secret is None or not answers:
        return []
    return answer_links(places.link_secret, places.api, event.thread_id, title, event.recorded_at, answers)
