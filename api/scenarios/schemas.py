"""The shape of scenarios and of the evidence of their public variants.

Not here: where it comes from (queries.py).
"""

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import Meta
from api.ordering import SORT, OrderedQuery, SortableBy
from api.parameters import NAME_PATTERN, SuiteFilter, TargetFilter
from api.scenarios.queries import LISTED_SCENARIOS

META_EXAMPLE: dict[str, Any] = {"as_of": "2026-11-23T21:04:12Z", "simulated": None}
EXAMPLE: dict[str, Any] = {
    "scenario_id": "sql/monthly-net-revenue",
    "scenario_version": 1,
    "family": "sql",
    "difficulty": "medium",
    "language": "sql",
    "title": "Net revenue by month",
    "licence": "Apache-2.0",
    "created_on": "2026-11-03",
    "suites": ["canary", "core", "full"],
}
PROMPT_EXAMPLE: dict[str, Any] = {
    "public_prompt": "Write one SELECT statement for SQLite that returns the net revenue of every month.",
    "public_prompt_length": 82,
}
EVIDENCE_EXAMPLE: dict[str, Any] = {
    "target_id": "sim-atlas",
    "label": "Atlas",
    "provider": "simulator",
    "scenario_version": 1,
    "benchmark_hour": "2026-11-23T20:00:00Z",
    "answered_at": "2026-11-23T20:01:44Z",
    "score": 7.5,
    "score_reason": None,
    "outcome": "wrong",
    "is_refusal": False,
    "is_truncated": False,
    "is_format_ok": True,
    "scorer": "sql",
    "scorer_version": 2,
    "checks": [
        {"name": "months in order", "weight": 1.0, "passed": True, "detail": None},
        {"name": "refunds are taken off", "weight": 3.0, "passed": False, "detail": "another result"},
    ],
    "sandbox_level": "namespaces",
    "wall_ms": 84.2,
    "peak_memory_kb": 41200,
    "latency_ms": 1840.5,
    "time_to_first_token_ms": 412.0,
    "cost_usd": 0.001834,
    "input_tokens": 434,
    "output_tokens": 237,
    "is_simulated": True,
}


class ScenariosQuery(OrderedQuery):
    """Filters and order of the list of scenarios."""

    family: Annotated[str | None, Field(pattern=NAME_PATTERN, description="Only of this family.")] = None
    difficulty: Annotated[
        str | None, Field(pattern=NAME_PATTERN, description="Only of this difficulty: `easy`, `medium` or `hard`.")
    ] = None
    language: Annotated[
        str | None, Field(pattern=NAME_PATTERN, description="Only those to be answered in this language.")
    ] = None
    suite: SuiteFilter = None
    sort: Annotated[str, SortableBy(LISTED_SCENARIOS), Field(description=SORT)] = "scenario_id"


class ScenarioQuery(BaseModel):
    """What may be asked of one scenario."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    target_id: TargetFilter = None


class Scenario(BaseModel):
    """A task, in its newest version."""

    ALWAYS: ClassVar = ("scenario_id", "scenario_version")

    scenario_id: str
    scenario_version: int
    family: str
    difficulty: str | None
    language: str | None = Field(description="Language of the answer.")
    title: str | None
    licence: str | None
    created_on: date | None
    suites: list[str] = Field(description="The suites that ask it now, in their newest versions.")


class CheckResult(BaseModel):
    """One independent check of an answer."""

    name: str
    weight: float = Field(description="The score is ten times the passed weights over all.")
    passed: bool
    detail: str | None = Field(description="What explains a failure, without expected values.")


class GradedAnswer(BaseModel):
    """How a model's newest answer to the public variant was graded. Answers to fresh variants are not told."""

    target_id: str
    label: str
    provider: str
    scenario_version: int
    benchmark_hour: AwareDatetime
    answered_at: AwareDatetime | None
    score: float | None = Field(description="0 to 10; null when it could not be graded. One answer: no interval.")
    score_reason: str | None
    outcome: str = Field(
        description="`ok` when every check passed, `wrong`, or the sandbox's word for what ended the first that failed."
    )
    is_refusal: bool | None
    is_truncated: bool | None
    is_format_ok: bool | None
    scorer: str
    scorer_version: int
    checks: list[CheckResult] | None = Field(description="In order; null where they are no longer kept.")
    sandbox_level: str | None = Field(description="How strongly the run was isolated.")
    wall_ms: float | None
    peak_memory_kb: int | None
    latency_ms: float | None
    time_to_first_token_ms: float | None
    cost_usd: float | None
    input_tokens: int | None
    output_tokens: int | None
    is_simulated: bool


class ScenarioDetail(Scenario):
    """A task with what its public variant asks, and what the last seven days say of it."""

    public_prompt: str | None = Field(
        description="The prompt of the public variant, its first 20,000 characters; null before it was recorded. "
        "It is plain text, whatever it looks like."
    )
    public_prompt_length: int | None = Field(description="Characters of the whole prompt.")
    evidence: list[GradedAnswer] = Field(description="One answer a model, best score first.")


class ScenarioList(BaseModel):
    """Scenarios, by id unless sorted otherwise."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"meta": META_EXAMPLE, "data": [EXAMPLE], "next_cursor": None}]}
    )

    meta: Meta
    data: list[Scenario]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")


class ScenarioAnswer(BaseModel):
    """One scenario."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "meta": {**META_EXAMPLE, "simulated": True},
                    "data": {**EXAMPLE, **PROMPT_EXAMPLE, "evidence": [EVIDENCE_EXAMPLE]},
                }
            ]
        }
    )

    meta: Meta
    data: ScenarioDetail
