"""Turns the outcome of a call into its row.

Not here: making the call (collect).
"""

from __future__ import annotations

import hashlib
import platform
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from orchestration.pricing.cost import cost_of
from orchestration.providers.failures import OutOfBudgetError
from orchestration.providers.host_gate import never_asked
from orchestration.records import Response, TokenUsage

if TYPE_CHECKING:
    from orchestration.providers.failures import ProviderError
    from orchestration.providers.interface import Completion, FailedTry
    from orchestration.providers.targets import Target
    from orchestration.records import PlannedCall, PriceRow

FIRST_ATTEMPT = 1


def answered_response(
    call: PlannedCall, target: Target, prompt: str, completion: Completion, price: PriceRow | None
) -> Response:
    """The row of an answer. `error_detail` tells of the tries that failed before it."""
    return Response(
        benchmark_hour=call.benchmark_hour,
        call_id=call.call_id,
        attempt=FIRST_ATTEMPT,
        target_id=call.target_id,
        scenario_id=call.scenario_id,
        scenario_version=call.scenario_version,
        variant_seed=call.variant_seed,
        sample_index=call.sample_index,
        is_simulated=call.is_simulated,
        scheduled_for=call.benchmark_hour,
        started_at=completion.started_at,
        finished_at=completion.finished_at,
        status="answered",
        error_code=None,
        error_detail=_told(completion.errors),
        try_count=completion.try_count,
        answer=completion.text,
        requested_model=target.model,
        served_model=completion.served_model,
        system_fingerprint=completion.system_fingerprint,
        provider_request_id=completion.provider_request_id,
        finish_reason=completion.finish_reason,
        usage=completion.usage,
        time_to_first_token_ms=completion.time_to_first_token_ms,
        latency_ms=completion.latency_ms,
        price_id=price.price_id if price else None,
        cost_usd=cost_of(completion.usage, price),
        prompt_sha256=_sha256(prompt),
        harness_version=harness_version(),
        reported_cost_usd=completion.reported_cost_usd,
    )


def failed_response(call: PlannedCall, target: Target, prompt: str, error: ProviderError) -> Response:
    """The row of a call that brought no answer: a reason, never a score. What it cost is unknown.

    A call that was refused before any request has no tries and no latency.
    """
    now = datetime.now(UTC)
    record = error.record
    return Response(
        benchmark_hour=call.benchmark_hour,
        call_id=call.call_id,
        attempt=FIRST_ATTEMPT,
        target_id=call.target_id,
        scenario_id=call.scenario_id,
        scenario_version=call.scenario_version,
        variant_seed=call.variant_seed,
        sample_index=call.sample_index,
        is_simulated=call.is_simulated,
        scheduled_for=call.benchmark_hour,
        started_at=record.started_at if record else now,
        finished_at=record.finished_at if record else now,
        status="failed",
        error_code=error.code,
        error_detail=(_told(record.errors) if record else None) or error.detail,
        try_count=record.try_count if record else 1,
        answer=None,
        requested_model=target.model,
        served_model=None,
        system_fingerprint=None,
        provider_request_id=record.provider_request_id if record else None,
        finish_reason=None,
        usage=TokenUsage(),
        time_to_first_token_ms=None,
        latency_ms=record.latency_ms if record else None,
        price_id=None,
        cost_usd=None,
        prompt_sha256=_sha256(prompt),
        harness_version=harness_version(),
    )


def left_out_response(call: PlannedCall, target: Target, prompt: str, reason: str) -> Response:
    """The row of a call that a budget leaves out: nothing was sent, nothing is owed."""
    error = never_asked(OutOfBudgetError(reason))
    return replace(failed_response(call, target, prompt, error), status="budget")


@lru_cache(maxsize=1)
def harness_version() -> str:
    """What asked: this program, the library whose dialects it spoke, the one that sent and timed it, and Python."""
    libraries = " ".join(f"{name}/{_version(name)}" for name in ("aibaas", "litellm", "aiohttp"))
    return f"{libraries} python/{platform.python_version()}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


@lru_cache(maxsize=4096)
def _sha256(prompt: str) -> str:
    return hashlib.sha256(prompt.encode()).hexdigest()


def _told(errors: tuple[FailedTry, ...]) -> str | None:
    return "; ".join(f"try {n}: {error.code}: {error.detail}" for n, error in enumerate(errors, 1)) or None
