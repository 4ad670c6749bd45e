"""How anomalies are said: values in their metric's unit, states, severities and causes.

Not here: where the words are put (anomaly_table, degradations).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.app_pages.wording import METRICS, count_of, moment, percent, seconds, signed, usd, usd_digits

if TYPE_CHECKING:
    from dashboard.api_client.events import Anomaly

STATES = {
    "open": "open",
    "resolved": "over",
    "accepted": "the norm now",
    "retracted": "taken back",
}
DIRECTIONS = {"worse": "Worse", "better": "Better", "any": "Both"}
STATE_MEANINGS = {
    "open": "It lasts",
    "resolved": "The old level is back",
    "accepted": "The new level has lasted for a week",
    "retracted": "Late or regraded hours raise it no more",
}
VERDICTS = {
    "degraded": "confirmed as worse",
    "improved": "confirmed as better",
    "stable": "not confirmed",
    "inconclusive": "not settled",
    "pending": "being asked",
}
VERDICT_MEANINGS = {
    "degraded": "Extra answers to the same questions show it too",
    "improved": "Extra answers to the same questions show it too",
    "stable": "Extra answers to the same questions rule out half of it",
    "inconclusive": "There are too few extra answers, or none",
    "pending": "The same questions are asked again within two hours",
}
SEVERITIES = ("minor", "moderate", "major", "critical")
CAUSES = {
    "harness": "our own harness",
    "suite": "our own suite",
    "price": "a change of price",
    "provider_incident": "an incident at the provider",
    "host": "the host",
    "model": "the served model",
    "unknown": "unknown",
}
KINDS = {
    "error_codes": "Failed calls by reason, in the week before and from then to the alarm",
    "fingerprint": "Fingerprint of the serving system",
    "host": "Host",
    "libraries": "Versions of our libraries",
    "lifecycle": "Lifecycle",
    "limits": "Limits of calls",
    "listing": "Listing of the host",
    "price": "Price",
    "scenario": "Version of a scenario",
    "scorer": "Version of a grader",
    "served_model": "Name of the served model",
    "settings": "Our settings",
    "suite": "Version of the suite",
}


def kind_name(kind: str) -> str:
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def value(metric: str, number: float) -> str:
    """A level in its unit: points, seconds, USD an answer, or the share of failed calls."""
    if metric == "quality":
        return f"{number:.2f}"
    if metric == "errors":
        return percent(number)
    return usd(number, usd_digits([number])) if metric == "cost" else f"{seconds(number)}\u00a0s"


def effect(metric: str, number: float) -> str:
    """A change as the API gives it: a difference for quality and errors, a ratio for all else."""
    if metric == "quality":
        return signed(number)
    if metric == "errors":
        return f"{number * 100:+.1f}".replace("-", "\u2212") + " pp"
    return f"\u00d7{number:.2f}"


def between(anomaly: Anomaly, side: str) -> str:
    """The interval of `before`, `after` or `effect`."""
    say = effect if side == "effect" else value
    low, high = (getattr(anomaly, f"{side}_ci95_{end}") for end in ("lower", "upper"))
    return f"{say(anomaly.metric, low)} to {say(anomaly.metric, high)}"


def sentence(anomaly: Anomaly) -> str:
    went = "rose" if anomaly.direction == "up" else "fell"
    judged = "worse" if anomaly.is_worse else "better"
    before, after = (value(anomaly.metric, number) for number in (anomaly.before_value, anomaly.after_value))
    simulated = " (simulated)" * anomaly.is_simulated
    return (
        f"{anomaly.label}{simulated} got {judged}: {METRICS[anomaly.metric]} {went} from {before} to {after} "
        f"({effect(anomaly.metric, anomaly.effect)}), since {moment(anomaly.onset_hour)}."
    )


def rests_on(anomaly: Anomaly) -> str:
    """On how many extra answers its verdict rests, and what they show."""
    count = anomaly.confirming_answer_count
    low, high = anomaly.confirming_effect_ci95_lower, anomaly.confirming_effect_ci95_upper
    if not count or anomaly.confirming_effect is None or low is None or high is None:
        return "no extra answers yet" if anomaly.verdict == "pending" else "no extra answers were asked or given"
    shown, *ends = (effect(anomaly.metric, number) for number in (anomaly.confirming_effect, low, high))
    return f"{count_of(count, 'extra answer')}: {shown}, {ends[0]} to {ends[1]}"
