"""The dialects read what real providers sent. The recordings are third-party data beside the checkout."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from orchestration.providers.failures import ProviderError, TruncatedAnswerError
from orchestration.providers.protocols import dialect_of
from orchestration.providers.wire import WireAnswer
from orchestration.settings import PROJECT_ROOT
from tests.support.scripted_targets import scripted_target

RECORDINGS = PROJECT_ROOT.parent / "shared" / "data" / "wire" / "recorded_responses.public.jsonl.gz"
PIECE_BYTES = 97
FINISH = {"STOP": "stop", "end_turn": "stop", "stop": "stop", "MAX_TOKENS": "length"}
"""The hosts' words, and how rows name them all."""

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not RECORDINGS.exists(), reason=f"needs the recorded answers {RECORDINGS}"),
]


def recordings() -> list[dict[str, Any]]:
    if not RECORDINGS.exists():
        return []
    with gzip.open(RECORDINGS, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def wire_answer(recording: dict[str, Any], body: bytes) -> WireAnswer:
    kind = "text/event-stream" if recording["stream"] else "application/json"
    headers = {"content-type": kind} | {name.lower(): value for name, value in recording["headers"].items()}
    pieces = [(float(at), body[at : at + PIECE_BYTES]) for at in range(0, len(body), PIECE_BYTES)]
    return WireAnswer(recording["status"], headers, pieces, 0.0, float(len(body)))


def read(recording: dict[str, Any], body: bytes | None = None) -> Any:
    provider = recording["provider"]
    protocol = provider if provider in {"anthropic", "gemini", "mistral"} else "openai"
    target = scripted_target("http://127.0.0.1:1", protocol=protocol, model=recording["model"])
    answer = wire_answer(recording, recording["body"].encode() if body is None else body)
    return dialect_of(target).read(answer, is_streamed=recording["stream"])


def test_text_usage_finish_reason_and_served_model_are_as_recorded() -> None:
    wrong = []
    answered = [recording for recording in recordings() if recording["status"] == 200]
    for recording in answered:
        expect, got = recording["expect"], read(recording)
        usage = got.usage
        is_same = (
            got.text.strip() == (expect["text"] or "").strip()
            and (usage.input_tokens, usage.output_tokens) == (expect["prompt_tokens"], expect["completion_tokens"])
            and ("cached" not in expect or (usage.cached_input_tokens or 0) == expect["cached"])
            and ("cache_write" not in expect or (usage.cache_write_tokens or 0) == expect["cache_write"])
            and ("reasoning" not in expect or (usage.reasoning_tokens or 0) == expect["reasoning"])
            and FINISH[expect["finish"]] == got.finish_reason
            and expect.get("model", got.served_model) == got.served_model
        )
        if not is_same:
            wrong.append((recording["id"], got, expect))
    assert answered
    assert wrong == []


def test_error_statuses_are_told_as_what_they_are() -> None:
    failed = [recording for recording in recordings() if recording["status"] != 200]
    codes = []
    for recording in failed:
        with pytest.raises(ProviderError) as told:
            read(recording)
        codes.append(told.value.code)
    assert codes == ["not_found"] * len(failed)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_a_cut_stream_is_told_as_truncated_and_never_as_finished(share: float) -> None:
    for recording in (r for r in recordings() if r["stream"]):
        body = recording["body"].encode()
        if recording["provider"] == "gemini" and b"finishReason" in body[: int(len(body) * share)]:
            continue
        with pytest.raises(TruncatedAnswerError):
            read(recording, body[: int(len(body) * share)])


def test_time_to_first_token_is_that_of_the_first_piece_of_content() -> None:
    for recording in (r for r in recordings() if r["stream"]):
        first = read(recording).first_token_at
        assert first is not None
        assert 0 < first < len(recording["body"])
