"""Faults on demand: what a test or an operator can make the server do wrong.

Not here: faults that happen by themselves (profiles).
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

from orchestration.simulator.exchange import Failure
from orchestration.simulator.wire import BadRequestError

if TYPE_CHECKING:
    from orchestration.simulator.exchange import Answer

Fault = Literal[
    "401",
    "404",
    "429",
    "429-no-retry-after",
    "429-skewed-date",
    "500",
    "503",
    "504",
    "529",
    "hang",
    "malformed-json",
    "cut-stream",
    "wrong-usage",
    "other-model",
    "clock-skew",
]

CLOCK_SKEW_S = 7200
"""How far a skewed clock is ahead."""

RATE_LIMITED = Failure(429, "requests", "rate_limit_exceeded", "Rate limit reached: too many requests.", 2, 0.0, 80.0)

FAILURES: dict[str, Failure] = {
    "401": Failure(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided.", latency_ms=40.0),
    "404": Failure(404, "invalid_request_error", "model_not_found", "The model does not exist.", latency_ms=40.0),
    "429": RATE_LIMITED,
    "429-no-retry-after": replace(RATE_LIMITED, retry_after_s=None),
    "429-skewed-date": replace(RATE_LIMITED, clock_skew_s=CLOCK_SKEW_S),
    "500": Failure(
        500, "server_error", None, "The server had an error while processing your request.", latency_ms=900.0
    ),
    "503": Failure(503, "server_error", "unavailable", "The model is unavailable at the moment.", latency_ms=45.0),
    "504": Failure(504, "timeout_error", None, "The model did not answer in time.", latency_ms=10_000.0),
    "529": Failure(529, "overloaded_error", None, "The model is overloaded: try again later.", latency_ms=120.0),
}


def fault_named(name: str) -> Fault:
    """Raises BadRequestError listing the faults."""
    for fault in get_args(Fault):
        if fault == name:
            return fault  # type: ignore[no-any-return]
    raise BadRequestError(f"Unknown fault {name!r}: there are {', '.join(get_args(Fault))}.")


def served_by_another(answer: Answer) -> Answer:
    return replace(answer, served_model=f"{answer.served_model}-mini")


class ArmedFaults:
    """Faults that wait for the next calls of a model, first armed, first met."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def arm(self, model: str, fault: Fault, count: int) -> None:
        self._waiting[model].extend([fault] * count)

    def take(self, model: str) -> Fault | None:
        waiting = self._waiting.get(model)
        return waiting.popleft() if waiting else None

    def clear(self) -> None:
        self._waiting.clear()

    def listed(self) -> dict[str, list[Fault]]:
        return {model: list(waiting) for model, waiting in self._waiting.items() if waiting}
