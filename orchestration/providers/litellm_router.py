"""Targets in a recommended order as a configuration of litellm's Router and proxy.

Not here: the order itself (stats.recommended_order); litellm is not imported, only its configuration is written.

A family is a model group, a target one of its deployments. `order` makes the Router ask the first one, and the next
one when that fails or is cooling down. Keys, and addresses that come from the environment, are written as references
to the variables that hold them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.providers.protocols import litellm_provider

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestration.providers.target_file import HostEntry
    from orchestration.providers.targets import Target

OPENAI_KEY = "OPENAI_API_KEY"
CALL_TIMEOUT_S = 180
"""Until a call that hangs is given up for the next target; litellm's own limit is 100 minutes."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A target with its entry in the targets file, and what a reader of the configuration may want to know of it."""

    target: Target
    host: HostEntry
    facts: Mapping[str, Any]


def router_config(families: Mapping[str, Sequence[Deployment]]) -> dict[str, Any]:
    """The configuration. `families` holds each family's deployments in their order."""
    return {
        "model_list": [
            _model(family, order, deployment)
            for family, deployments in families.items()
            for order, deployment in enumerate(deployments, start=1)
        ],
        "router_settings": {
            "num_retries": 0,  # a target that fails is not asked again, the next one is
            "max_fallbacks": max(len(deployments) for deployments in families.values()),
            "timeout": CALL_TIMEOUT_S,
        },
    }


def _model(family: str, order: int, deployment: Deployment) -> dict[str, Any]:
    target = deployment.target
    return {
        "model_name": family,
        "litellm_params": {
            "model": f"{_provider(deployment.host)}/{target.model}",
            "api_base": _address(target, deployment.host),
            **({"api_key": _reference(deployment.host.api_key_variable)} if deployment.host.api_key_variable else {}),
            "order": order,
            "drop_params": True,
            **target.sampling,
            **({"reasoning_effort": target.reasoning_effort} if target.reasoning_effort else {}),
            **_route(target),
        },
        "model_info": {"id": f"{family}/{target.target_id}", "aibaas": dict(deployment.facts)},
    }


def _provider(host: HostEntry) -> str:
    """litellm's name of the protocol; where it is told no key it sends OpenAI's to any host of its provider openai."""
    is_foreign = host.protocol == "openai" and host.api_key_variable != OPENAI_KEY
    return "hosted_vllm" if is_foreign else litellm_provider(host.protocol)


def _address(target: Target, host: HostEntry) -> str:
    """As the targets file states it; a reference where the environment does. Else it is the own simulator's."""
    is_referred = host.base_url_variable and target.host.base_url != (host.base_url or "").rstrip("/")
    return _reference(host.base_url_variable) if is_referred or not target.host.base_url else target.host.base_url


def _reference(variable: str | None) -> str:
    return f"os.environ/{variable}"


def _route(target: Target) -> dict[str, Any]:
    pinned = {"order": [target.route], "allow_fallbacks": False}
    return {"extra_body": {"provider": pinned}} if target.route else {}
