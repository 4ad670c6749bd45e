"""The protocols of the hosts: litellm's provider configurations build the requests and read the answers.

Not here: sending them (transport); litellm never opens a connection.

Reading an answer through litellm costs about 0.1 ms, a whole `litellm.acompletion` about 4 ms (measured by
tests/benchmarks/collection_transport.py). Where litellm fills in what a host did not say (estimated tokens, a
zero for missing usage, "stop" for a cut stream), the host's own words are kept instead.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from orchestration.providers.failures import (
    SUCCESS,
    ContentFilteredError,
    ProviderError,
    TruncatedAnswerError,
    failure_of_dialect,
    failure_of_event,
    failure_of_status,
)
from orchestration.providers.litellm_parts import litellm_parts
from orchestration.providers.tools import GatheredCalls, calls_of, stated_messages, stated_tools
from orchestration.providers.usage import reported_cost_usd, token_usage
from orchestration.providers.wire import WireRequest, json_events, json_object

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from orchestration.providers.interface import CompletionRequest
    from orchestration.providers.targets import Target
    from orchestration.providers.wire import WireAnswer
    from orchestration.records import TokenUsage
    from scenarios.dialogue import ToolCall

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered. `first_token_at` is on the event loop's clock, None where it was not streamed."""

    text: str
    finish_reason: str | None
    served_model: str | None
    system_fingerprint: str | None
    body_id: str | None
    usage: TokenUsage
    first_token_at: float | None
    calls: tuple[ToolCall, ...] = ()
    reported_cost_usd: Decimal | None = None


@dataclass(slots=True)
class _Gathered:
    """A stream as far as it has been read."""

    texts: list[str] = field(default_factory=list)
    calls: GatheredCalls = field(default_factory=GatheredCalls)
    finish_reason: str | None = None
    is_ended: bool = False
    first_token_at: float | None = None
    usage: Any = None
    stated: Event = field(default_factory=dict)
    facts: Event = field(default_factory=dict)


class Dialect(ABC):
    """How one target is spoken to."""

    provider: ClassVar[str]
    """litellm's name of the protocol."""
    usage_key: ClassVar[str] = "usage"

    def __init__(self, target: Target) -> None:
        self.target = target
        self.base_url = target.host.base_url
        self._options: dict[tuple[int, bool, tuple[str, ...]], dict[str, Any]] = {}

    @cached_property
    def config(self) -> Any:
        return litellm_parts().chat_config(model=self.target.model, provider=self.provider)

    @cached_property
    def headers(self) -> dict[str, str]:
        stated = self.config.validate_environment(
            headers={},
            model=self.target.model,
            messages=[],
            optional_params={},
            litellm_params={},
            api_key=self.target.host.api_key,
            api_base=self.base_url,
        )
        return {"Content-Type": "application/json", **stated}

    def request(self, request: CompletionRequest, *, is_streamed: bool) -> WireRequest:
        """The request on the wire. Raises ProviderError for settings that the protocol does not have."""
        try:
            body = self.body(
                stated_messages(request), self.options(request, is_streamed=is_streamed), is_streamed=is_streamed
            )
            return WireRequest(self.url(is_streamed=is_streamed), self.headers, json.dumps(body).encode(), is_streamed)
        except Exception as error:
            raise failure_of_dialect(error) from error

    def options(self, request: CompletionRequest, *, is_streamed: bool) -> dict[str, Any]:
        key = (request.max_output_tokens, is_streamed, tuple(tool.model_dump_json() for tool in request.tools))
        if key not in self._options:
            self._options[key] = litellm_parts().optional_params(
                model=self.target.model,
                custom_llm_provider=self.provider,
                max_tokens=request.max_output_tokens,
                tools=stated_tools(request) or None,
                stream=is_streamed or None,
                reasoning_effort=self.target.reasoning_effort,
                drop_params=True,
                **self.target.sampling,
            )
        return json.loads(json.dumps(self._options[key]))  # type: ignore[no-any-return] # litellm pops from it

    def body(self, messages: list[Any], options: dict[str, Any], *, is_streamed: bool) -> dict[str, Any]:
        extra = options.pop("extra_body", None) or {}
        body: dict[str, Any] = self.config.transform_request(
            model=self.target.model,
            messages=messages,
            optional_params=options,
            litellm_params={},
            headers=self.headers,
        )
        return body | extra | ({"stream": True} if is_streamed else {})

    @abstractmethod
    def url(self, *, is_streamed: bool) -> str: ...

    def read(self, answer: WireAnswer, *, is_streamed: bool) -> Answer:
        """What was answered. Raises the ProviderError that an error status, an error body or a cut stream means."""
        if answer.status not in SUCCESS:
            raise failure_of_status(answer.status, answer.text, answer.headers)
        try:
            is_events = is_streamed and not self.is_whole(answer)
            found = self.read_events(answer) if is_events else self.read_body(answer)
        except ProviderError:
            raise
        except Exception as error:  # litellm's readers raise what they like on a body they did not expect
            raise failure_of_dialect(error) from error
        if not found.text and found.finish_reason == "content_filter":
            raise ContentFilteredError("the host withheld the answer")
        return found

    def is_whole(self, answer: WireAnswer) -> bool:
        """True when the host answered in one piece although a stream was asked for, or with something else."""
        return answer.is_json or "html" in answer.headers.get("content-type", "")

    def read_body(self, answer: WireAnswer) -> Answer:
        stated = json_object(answer)
        if stated.get("error"):
            raise failure_of_event(stated["error"], answer.headers)
        response = litellm_parts().read(self.config, self.target.model, answer.body, answer.headers)
        choice = response.choices[0]
        return Answer(
            text=choice.message.content or "",
            finish_reason=choice.finish_reason,
            served_model=self.served_model(stated),
            system_fingerprint=stated.get("system_fingerprint"),
            body_id=self.body_id(stated),
            usage=token_usage(getattr(response, "usage", None), self.stated_usage(stated)),
            first_token_at=None,
            calls=calls_of(choice.message),
            reported_cost_usd=reported_cost_usd(self.stated_usage(stated)),
        )

    def read_events(self, answer: WireAnswer) -> Answer:
        gathered = _Gathered()
        parse = self.event_parser()
        for arrival, event in json_events(answer):
            if event.get("error"):
                raise failure_of_event(event["error"], answer.headers)
            self.gather(gathered, arrival, event, parse)
        if not gathered.is_ended:
            raise TruncatedAnswerError(
                f"the stream ended without its end after {sum(map(len, gathered.texts))} characters"
            )
        return Answer(
            text="".join(gathered.texts),
            finish_reason=gathered.finish_reason,
            served_model=self.served_model(gathered.facts),
            system_fingerprint=gathered.facts.get("system_fingerprint"),
            body_id=self.body_id(gathered.facts),
            usage=token_usage(gathered.usage, gathered.stated),
            first_token_at=gathered.first_token_at,
            calls=gathered.calls.whole(),
            reported_cost_usd=reported_cost_usd(gathered.stated),
        )

    def gather(self, gathered: _Gathered, arrival: float, event: Event, parse: Any) -> None:
        """Add one event. Most hold nothing but a piece of text, and need no model of litellm's (36 us each)."""
        text = self.plain_text(event) if gathered.facts else None
        if text is None:
            text = self._gather_parsed(gathered, arrival, event, parse(event))
        if text:
            gathered.texts.append(text)
            gathered.first_token_at = gathered.first_token_at or arrival

    def _gather_parsed(self, gathered: _Gathered, arrival: float, event: Event, chunk: Any) -> str:
        gathered.facts |= _stated_only(self.facts(event))
        gathered.stated |= _stated_only(self.stated_usage(event))
        gathered.usage = getattr(chunk, "usage", None) or gathered.usage
        if chunk is None or not chunk.choices:
            return ""
        choice = chunk.choices[0]
        if choice.finish_reason and self.is_last(event):
            gathered.finish_reason = choice.finish_reason
            gathered.is_ended = True
        if getattr(choice.delta, "reasoning_content", None) or choice.delta.tool_calls:
            gathered.first_token_at = gathered.first_token_at or arrival
        gathered.calls.add(choice.delta.tool_calls)
        return choice.delta.content or ""

    def event_parser(self) -> Any:
        return litellm_parts().event_parser(self.config)

    def plain_text(self, event: Event) -> str | None:  # noqa: ARG002 - protocols override it
        """The text of an event that holds nothing else, None for any other event."""
        return None

    def is_last(self, event: Event) -> bool:  # noqa: ARG002 - protocols override it
        """Whether the host itself says that an event, for which litellm has a finish reason, ends the answer."""
        return True

    def facts(self, event: Event) -> Event:
        return event

    def stated_usage(self, stated: Event) -> Mapping[str, Any]:
        found = stated.get(self.usage_key)
        return found if isinstance(found, dict) else {}

    def served_model(self, stated: Event) -> str | None:
        return _text_or_none(stated.get("model"))

    def body_id(self, stated: Event) -> str | None:
        return _text_or_none(stated.get("id"))


def _stated_only(values: Mapping[str, Any]) -> Event:
    return {key: value for key, value in values.items() if value is not None}


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
