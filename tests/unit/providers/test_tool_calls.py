"""Calls of tools in each protocol's own bytes, and dialogues as each protocol is told of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from orchestration.providers.interface import CompletionRequest
from orchestration.providers.protocols import dialect_of
from orchestration.providers.wire import WireAnswer
from scenarios.dialogue import Message, Tool, ToolCall
from tests.support.scripted_targets import scripted_target

TOOL = Tool(
    name="find_parcel",
    description="The depot that holds a parcel.",
    parameters={"type": "object", "properties": {"parcel": {"type": "string"}}, "required": ["parcel"]},
)


def events(*stated: Any) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in stated)


def openai_piece(**delta: Any) -> dict[str, Any]:
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [delta]}


OPENAI = events(
    openai_piece(index=0, delta={"role": "assistant", "content": None}),
    openai_piece(
        index=0,
        delta={
            "tool_calls": [
                {"index": 0, "id": "a", "type": "function", "function": {"name": "find_parcel", "arguments": ""}}
            ]
        },
    ),
    openai_piece(index=0, delta={"tool_calls": [{"index": 0, "function": {"arguments": '{"parcel":'}}]}),
    openai_piece(index=0, delta={"tool_calls": [{"index": 0, "function": {"arguments": ' "P-1"}'}}]}),
    openai_piece(
        index=0,
        delta={
            "tool_calls": [
                {
                    "index": 1,
                    "id": "b",
                    "type": "function",
                    "function": {"name": "find_parcel", "arguments": '{"parcel": "P-2"}'},
                }
            ]
        },
    ),
    openai_piece(index=0, delta={}, finish_reason="tool_calls"),
)
ANTHROPIC = events(
    {"type": "message_start", "message": {"id": "m1", "model": "m", "usage": {"input_tokens": 5, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Looking."}},
    {"type": "content_block_stop", "index": 0},
    {
        "type": "content_block_start",
        "index": 1,
        "content_block": {"type": "tool_use", "id": "a", "name": "find_parcel", "input": {}},
    },
    {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": '{"parcel":'}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": ' "P-1"}'}},
    {"type": "content_block_stop", "index": 1},
    {
        "type": "content_block_start",
        "index": 2,
        "content_block": {"type": "tool_use", "id": "b", "name": "find_parcel", "input": {}},
    },
    {
        "type": "content_block_delta",
        "index": 2,
        "delta": {"type": "input_json_delta", "partial_json": '{"parcel": "P-2"}'},
    },
    {"type": "content_block_stop", "index": 2},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 9}},
    {"type": "message_stop"},
)
GEMINI = events(
    {
        "candidates": [
            {
                "content": {
                    "role": "model",
                    "parts": [
                        {"functionCall": {"name": "find_parcel", "args": {"parcel": "P-1"}}},
                        {"functionCall": {"name": "find_parcel", "args": {"parcel": "P-2"}}},
                    ],
                },
                "finishReason": "STOP",
            }
        ],
        "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 9, "totalTokenCount": 14},
    }
)
OLLAMA_CALLS = [{"function": {"name": "find_parcel", "arguments": {"parcel": parcel}}} for parcel in ("P-1", "P-2")]
OLLAMA = b"".join(
    json.dumps(line).encode() + b"\n"
    for line in (
        {"model": "m", "message": {"role": "assistant", "content": "", "tool_calls": OLLAMA_CALLS}, "done": False},
        {"model": "m", "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"},
    )
)


@pytest.mark.parametrize(
    ("protocol", "body"),
    [("openai", OPENAI), ("mistral", OPENAI), ("anthropic", ANTHROPIC), ("gemini", GEMINI), ("ollama", OLLAMA)],
)
def test_streamed_calls_are_put_together(protocol: str, body: bytes) -> None:
    pieces = [(float(at), body[at : at + 31]) for at in range(0, len(body), 31)]
    answer = WireAnswer(200, {"content-type": "text/event-stream"}, pieces, 0.0, float(len(body)))
    read = dialect_of(scripted_target("http://127.0.0.1:1", protocol=protocol, model="m")).read(
        answer, is_streamed=True
    )
    assert [(call.tool, json.loads(call.arguments)) for call in read.calls] == [
        ("find_parcel", {"parcel": "P-1"}),
        ("find_parcel", {"parcel": "P-2"}),
    ]
    assert read.text == ("Looking." if protocol == "anthropic" else "")
    assert read.first_token_at is not None


@pytest.mark.parametrize("protocol", ["openai", "openrouter", "mistral", "anthropic", "gemini", "ollama"])
@pytest.mark.parametrize("arguments", ['{"parcel": "P-1"}', '{"parcel": ', "[]"], ids=["sound", "cut", "a list"])
def test_a_dialogue_can_be_told_of_in_every_protocol(protocol: str, arguments: str) -> None:
    further = (
        Message("assistant", "", (ToolCall(tool="find_parcel", arguments=arguments, id="call_1"),)),
        Message("tool", '{"depot": 4}', answers="call_1"),
    )
    request = CompletionRequest("Where is P-1?", 50, datetime.now(UTC), further=further, tools=(TOOL,))
    wire = dialect_of(scripted_target("http://127.0.0.1:1", protocol=protocol, model="m")).request(
        request, is_streamed=True
    )
    body = (wire.body or b"").decode()
    assert "Where is P-1?" in body
    assert body.count("find_parcel") >= 2
    assert "depot" in body
    assert ("P-1" in body.replace("Where is P-1?", "")) == (arguments == '{"parcel": "P-1"}')
