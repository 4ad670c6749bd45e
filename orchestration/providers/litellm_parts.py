"""The one import of litellm: the parts of it that build requests and read answers.

Not here: what is done with them (dialects). The import takes seconds, so it happens on first use.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import httpx

from orchestration.settings import keep_litellm_offline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class _SilentLog:
    """Stands where litellm's readers expect their logger: keeps nothing, sends nothing."""

    def __init__(self) -> None:
        self.optional_params: dict[str, Any] = {}
        self.model_call_details: dict[str, Any] = {}
        self.litellm_params: dict[str, Any] = {}

    def post_call(self, **_: Any) -> None:
        """Keep nothing."""


@dataclass(frozen=True, slots=True)
class LitellmParts:
    """litellm's functions, untyped as they are."""

    optional_params: Callable[..., dict[str, Any]]
    gemini_body: Callable[..., dict[str, Any]]
    gemini_events: Callable[..., Any]
    anthropic_events: Callable[..., Any]
    _config_of: Callable[..., Any]
    _provider: Callable[[str], Any]
    _empty_response: Callable[[], Any]

    def chat_config(self, *, model: str, provider: str) -> Any:
        """litellm's configuration of a provider's chat protocol."""
        return self._config_of(model=model, provider=self._provider(provider))

    def read(self, config: Any, model: str, body: bytes, headers: Mapping[str, str]) -> Any:
        """The body of a 200 answer as litellm's ModelResponse. Raises whatever litellm's reader raises."""
        return config.transform_response(
            model=model,
            raw_response=httpx.Response(200, headers=_plain_headers(headers), content=body),
            model_response=self._empty_response(),
            logging_obj=_SilentLog(),
            request_data={},
            messages=[],
            optional_params={},
            litellm_params={},
            encoding=None,
        )

    def event_parser(self, config: Any) -> Any:
        """A new reader of a stream's events: a function from one event to litellm's chunk."""
        return config.get_model_response_iterator(streaming_response=iter(()), sync_stream=True).chunk_parser

    def anthropic_event_parser(self) -> Any:
        return self.anthropic_events(streaming_response=iter(()), sync_stream=True).chunk_parser

    def gemini_event_parser(self) -> Any:
        return self.gemini_events(streaming_response=iter(()), sync_stream=True, logging_obj=_SilentLog()).chunk_parser


def _plain_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Without those that describe the transfer: the body has been decoded already."""
    return {k: v for k, v in headers.items() if k not in {"content-encoding", "content-length", "transfer-encoding"}}


@lru_cache(maxsize=1)
def litellm_parts() -> LitellmParts:
    """The parts, imported on first use (3 s) with every fetch, callback and log of litellm's switched off."""
    keep_litellm_offline()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = _imported()
        _build_models()
    return parts


def _imported() -> LitellmParts:
    import litellm  # noqa: PLC0415 - takes seconds
    from litellm.llms.anthropic.chat.handler import ModelResponseIterator as AnthropicEvents  # noqa: PLC0415
    from litellm.llms.vertex_ai.gemini.transformation import transform_request_body  # noqa: PLC0415
    from litellm.llms.vertex_ai.gemini.vertex_and_google_ai_studio_gemini import (  # noqa: PLC0415
        ModelResponseIterator as GeminiEvents,
    )
    from litellm.types.utils import LlmProviders, ModelResponse  # noqa: PLC0415
    from litellm.utils import ProviderConfigManager, get_optional_params  # noqa: PLC0415

    litellm.suppress_debug_info = True
    litellm.callbacks = []
    litellm.success_callback = []
    litellm.failure_callback = []
    logging.getLogger("LiteLLM").setLevel(logging.ERROR)
    return LitellmParts(
        optional_params=get_optional_params,
        gemini_body=transform_request_body,
        gemini_events=GeminiEvents,
        anthropic_events=AnthropicEvents,
        _config_of=ProviderConfigManager.get_provider_chat_config,
        _provider=LlmProviders,
        _empty_response=ModelResponse,
    )


def _build_models() -> None:
    """Have pydantic build litellm's models now: it warns, and the first call would be measured 20 ms too slow."""
    from litellm.types.utils import ModelResponse, ModelResponseStream, Usage  # noqa: PLC0415

    message = {"role": "assistant", "content": ""}
    usage = Usage(prompt_tokens=1, completion_tokens=1, total_tokens=2)
    ModelResponse(choices=[{"index": 0, "message": message, "finish_reason": "stop"}], usage=usage)
    ModelResponseStream(choices=[{"index": 0, "delta": message, "finish_reason": "stop"}], usage=usage)
