"""A recommendation as a configuration of litellm's proxy, which fails over in the recommended order.

Not here: the order, nor keys; those are references to environment variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.api_client.models import Model
    from dashboard.api_client.standings import RecommendationMeta, Recommended

HOSTS: dict[str, tuple[str, str | None, str | None]] = {
    "api.anthropic.com": ("anthropic", "ANTHROPIC_API_KEY", None),
    "api.openai.com": ("openai", "OPENAI_API_KEY", None),
    "generativelanguage.googleapis.com": ("gemini", "GEMINI_API_KEY", None),
    "openrouter.ai": ("openrouter", "OPENROUTER_API_KEY", None),
    "ollama": ("ollama_chat", None, "OLLAMA_API_BASE"),
    "recorded": ("hosted_vllm", None, "RECORDED_ANSWERS_BASE_URL"),
    "openai-compatible": ("hosted_vllm", "OPENAI_COMPATIBLE_API_KEY", "OPENAI_COMPATIBLE_BASE_URL"),
}
"""A host's address: litellm's name of it, and the variables of key and address that the targets file names."""
CALL_TIMEOUT_S = 180
"""Until a call that hangs is given up for the next model; litellm's own limit is 100 minutes."""


def router_file(places: Sequence[Recommended], models: Mapping[str, Model], about: RecommendationMeta) -> str:
    """The YAML text. A model of a host that is not among HOSTS is asked as any OpenAI-compatible host is."""
    known = [(place, models[place.target_id]) for place in places if place.target_id in models]
    config = {
        "model_list": [_deployment(about.family, place, model) for place, model in known],
        "router_settings": {"num_retries": 0, "max_fallbacks": max(1, len(known)), "timeout": CALL_TIMEOUT_S},
    }
    return _heading(places, about) + yaml.safe_dump(config, sort_keys=False, allow_unicode=True)


def _deployment(family: str, place: Recommended, model: Model) -> dict[str, object]:
    address, _, route = model.host.partition("/")
    provider, key, base_url = HOSTS.get(address, HOSTS["openai-compatible"])
    access = {"api_base": base_url, "api_key": key}
    pinned = {"extra_body": {"provider": {"order": [route], "allow_fallbacks": False}}} if route else {}
    effort = {"reasoning_effort": model.reasoning_effort} if model.reasoning_effort else {}
    facts = {
        "is_simulated": place.is_simulated,
        "group": place.group,
        "score_mean": round(place.score_mean, 3),
        "cost_per_task_usd": place.cost_per_task_usd,
        "latency_p50_ms": place.latency_p50_ms,
        "error_rate": place.error_rate,
    }
    return {
        "model_name": family,
        "litellm_params": {
            "model": f"{provider}/{model.model}",
            **{name: f"os.environ/{variable}" for name, variable in access.items() if variable},
            "order": place.place,
            "drop_params": True,
            **effort,
            **pinned,
        },
        "model_info": {"id": f"{family}/{place.target_id}", "aibaas": facts},
    }


def _heading(places: Sequence[Recommended], about: RecommendationMeta) -> str:
    simulated = (
        "# SIMULATED models among these: to try it out, not to work with.\n"
        if any(place.is_simulated for place in places)
        else ""
    )
    until = "" if about.window_end is None else f" to {about.window_end:%Y-%m-%d %H}:00 UTC"
    return (
        f"{simulated}# Order of models for {about.family}, recommended from the {about.window_name}{until}.\n"
        "# Start a proxy: litellm --config FILE. Keys and addresses come from the environment variables named here.\n"
    )
