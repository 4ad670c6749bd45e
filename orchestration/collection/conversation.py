"""Asks a target for everything that a variant wants to hear: one answer, or a dialogue to its end, as one completion.

Not here: how a dialogue goes on (scenarios.dialogue), nor a single call (providers).
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import reduce
from typing import TYPE_CHECKING

from orchestration.providers.failures import CallTimedOutError
from orchestration.providers.interface import CompletionRequest
from orchestration.records import TokenUsage
from scenarios.dialogue import Exchange, Turn, written

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from orchestration.providers.host_gate import Admission
    from orchestration.providers.interface import Completion, ProviderClient
    from orchestration.providers.targets import Target
    from scenarios.variants import Variant


async def converse(
    client: ProviderClient,
    target: Target,
    variant: Variant,
    *,
    scheduled_for: datetime,
    deadline_s: float,
    admission: Admission | None = None,
    tries_within_s: float = float("inf"),
    sample_index: int = 0,
) -> Completion:
    """The completion of a variant; that of a dialogue holds all turns, with the sums of what they took.

    `deadline_s` covers the whole; a dialogue that has begun may go on, `tries_within_s` is for turns that failed.
    Raises ProviderError as the client does; the turns before it are lost with it.
    """
    request = CompletionRequest(
        variant.prompt,
        variant.scenario.max_output_tokens,
        scheduled_for,
        deadline_s,
        admission=admission,
        tries_within_s=tries_within_s,
        sample_index=sample_index,
    )
    if variant.dialogue is None:
        return await client.complete(target, request)
    exchange = Exchange(variant.prompt, variant.dialogue)
    request = replace(request, tools=variant.dialogue.tools)
    completions: list[Completion] = []
    while not exchange.is_over:
        if completions:
            request = continued(request, exchange, completions[-1], is_simulated=target.is_simulated)
        completion = await client.complete(target, request)
        completions.append(completion)
        exchange.take(Turn(text=completion.text, calls=completion.calls))
    return replace(reduce(joined, completions), text=written(exchange.turns), calls=())


def continued(
    request: CompletionRequest, exchange: Exchange, last: Completion, *, is_simulated: bool
) -> CompletionRequest:
    """The request for the next turn, within what is left of the deadline. A simulated host is asked when it is time."""
    took_s = (last.finished_at - last.started_at).total_seconds()
    left_s = request.deadline_s - took_s
    if left_s <= 0:
        raise CallTimedOutError("the dialogue was not over in time")
    return replace(
        request,
        further=tuple(exchange.messages[1:]),
        deadline_s=left_s,
        admission=None,
        tries_within_s=request.tries_within_s - took_s,
        scheduled_for=last.finished_at if is_simulated else request.scheduled_for,
    )


def joined(first: Completion, second: Completion) -> Completion:
    """Two turns in a row: of the first when it began to answer, of the second how it ended, and the sums."""
    return replace(
        second,
        usage=summed_usage(first.usage, second.usage),
        time_to_first_token_ms=first.time_to_first_token_ms,
        latency_ms=first.latency_ms + second.latency_ms,
        started_at=first.started_at,
        try_count=first.try_count + second.try_count - 1,
        errors=(*first.errors, *second.errors),
        reported_cost_usd=_sum(first.reported_cost_usd, second.reported_cost_usd),
    )


def _sum(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return None if first is None or second is None else first + second


def summed_usage(first: TokenUsage, second: TokenUsage) -> TokenUsage:
    """What one of the two does not say is unknown of the sum."""
    pairs = {field.name: (getattr(first, field.name), getattr(second, field.name)) for field in fields(TokenUsage)}
    return TokenUsage(**{name: None if None in pair else sum(pair) for name, pair in pairs.items()})
