"""Grading many responses at once."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestration.records import Response, TokenUsage
from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.scoring.grading import grade_responses
from orchestration.scoring.interface import Grade, GradeKey
from orchestration.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.sandbox.interface import FunctionResult, FunctionRun
    from scenarios.variants import Variant

HOUR = datetime(2026, 11, 23, 5, tzinfo=UTC)
CHECKS = [{"name": "same", "weight": 1, "calls": [{"args": [3], "expected": 3}]}]
FUNCTION = {"kind": "code", "language": "python", "entry": "f"}


def response(answer: str | None, scenario_id: str = "bug-fixing/probe-1", **fields: object) -> Response:
    values: dict[str, object] = {
        "benchmark_hour": HOUR,
        "call_id": uuid.uuid4(),
        "attempt": 1,
        "target_id": "sim-atlas",
        "scenario_id": scenario_id,
        "scenario_version": 1,
        "variant_seed": 0,
        "sample_index": 0,
        "is_simulated": True,
        "scheduled_for": HOUR,
        "started_at": HOUR,
        "finished_at": HOUR + timedelta(seconds=1),
        "status": "failed" if answer is None else "answered",
        "error_code": "timeout" if answer is None else None,
        "error_detail": None,
        "try_count": 1,
        "answer": answer,
        "requested_model": "atlas",
        "served_model": "atlas",
        "system_fingerprint": None,
        "provider_request_id": None,
        "finish_reason": "stop",
        "usage": TokenUsage(),
        "time_to_first_token_ms": None,
        "latency_ms": None,
        "price_id": None,
        "cost_usd": None,
        "prompt_sha256": "",
        "harness_version": "1",
        **fields,
    }
    return Response(**values)  # type: ignore[arg-type]


class RecordingSandbox(NamespaceSandbox):
    """Remembers the code that it ran."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[str] = []

    def call_function(self, run: FunctionRun) -> FunctionResult:
        self.codes.append(run.code)
        return super().call_function(run)


def test_equal_answers_are_graded_once_and_scores_keep_their_order(variant_of: Callable[..., Variant]) -> None:
    variant = variant_of("function", FUNCTION, CHECKS)
    sandbox = RecordingSandbox()
    answers = ["def f(x): return x", None, "def f(x): return 0", "def f(x): return x", "I'm sorry, but I can't."]
    responses = [response(answer) for answer in answers]
    scores = list(grade_responses(responses, lambda *_: variant, sandbox, known={}))
    assert [score.call_id for score in scores] == [item.call_id for item in responses if item.answer is not None]
    assert [score.score for score in scores] == [10.0, 0.0, 10.0, 0.0]
    assert [score.is_refusal for score in scores] == [False, False, False, True]
    assert {(score.scorer, score.scorer_version, score.sandbox_level) for score in scores} == {("function", 5, "A")}
    assert len(sandbox.codes) == 2


def test_an_answer_that_tells_the_canary_string_of_the_published_files_is_known_by_it(
    variant_of: Callable[..., Variant],
) -> None:
    variant = variant_of("function", FUNCTION, CHECKS)
    told = f"# {variant.scenario.canary.upper()}\ndef f(x): return x"
    other = f"# {variant.scenario.canary[:-1]}\ndef f(x): return x"
    assert variant.scenario.canary not in variant.prompt
    scores = grade_responses([response(told), response(other)], lambda *_: variant, NamespaceSandbox(), known={})
    assert [(score.score, score.has_canary) for score in scores] == [(10.0, True), (10.0, False)]


def test_known_grades_are_not_graded_again(variant_of: Callable[..., Variant]) -> None:
    variant = variant_of("function", FUNCTION, CHECKS)
    sandbox = RecordingSandbox()
    known_response = response("def f(x): return 0", finish_reason="length")
    key = GradeKey(known_response.scenario_id, 1, 0, known_response.answer_sha256 or "", "function", 5)
    known = {key: Grade(score=4.5, outcome="wrong")}
    (score,) = grade_responses([known_response], lambda *_: variant, sandbox, known=known, grading_attempt=3)
    assert (score.score, score.is_truncated, score.grading_attempt) == (4.5, True, 3)
    assert sandbox.codes == []


def test_a_scenario_that_is_gone_is_a_null_with_its_reason() -> None:
    def variants(*_: object) -> Variant:
        raise KeyError

    (score,) = grade_responses([response("x")], variants, NamespaceSandbox(), known={})
    assert (score.score, score.reason) == (None, "unknown_scenario")


def test_a_fault_of_the_grader_does_not_stop_the_others(
    variant_of: Callable[..., Variant], caplog: pytest.LogCaptureFixture
) -> None:
    class Faulty(NamespaceSandbox):
        def call_function(self, run: FunctionRun) -> FunctionResult:
            if "bad" in run.code:
                raise ZeroDivisionError
            return super().call_function(run)

    variant = variant_of("function", FUNCTION, CHECKS)
    responses = [response("bad = 1"), response("def f(x): return x")]
    scores = list(grade_responses(responses, lambda *_: variant, Faulty(), known={}))
    assert [(score.score, score.reason) for score in scores] == [(None, "grader_failed"), (10.0, None)]
    assert "grading of an answer to bug-fixing/probe-1 failed" in caplog.text


def test_a_fortnight_of_responses_is_graded_in_seconds(variant_of: Callable[..., Variant]) -> None:
    variant = variant_of("function", FUNCTION, CHECKS)
    answers = [f"def f(x): return x if {number} else 0" for number in range(80)]
    responses = [response(answers[number % 80]) for number in range(24_000)]
    started = time.perf_counter()
    scores = list(grade_responses(responses, lambda *_: variant, NamespaceSandbox(), known={}))
    assert time.perf_counter() - started < 15
    assert len(scores) == 24_000


class WeakSandbox(NamespaceSandbox):
    """One that reaches only level B."""

    @property
    def level(self) -> str:
        return "B"


@pytest.mark.parametrize(
    ("is_core", "allowed", "score"), [(True, "core", 10.0), (False, "core", None), (False, "all", 10.0)]
)
def test_scenarios_of_strangers_need_the_whole_isolation(
    variant_of: Callable[..., Variant],
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_core: bool,
    allowed: str,
    score: float | None,
) -> None:
    monkeypatch.setenv("AIBAAS_SANDBOX_LEVEL_B", allowed)
    settings.cache_clear()
    variant = variant_of("function", FUNCTION, CHECKS)
    if not is_core:
        foreign = replace(variant.scenario, directory=Path("/community/somebody/probe"))
        variant = replace(variant, scenario=foreign)
    (graded,) = grade_responses([response("def f(x): return x")], lambda *_: variant, WeakSandbox(), known={})
    settings.cache_clear()
    assert (graded.score, graded.reason) == (score, None if score else "refused")
