"""What differs from protocol to protocol: addresses, headers, request bodies, events.

Not here: what is the same for all (dialects).
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from orchestration.providers.dialects import Dialect, Event
from orchestration.providers.litellm_parts import litellm_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.providers.target_file import Protocol
    from orchestration.providers.targets import Target


class OpenAIDialect(Dialect):
    """Chat completions, as OpenAI and everyone compatible with it speaks."""

    provider = "openai"

    def url(self, *, is_streamed: bool) -> str:  # noqa: ARG002 - one address for both
        return f"{self.base_url}/chat/completions"

    def body(self, messages: list[Any], options: dict[str, Any], *, is_streamed: bool) -> dict[str, Any]:
        usage = {"stream_options": {"include_usage": True}} if is_streamed else {}
        return super().body(messages, options, is_streamed=is_streamed) | usage

    def plain_text(self, event: Event) -> str | None:
        choices = event.get("choices")
        if not choices or event.get("usage"):
            return None
        choice = choices[0]
        delta = choice.get("delta")
        is_plain = (
            choice.get("finish_reason") is None and isinstance(delta, dict) and delta.keys() <= {"content", "role"}
        )
        text = delta.get("content") if is_plain else None
        return text if isinstance(text, str) else None


class OpenRouterDialect(OpenAIDialect):
    """Chat completions with the upstream host pinned, so that one target is one host."""

    provider = "openrouter"

    def body(self, messages: list[Any], options: dict[str, Any], *, is_streamed: bool) -> dict[str, Any]:
        body = super().body(messages, options, is_streamed=is_streamed)
        if self.target.route:
            body["provider"] = {"order": [self.target.route], "allow_fallbacks": False}
        return body


class MistralDialect(OpenAIDialect):
    """Chat completions whose answers may come as a list of blocks, thoughts among them."""

    provider = "mistral"


class AnthropicDialect(Dialect):
    """Messages. The stream states its id and model once, within `message_start`."""

    provider = "anthropic"

    def url(self, *, is_streamed: bool) -> str:  # noqa: ARG002 - one address for both
        return f"{self.base_url}/v1/messages"

    def plain_text(self, event: Event) -> str | None:
        delta = event.get("delta")
        if (
            event.get("type") != "content_block_delta"
            or not isinstance(delta, dict)
            or delta.get("type") != "text_delta"
        ):
            return None
        text = delta.get("text")
        return text if isinstance(text, str) else None

    def event_parser(self) -> Any:
        return litellm_parts().anthropic_event_parser()

    def facts(self, event: Event) -> Event:
        started = event.get("message")
        return started if isinstance(started, dict) else {}

    def stated_usage(self, stated: Event) -> Mapping[str, Any]:
        return super().stated_usage(stated) or super().stated_usage(self.facts(stated))


class GeminiDialect(Dialect):
    """generateContent; the address names the model and the verb."""

    provider = "gemini"
    usage_key = "usageMetadata"

    @cached_property
    def headers(self) -> dict[str, str]:
        return {"Content-Type": "application/json", "x-goog-api-key": self.target.host.api_key or ""}

    def url(self, *, is_streamed: bool) -> str:
        verb = "streamGenerateContent?alt=sse" if is_streamed else "generateContent"
        return f"{self.base_url}/models/{quote(self.target.model, safe='-._')}:{verb}"

    def body(self, messages: list[Any], options: dict[str, Any], *, is_streamed: bool) -> dict[str, Any]:  # noqa: ARG002
        options.pop("stream", None)
        return _with_documented_names(
            litellm_parts().gemini_body(
                messages=messages,
                model=self.target.model,
                optional_params=options,
                custom_llm_provider="gemini",
                litellm_params={},
                cached_content=None,
            )
        )

    def event_parser(self) -> Any:
        return litellm_parts().gemini_event_parser()

    def is_last(self, event: Event) -> bool:
        """litellm says "stop" for every event; the last one states a reason, or why the prompt was refused."""
        candidates, prompt = event.get("candidates") or (), event.get("promptFeedback") or {}
        return bool(prompt.get("blockReason")) or any(candidate.get("finishReason") for candidate in candidates)

    def served_model(self, stated: Event) -> str | None:
        model = stated.get("modelVersion")
        return model if isinstance(model, str) else None

    def body_id(self, stated: Event) -> str | None:
        found = stated.get("responseId")
        return found if isinstance(found, str) else None


def _with_documented_names(body: Event) -> Event:
    """Gemini's own fields named as its reference does; Google reads litellm's snake_case too, others do not.

    What a tool takes and gives is left as it is.
    """
    contents = [entry | {"parts": [_in_camel_case(part) for part in entry["parts"]]} for entry in body["contents"]]
    named = _in_camel_case(body) | {"contents": contents}
    if "tools" in named:
        named["tools"] = [_in_camel_case(tool) for tool in named["tools"]]
    if "generationConfig" in named:
        named["generationConfig"] = _in_camel_case(named["generationConfig"])
    return named


def _in_camel_case(stated: Mapping[str, Any]) -> Event:
    return {_UNDERSCORE.sub(lambda found: found[1].upper(), name): value for name, value in stated.items()}


class OllamaDialect(Dialect):
    """Ollama's own chat protocol: one JSON object a line, counts beside the message."""

    provider = "ollama_chat"

    def url(self, *, is_streamed: bool) -> str:  # noqa: ARG002 - one address for both
        return f"{self.base_url}/api/chat"

    def is_whole(self, answer: Any) -> bool:
        return "html" in answer.headers.get("content-type", "")

    def stated_usage(self, stated: Event) -> Mapping[str, Any]:
        return stated


_UNDERSCORE = re.compile(r"_([a-z])")

_DIALECTS: Mapping[str, type[Dialect]] = {
    "openai": OpenAIDialect,
    "mistral": MistralDialect,
    "openrouter": OpenRouterDialect,
    "anthropic": AnthropicDialect,
    "gemini": GeminiDialect,
    "ollama": OllamaDialect,
}


def dialect_of(target: Target) -> Dialect:
    """The dialect in which `target` is asked."""
    return _DIALECTS[target.host.protocol](target)


def litellm_provider(protocol: Protocol) -> str:
    """litellm's name of a protocol."""
    return _DIALECTS[protocol].provider
