"""What each protocol is asked, and where it ends, beyond what litellm makes of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from orchestration.providers.failures import ContentFilteredError, TruncatedAnswerError
from orchestration.providers.interface import CompletionRequest
from orchestration.providers.protocols import dialect_of
from orchestration.providers.target_entries import read_target_file
from orchestration.providers.wire import WireAnswer, WireRequest
from orchestration.settings import PROJECT_ROOT
from scenarios.dialogue import Message, Tool, ToolCall
from tests.support.scripted_targets import scripted_target

SAMPLING = {"temperature": 0, "top_p": 0.9, "top_k": 5}
TOOL = Tool(
    name="find_parcel",
    description="The depot that holds a parcel.",
    parameters={"type": "object", "properties": {"parcel_id": {"type": "string"}}, "required": ["parcel_id"]},
)
DIALOGUE = (
    Message("assistant", "", (ToolCall(tool="find_parcel", arguments='{"parcel_id": "P-1"}', id="call_1"),)),
    Message("tool", '{"depot_id": 4}', answers="call_1"),
)


def asked(protocol: str, *, is_streamed: bool) -> WireRequest:
    target = scripted_target("http://127.0.0.1:1", protocol=protocol, model="m", sampling=SAMPLING)
    request = CompletionRequest("Where?", 50, datetime.now(UTC), further=DIALOGUE, tools=(TOOL,))
    return dialect_of(target).request(request, is_streamed=is_streamed)


def body_of(wire: WireRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(wire.body or b"")
    return found


@pytest.mark.parametrize("protocol", ["openai", "openrouter", "mistral"])
def test_a_streamed_chat_completion_is_asked_for_its_usage(protocol: str) -> None:
    streamed = body_of(asked(protocol, is_streamed=True))
    assert (streamed["stream"], streamed["stream_options"]) == (True, {"include_usage": True})
    plain = body_of(asked(protocol, is_streamed=False))
    assert not plain.get("stream")
    assert "stream_options" not in plain


@pytest.mark.parametrize("protocol", ["anthropic", "ollama"])
def test_a_protocol_that_states_usage_by_itself_is_streamed(protocol: str) -> None:
    assert body_of(asked(protocol, is_streamed=True))["stream"] is True
    assert not body_of(asked(protocol, is_streamed=False)).get("stream")


def test_gemini_is_streamed_by_its_address() -> None:
    assert asked("gemini", is_streamed=True).url.endswith("/models/m:streamGenerateContent?alt=sse")
    assert asked("gemini", is_streamed=False).url.endswith("/models/m:generateContent")


def test_every_host_of_the_targets_file_is_streamed() -> None:
    hosts = read_target_file(PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml").usable_hosts
    assert all(host.is_streamed for host in hosts.values())


def test_gemini_is_spoken_to_in_the_names_of_its_reference_and_tools_in_their_own() -> None:
    body = body_of(asked("gemini", is_streamed=True))
    _, called, answered = body["contents"]
    (call,), (result,) = called["parts"], answered["parts"]
    assert (call["functionCall"]["name"], call["functionCall"]["args"]) == ("find_parcel", {"parcel_id": "P-1"})
    assert result["functionResponse"]["response"] == {"depot_id": 4}
    (declared,) = body["tools"][0]["functionDeclarations"]
    assert declared["parameters"]["required"] == ["parcel_id"]
    assert body["generationConfig"] == {"temperature": 0, "topP": 0.9, "topK": 5, "maxOutputTokens": 50}


def gemini_stream(*candidates: dict[str, Any], **more: Any) -> WireAnswer:
    events = [{"candidates": [candidate]} for candidate in candidates] + ([more] if more else [])
    body = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
    return WireAnswer(200, {"content-type": "text/event-stream"}, [(1.0, body)], 0.0, 1.0)


def test_a_gemini_stream_without_its_last_event_is_truncated_although_litellm_calls_it_finished() -> None:
    dialect = dialect_of(scripted_target("http://127.0.0.1:1", protocol="gemini", model="m"))
    begun = {"content": {"role": "model", "parts": [{"text": "the depot "}]}, "index": 0}
    ended = {"content": {"role": "model", "parts": [{"text": "is four"}]}, "index": 0, "finishReason": "MAX_TOKENS"}
    whole = dialect.read(gemini_stream(begun, ended), is_streamed=True)
    assert (whole.text, whole.finish_reason) == ("the depot is four", "length")
    for cut in (gemini_stream(begun, begun), gemini_stream(begun, promptFeedback={"safetyRatings": []})):
        with pytest.raises(TruncatedAnswerError):
            dialect.read(cut, is_streamed=True)


def test_a_prompt_that_gemini_blocks_is_withheld_and_not_truncated() -> None:
    dialect = dialect_of(scripted_target("http://127.0.0.1:1", protocol="gemini", model="m"))
    with pytest.raises(ContentFilteredError):
        dialect.read(gemini_stream(promptFeedback={"blockReason": "SAFETY"}), is_streamed=True)
