"""Results about what is asked: scenarios, and how the public variant of one was answered.

Not here: scores over many answers (standings).
"""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - pydantic reads them at run time

from dashboard.api_client.result import Result


class Scenario(Result):
    """A developer's task with an objective grader, in its newest version."""

    scenario_id: str
    scenario_version: int
    family: str
    difficulty: str | None
    language: str | None
    title: str | None
    licence: str | None
    created_on: date | None
    suites: tuple[str, ...]


class ScenarioPage(Result):
    data: tuple[Scenario, ...]
    next_cursor: str | None


class CheckResult(Result):
    """One check of the grader."""

    name: str
    weight: float
    passed: bool
    detail: str | None


class ScenarioEvidence(Result):
    """How one target answered the public variant last; the answer itself is never published."""

    target_id: str
    label: str
    provider: str
    scenario_version: int
    benchmark_hour: datetime
    answered_at: datetime | None
    score: float | None
    score_reason: str | None
    outcome: str
    is_refusal: bool | None
    is_truncated: bool | None
    is_format_ok: bool | None
    scorer: str
    scorer_version: int
    checks: tuple[CheckResult, ...] | None
    sandbox_level: str | None
    wall_ms: float | None
    peak_memory_kb: int | None
    latency_ms: float | None
    time_to_first_token_ms: float | None
    cost_usd: float | None
    input_tokens: int | None
    output_tokens: int | None
    is_simulated: bool


class ScenarioDetail(Scenario):
    """A scenario with the prompt of its public variant, which may be cut, and its evidence."""

    public_prompt: str | None
    public_prompt_length: int | None
    evidence: tuple[ScenarioEvidence, ...]


class ScenarioAnswer(Result):
    data: ScenarioDetail
