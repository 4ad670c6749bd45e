"""Dialogues and calls of tools in the form of OpenAI's chat completions, which litellm turns into every other one.

Not here: how a dialogue goes on (scenarios.dialogue).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scenarios.dialogue import Message, ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestration.providers.interface import CompletionRequest


def stated_messages(request: CompletionRequest) -> list[dict[str, Any]]:
    return [stated_message(message) for message in (Message("user", request.prompt), *request.further)]


def stated_message(message: Message) -> dict[str, Any]:
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.answers, "content": message.text}
    stated: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.calls:
        stated |= {"content": message.text or None, "tool_calls": [stated_call(call) for call in message.calls]}
    return stated


def stated_call(call: ToolCall) -> dict[str, Any]:
    """A call as it was made; hosts refuse arguments that are no JSON object, so that such are left out."""
    arguments = call.arguments if is_object(call.arguments) else "{}"
    return {"id": call.id, "type": "function", "function": {"name": call.tool, "arguments": arguments}}


def is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def stated_tools(request: CompletionRequest) -> list[dict[str, Any]]:
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
        }
        for tool in request.tools
    ]


def calls_of(message: Any) -> tuple[ToolCall, ...]:
    """The calls in litellm's reading of a whole message."""
    return tuple(
        ToolCall(tool=call.function.name or "", arguments=call.function.arguments or "{}", id=call.id or "")
        for call in message.tool_calls or ()
    )


@dataclass(slots=True)
class GatheredCalls:
    """The calls of a stream as far as it has been read: a call begins with its name, its arguments come in pieces."""

    begun: list[tuple[int | None, str, str, list[str]]] = field(default_factory=list)

    def add(self, pieces: Iterable[Any] | None) -> None:
        for piece in pieces or ():
            index, called = _part(piece, "index"), _part(piece, "function")
            name, arguments = _part(called, "name"), _part(called, "arguments")
            if name:
                self.begun.append((index, _part(piece, "id") or "", name, []))
            same = [call for call in self.begun if call[0] == index] or self.begun
            if same and arguments:
                same[-1][3].append(arguments)

    def whole(self) -> tuple[ToolCall, ...]:
        return tuple(
            ToolCall(tool=name, arguments="".join(parts) or "{}", id=id_) for _, id_, name, parts in self.begun
        )


def _part(piece: Any, name: str) -> Any:
    """litellm's chunks hold dicts or objects, by protocol."""
    return piece.get(name) if isinstance(piece, dict) else getattr(piece, name, None)
