"""Targets that point at a server of a test.

Not here: the server (openai_server).
"""

from __future__ import annotations

from orchestration.providers.target_file import Limits
from orchestration.providers.targets import Host, Target


def scripted_target(
    base_url: str,
    *,
    name: str = "sim-atlas",
    protocol: str = "openai",
    is_simulated: bool = False,
    is_streamed: bool = False,
    host: str = "scripted",
    model: str = "atlas",
    limits: Limits | None = None,
    sampling: dict[str, float] | None = None,
    price_source: str = "none",
    disabled_reason: str | None = None,
) -> Target:
    """An enabled target on the given base URL."""
    where = Host(
        name=host,
        provider="simulator" if is_simulated else "openai-compatible",
        address=host,
        protocol=protocol,  # type: ignore[arg-type]
        base_url=base_url,
        api_key="key",
        is_simulated=is_simulated,
        is_streamed=is_streamed,
        price_source=price_source,
        limits=limits or Limits(max_concurrency=64),
    )
    return Target(
        target_id=name,
        label=name,
        provider=where.provider,
        model=model,
        host=where,
        route=None,
        quantisation=None,
        reasoning_effort=None,
        sampling=sampling or {},
        lifecycle="active",
        successor=None,
        training_cutoff=None,
        is_open_weights=False,
        disabled_reason=disabled_reason,
    )
