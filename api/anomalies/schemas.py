"""The shape of anomalies.

Not here: where their numbers come from (queries.py).
"""

from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.anomalies.queries import LISTED_ANOMALIES
from api.envelope import SPAN_EXAMPLE, Meta, SpanMeta
from api.ordering import SORT, OrderedQuery, SortableBy
from api.parameters import ProviderFilter, Simulated, Since, SuiteFilter, TargetFilter, Until

Metric = Literal["quality", "latency", "ttft", "cost", "errors"]
State = Literal["open", "resolved", "accepted", "retracted"]
Severity = Literal["minor", "moderate", "major", "critical"]
Cause = Literal["harness", "suite", "price", "provider_incident", "host", "model", "unknown"]
Verdict = Literal["pending", "degraded", "improved", "stable", "inconclusive"]

META_EXAMPLE: dict[str, Any] = {"as_of": "2026-11-23T21:04:12Z", "simulated": True}
EXAMPLE: dict[str, Any] = {
    "anomaly_id": "0d6c0c5e-9f0a-5d9c-8b5c-2f6f2f9a7b11",
    "revision": 3,
    "target_id": "sim-atlas",
    "label": "Atlas",
    "provider": "simulator",
    "suite": "canary",
    "suite_version": 1,
    "metric": "quality",
    "direction": "down",
    "is_worse": True,
    "state": "open",
    "severity": "major",
    "is_final": True,
    "raised_hour": "2026-11-22T09:00:00Z",
    "onset_hour": "2026-11-22T02:00:00Z",
    "onset_earliest_hour": "2026-11-22T01:00:00Z",
    "onset_latest_hour": "2026-11-22T04:00:00Z",
    "resolved_hour": None,
    "accepted_hour": None,
    "before_value": 8.41,
    "before_ci95_lower": 8.33,
    "before_ci95_upper": 8.49,
    "after_value": 7.22,
    "after_ci95_lower": 6.98,
    "after_ci95_upper": 7.46,
    "before_answer_count": 2590,
    "after_answer_count": 372,
    "effect": -1.19,
    "effect_ci95_lower": -1.44,
    "effect_ci95_upper": -0.94,
    "detectable_effect": 0.31,
    "is_of_single_scenarios": False,
    "responsible_scenarios": [
        {"scenario_id": "sql/monthly-net-revenue", "before": 9.4, "after": 5.1, "share": 0.36},
    ],
    "cause": "model",
    "evidence": [
        {
            "cause": "model",
            "kind": "served_model",
            "at": "2026-11-22T02:00:00Z",
            "before": "atlas-2026-09",
            "after": "atlas-2026-11",
        }
    ],
    "incident_id": None,
    "verdict": "degraded",
    "confirming_answer_count": 48,
    "confirming_effect": -1.22,
    "confirming_effect_ci95_lower": -1.61,
    "confirming_effect_ci95_upper": -0.83,
    "is_simulated": True,
    "computed_at": "2026-11-23T09:04:40Z",
    "acknowledged_count": 1,
    "false_alarm_count": 0,
    "note_count": 0,
}


class AnomaliesQuery(OrderedQuery):
    """Filters and order of the list of anomalies."""

    target_id: TargetFilter = None
    provider: ProviderFilter = None
    suite: SuiteFilter = None
    metric: Annotated[Metric | None, Field(description="Only of this measure; `ttft` is time to the first token.")] = (
        None
    )
    state: Annotated[State | None, Field(description="Only in this state.")] = None
    severity: Annotated[Severity | None, Field(description="Only of this severity.")] = None
    cause: Annotated[Cause | None, Field(description="Only with this cause.")] = None
    verdict: Annotated[Verdict | None, Field(description="Only of which extra answers say this.")] = None
    direction: Annotated[
        Literal["worse", "better", "any"],
        Field(description="Only to the user's harm, only to the user's good, or any."),
    ] = "any"
    incident_id: Annotated[
        UUID | None, Field(description="Only of one incident: changes of a provider's models that began together.")
    ] = None
    since: Since = None
    until: Until = None
    simulated: Simulated = "any"
    sort: Annotated[str, SortableBy(LISTED_ANOMALIES), Field(description=SORT)] = "-raised_hour"


class ResponsibleScenario(BaseModel):
    """A scenario that moved with the change."""

    scenario_id: str
    before: float | None = Field(description="Its level before, in the metric's unit.")
    after: float | None
    share: float | None = Field(description="Its part of the whole movement.")


class Evidence(BaseModel):
    """Something that was otherwise in the hours in which the change may have begun."""

    cause: str = Field(description="What it speaks for.")
    kind: str = Field(description="What was otherwise, such as `served_model`, `price` or `host`.")
    at: AwareDatetime
    before: Any = Field(description="What held before; null is nothing.")
    after: Any


class Anomaly(BaseModel):
    """One change, as its newest revision has it. Values are points, milliseconds, USD an answer or a share of calls."""

    ALWAYS: ClassVar = (
        "anomaly_id",
        "target_id",
        "suite",
        "suite_version",
        "metric",
        "before_answer_count",
        "after_answer_count",
        "is_simulated",
    )

    anomaly_id: UUID
    revision: int = Field(description="Number of its newest revision from 1.")
    target_id: str
    label: str
    provider: str
    suite: str
    suite_version: int | None = Field(
        description="Version of the suite in the hour in which it was raised; null where an older detector did not say."
    )
    metric: Metric
    direction: Literal["up", "down"]
    is_worse: bool = Field(description="Whether it is to the user's harm: less quality, more of all else.")
    state: State = Field(
        description="`open`; `resolved`: the old level is back; `accepted`: the new level is the norm after a week; "
        "`retracted`: late or rescored hours raise it no more."
    )
    severity: Severity = Field(description="By the bound of the effect's interval nearer to none.")
    is_final: bool = Field(description="Whether onset, effect and severity are final: 24 hours after the alarm.")
    raised_hour: AwareDatetime
    onset_hour: AwareDatetime
    onset_earliest_hour: AwareDatetime
    onset_latest_hour: AwareDatetime
    resolved_hour: AwareDatetime | None
    accepted_hour: AwareDatetime | None
    before_value: float
    before_ci95_lower: float
    before_ci95_upper: float
    after_value: float
    after_ci95_lower: float
    after_ci95_upper: float
    before_answer_count: int | None = Field(
        description="Answers (of errors: calls) that the level before rests on; null if an older detector did not say."
    )
    after_answer_count: int | None = Field(description="Those that the level after rests on.")
    effect: float = Field(description="After minus before for quality and errors; after over before for the others.")
    effect_ci95_lower: float
    effect_ci95_upper: float
    detectable_effect: float = Field(description="Least effect, in the same form, that a day would have raised.")
    is_of_single_scenarios: bool = Field(
        description="Whether only the named scenarios changed; before and after are then their levels."
    )
    responsible_scenarios: list[ResponsibleScenario] = Field(description="At most three that moved most.")
    cause: Cause = Field(description="`harness` and `suite` are ours.")
    evidence: list[Evidence]
    incident_id: UUID | None = Field(description="Shared by changes that began together; null for one alone.")
    verdict: Verdict = Field(
        description="What extra answers to the same questions, asked because of it, say: `degraded`, `improved`, "
        "`stable` (they rule out half of the change), `inconclusive` (they are too few, or none), or `pending` while "
        "they are asked."
    )
    confirming_answer_count: int = Field(description="Extra answers that the verdict rests on.")
    confirming_effect: float | None = Field(
        description="The change that they show, in the form of `effect`; null without any."
    )
    confirming_effect_ci95_lower: float | None
    confirming_effect_ci95_upper: float | None
    is_simulated: bool
    computed_at: AwareDatetime
    acknowledged_count: int
    false_alarm_count: int
    note_count: int


class AnomalyList(BaseModel):
    """Anomalies, raised last first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"meta": META_EXAMPLE | SPAN_EXAMPLE, "data": [EXAMPLE], "next_cursor": None}]}
    )

    meta: SpanMeta
    data: list[Anomaly]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")


class AnomalyAnswer(BaseModel):
    """One anomaly."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"meta": META_EXAMPLE, "data": EXAMPLE}]})

    meta: Meta
    data: Anomaly
