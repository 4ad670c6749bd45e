"""The role that a provider plays: one prompt in, one measured answer out.

Not here: how a host is spoken to (litellm_client), nor how it fails (failures).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal
    from types import TracebackType

    from orchestration.providers.host_gate import Admission, HostGate
    from orchestration.providers.targets import Host, Target
    from orchestration.records import TokenUsage
    from scenarios.dialogue import Message, Tool, ToolCall


BYTES_PER_TOKEN: Final = 3
"""Of the prompts of 128 scenarios the tersest has 2.9 bytes a token, the median 3.8 (cl100k_base)."""


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """What to ask. `scheduled_for` is aware; `deadline_s` covers every try and every wait between tries.

    `further` are the messages of a dialogue behind the prompt, the answer to the last one is asked for. `admission` is
    the leave of the host's gate for the first request; without it the client waits for one. No further try begins
    later than `tries_within_s` after the first. `sample_index` tells calls of one hour apart that ask the same.
    """

    prompt: str
    max_output_tokens: int
    scheduled_for: datetime
    deadline_s: float = 180.0
    further: tuple[Message, ...] = ()
    tools: tuple[Tool, ...] = ()
    admission: Admission | None = None
    tries_within_s: float = float("inf")
    sample_index: int = 0

    @property
    def most_tokens(self) -> int:
        """What the request may take at most, by estimate: its text, and all the output that it allows."""
        texts = (
            self.prompt,
            *(message.text for message in self.further),
            *(tool.model_dump_json() for tool in self.tools),
        )
        return estimated_tokens(*texts) + self.max_output_tokens


def estimated_tokens(*texts: str) -> int:
    """Tokens of texts without their tokenizer: one for three bytes."""
    return sum(len(text.encode()) for text in texts) // BYTES_PER_TOKEN + 1


@dataclass(frozen=True, slots=True)
class FailedTry:
    """One try that brought no answer: its error code, what the host said, and how long it took."""

    code: str
    detail: str
    latency_ms: float | None


@dataclass(frozen=True, slots=True)
class CallRecord:
    """When a call ran and which of its tries failed; carried by answers and by failures alike.

    `latency_ms` and `time_to_first_token_ms` are those of the last try. `started_at` is the start of the first
    try, `finished_at` the end of the last, in the call's own time (simulated for a simulated past hour).
    """

    started_at: datetime
    finished_at: datetime
    latency_ms: float | None
    time_to_first_token_ms: float | None
    try_count: int
    errors: tuple[FailedTry, ...]
    provider_request_id: str | None


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer and its measurements. `errors` are the failed tries before it, `calls` those of tools that it makes.

    `reported_cost_usd` is what the host says that it charged; None where it does not say.
    """

    text: str
    finish_reason: str | None
    served_model: str | None
    system_fingerprint: str | None
    provider_request_id: str | None
    usage: TokenUsage
    time_to_first_token_ms: float | None
    latency_ms: float
    started_at: datetime
    finished_at: datetime
    try_count: int
    errors: tuple[FailedTry, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    reported_cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model that a host offers. `pricing` is what the host publishes about its price, as it publishes it."""

    model: str
    pricing: object | None = None


class ProviderClient(Protocol):
    """Asks targets. Opened once per event loop: `async with client:`; a closed client can be opened again."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    async def complete(self, target: Target, request: CompletionRequest) -> Completion:
        """Ask `target` once, retrying transient failures until the deadline.

        Raises a `failures.ProviderError` whose `record` says when it ran and what each try met.
        """
        ...

    def gate(self, host: Host) -> HostGate:
        """What is known of a host since the client was opened: when it may be asked, and how often at once."""
        ...

    async def list_models(self, host: Host) -> Sequence[ListedModel]:
        """The models that `host` offers, with their published prices where it publishes them. Raises ProviderError."""
        ...
