"""The JSON of OpenAI's chat completions protocol: requests read, answers and errors written.

Not here: HTTP itself (server), nor what is said in an answer (exchange).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from orchestration.simulator.exchange import Answer, Call, Failure, Moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from orchestration.simulator.exchange import ListedModel

Json = dict[str, Any]

DONE = b"data: [DONE]\n\n"
PAST_AFTER = timedelta(hours=1)


class BadRequestError(Exception):
    """A request that no model can answer; the message goes to the client with status 400."""


def read_call(body: bytes, stated_sample: str | None = None) -> Call:
    """Raises BadRequestError naming the field. `stated_sample` is the header that tells equal requests apart."""
    request = _json_object(body)
    model, messages = _field(request, "model", str), _field(request, "messages", list)
    return Call(
        model=model,
        texts=_texts(messages),
        max_tokens=_max_tokens(request),
        is_streamed=bool(request.get("stream", False)),
        includes_usage=_includes_usage(request),
        sample=_sample(request, stated_sample),
        turn=sum(message["role"] == "assistant" for message in messages),
    )


def _json_object(body: bytes) -> Json:
    try:
        request = json.loads(body)
    except ValueError:
        raise BadRequestError("We could not parse the JSON body of your request.") from None
    if not isinstance(request, dict):
        raise BadRequestError("The body of your request must be a JSON object.")
    return request


def _field(request: Json, name: str, kind: type) -> Any:
    if name not in request:
        raise BadRequestError(f"Missing required parameter: '{name}'.")
    if not isinstance(request[name], kind) or not request[name]:
        raise BadRequestError(f"Invalid value for '{name}': expected a non-empty {kind.__name__}.")
    return request[name]


def _texts(messages: list[Any]) -> tuple[str, ...]:
    texts = []
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or "content" not in message or "role" not in message:
            raise BadRequestError(f"Invalid value for 'messages[{index}]': expected an object with role and content.")
        texts.append(_content_text(message["content"], index))
    return tuple(texts)


def _content_text(content: Any, index: int) -> str:
    """The text of a message: a string, or the text parts of a list of parts."""
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, list) and all(isinstance(part, dict) for part in content):
        return "\n".join(str(part.get("text", "")) for part in content)
    raise BadRequestError(f"Invalid value for 'messages[{index}].content': expected a string or a list of parts.")


def _includes_usage(request: Json) -> bool:
    options = request.get("stream_options") or {}
    if not isinstance(options, dict):
        raise BadRequestError("Invalid value for 'stream_options': expected an object.")
    return bool(options.get("include_usage"))


def _max_tokens(request: Json) -> int | None:
    value = request.get("max_completion_tokens") or request.get("max_tokens")
    if value is None or (isinstance(value, int) and value >= 1):
        return value
    raise BadRequestError("Invalid value for 'max_tokens': expected an integer of 1 or more.")


def _sample(request: Json, stated: str | None) -> int:
    if request.get("n") not in (None, 1):
        raise BadRequestError("Invalid value for 'n': only 1 is supported.")
    seed = request.get("seed") or 0
    if not isinstance(seed, int):
        raise BadRequestError("Invalid value for 'seed': expected an integer.")
    if stated is None:
        return seed
    if not stated.isdecimal():
        raise BadRequestError(f"Invalid x-simulated-sample {stated!r}: expected a whole number.")
    return int(stated)


def moment_of(header: str | None, now: datetime) -> Moment:
    """The time of a call by its `x-simulated-time` header, or the wall clock's. Raises BadRequestError."""
    if header is None:
        return Moment(now, is_past=False)
    at = _parsed_time(header)
    return Moment(at, is_past=at < now - PAST_AFTER)


@lru_cache(maxsize=4096)
def _parsed_time(header: str) -> datetime:
    try:
        at = datetime.fromisoformat(header)
    except ValueError:
        raise BadRequestError(f"Invalid x-simulated-time {header!r}: expected an ISO 8601 time.") from None
    if at.tzinfo is None:
        raise BadRequestError(f"Invalid x-simulated-time {header!r}: expected a time with an offset from UTC.")
    return at.astimezone(UTC)


def usage_json(answer: Answer) -> Json:
    return {
        "prompt_tokens": answer.input_tokens,
        "completion_tokens": answer.output_tokens,
        "total_tokens": answer.input_tokens + answer.output_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": answer.reasoning_tokens,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def wrong_usage_json(answer: Answer) -> Json:
    """Counts that contradict each other, as some hosts have sent."""
    return usage_json(answer) | {"prompt_tokens": answer.input_tokens * 10, "total_tokens": 1}


def completion_body(answer: Answer, created: int, usage: Json) -> bytes:
    message: Json = {"role": "assistant", "content": answer.text, "refusal": None, "annotations": []}
    if answer.calls:
        message |= {"content": answer.text or None, "tool_calls": _calls_json(answer)}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish_reason}
    return _compact(
        {
            "id": f"chatcmpl-{answer.identity}",
            "object": "chat.completion",
            "created": created,
            "model": answer.served_model,
            "choices": [choice],
            "usage": usage,
            "service_tier": "default",
            "system_fingerprint": answer.fingerprint,
        }
    )


def events(answer: Answer, pieces: Sequence[str], created: int, usage: Json | None) -> list[bytes]:
    """The server-sent events of a streamed answer but the last, which is DONE: role, text, finish reason, usage."""
    head = _compact(
        {
            "id": f"chatcmpl-{answer.identity}",
            "object": "chat.completion.chunk",
            "created": created,
            "model": answer.served_model,
            "service_tier": "default",
            "system_fingerprint": answer.fingerprint,
        }
    )
    start = b"data: " + head[:-1] + b',"choices":['
    end = b"]}\n\n" if usage is None else b'],"usage":null}\n\n'
    choices = [
        _choice({"role": "assistant", "content": "", "refusal": None}),
        *(_choice({"content": piece}) for piece in pieces),
        *(_choice({"tool_calls": [call | {"index": index}]}) for index, call in enumerate(_calls_json(answer))),
        _choice({}, answer.finish_reason),
    ]
    counted = [] if usage is None else [start + b'],"usage":' + _compact(usage) + b"}\n\n"]
    return [*(start + choice + end for choice in choices), *counted]


def _calls_json(answer: Answer) -> list[Json]:
    return [
        {"id": call.id, "type": "function", "function": {"name": call.tool, "arguments": call.arguments}}
        for call in answer.calls
    ]


def _choice(delta: Json, finish_reason: str | None = None) -> bytes:
    return _compact({"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason})


def _compact(value: Json) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def error_body(failure: Failure) -> bytes:
    error = {"message": failure.message, "type": failure.kind, "param": None, "code": failure.code}
    return json.dumps({"error": error}).encode()


def models_body(models: Sequence[ListedModel]) -> bytes:
    return json.dumps({"object": "list", "data": [_model_json(model) for model in models]}).encode()


def _model_json(model: ListedModel) -> Json:
    """Prices are in USD per token, as decimal text."""
    listed: Json = {
        "id": model.name,
        "object": "model",
        "created": int(model.created.timestamp()),
        "owned_by": "simulator",
    }
    if model.prices:
        listed["pricing"] = [
            {
                "valid_from": price.valid_from.isoformat(),
                "prompt": _per_token(price.input_usd_per_mtok),
                "completion": _per_token(price.output_usd_per_mtok),
            }
            for price in model.prices
        ]
    return listed


def _per_token(usd_per_mtok: Decimal) -> str:
    return f"{(usd_per_mtok / 1_000_000).normalize():f}"
