"""What passes between the wire and the models behind it: a call in, an answer or a failure out.

Not here: how either is written in JSON (wire), nor how it is decided (simulated_models, recorded_models).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from orchestration.simulator.conditions import DatedPrice
    from scenarios.dialogue import ToolCall


@dataclass(frozen=True, slots=True)
class Call:
    """One request, checked. `texts` are the messages' texts, oldest first; `sample` tells repeated calls apart.

    `turn` is the number of answers among the messages: that many turns of a dialogue have been taken.
    """

    model: str
    texts: tuple[str, ...]
    max_tokens: int | None
    is_streamed: bool
    includes_usage: bool
    sample: int
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """The time of a call. A past one is answered at once, with its times stated instead of waited for."""

    at: datetime
    is_past: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """`output_tokens` includes `reasoning_tokens`; `first_token_ms` and `latency_ms` count from the call's start."""

    identity: str
    text: str
    finish_reason: str
    input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    served_model: str
    fingerprint: str
    started_after_s: float
    first_token_ms: float
    latency_ms: float
    calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer with an error status. `retry_after_s` None leaves the header out.

    A host whose clock is off by `clock_skew_s` states it as a date, by that clock.
    """

    status: int
    kind: str
    code: str | None
    message: str
    retry_after_s: int | None = None
    started_after_s: float = 0.0
    latency_ms: float = 0.0
    clock_skew_s: int | None = None


@dataclass(frozen=True, slots=True)
class ListedModel:
    name: str
    created: datetime
    prices: Sequence[DatedPrice]


class ModelHost(Protocol):
    """The models that a server offers."""

    def models(self) -> Sequence[ListedModel]: ...

    def reply(self, call: Call, moment: Moment) -> Answer | Failure:
        """What the model says to a call; a Failure with status 404 when there is no such model."""
        ...


def unknown_model(name: str) -> Failure:
    message = f"The model `{name}` does not exist or you do not have access to it."
    return Failure(404, "invalid_request_error", "model_not_found", message)
