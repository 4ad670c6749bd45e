"""Token counts of an answer: litellm's reading, kept only where the host stated a count.

Not here: what the tokens cost (pricing).
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from orchestration.records import TokenUsage

if TYPE_CHECKING:
    from collections.abc import Mapping

_SMALLEST_USD: Final = Decimal("0.000000001")
_ABSURD_USD: Final = Decimal(1_000_000)

# What the protocols call the two counts: OpenAI, Anthropic, Gemini, Ollama.
_INPUT_KEYS = ("prompt_tokens", "input_tokens", "promptTokenCount", "prompt_eval_count")
_TOTAL_KEYS = ("total_tokens", "totalTokenCount")
_OUTPUT_KEYS = ("completion_tokens", "output_tokens", "candidatesTokenCount", "thoughtsTokenCount", "eval_count")
# Where a host states the reasoning among its output. litellm estimates it for hosts that state none.
_REASONING_PATHS = (
    ("completion_tokens_details", "reasoning_tokens"),
    ("output_tokens_details", "reasoning_tokens"),
    ("output_tokens_details", "thinking_tokens"),
    ("thoughtsTokenCount",),
    ("reasoning_tokens",),
)


def token_usage(read: Any, stated: Mapping[str, Any]) -> TokenUsage:
    """`read` is litellm's Usage or None, `stated` the host's own usage object; a count it lacks is unknown.

    So are all counts of a host that contradicts itself: a total below the sum of input and output.
    """
    if read is None or _contradicts_itself(stated):
        return TokenUsage()
    prompt = getattr(read, "prompt_tokens_details", None)
    written = _count(getattr(prompt, "cache_creation_tokens", None))
    return TokenUsage(
        input_tokens=_count(read.prompt_tokens) if _states(stated, _INPUT_KEYS) else None,
        cached_input_tokens=_count(getattr(prompt, "cached_tokens", None)),
        cache_write_tokens=written if written is not None else _count(stated.get("cache_creation_input_tokens")),
        output_tokens=_count(read.completion_tokens) if _states(stated, _OUTPUT_KEYS) else None,
        reasoning_tokens=next(
            (n for n in (_count(_at(stated, path)) for path in _REASONING_PATHS) if n is not None), None
        ),
    )


def used_tokens(usage: TokenUsage) -> int | None:
    """What an answer took of a limit of tokens; None where the host did not say all of it."""
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    return usage.input_tokens + usage.output_tokens


def _contradicts_itself(stated: Mapping[str, Any]) -> bool:
    total, given, made = (_stated(stated, keys) for keys in (_TOTAL_KEYS, _INPUT_KEYS, _OUTPUT_KEYS))
    return given is not None and made is not None and 0 < (total or 0) < given + made


def reported_cost_usd(stated: Mapping[str, Any]) -> Decimal | None:
    """What the host says that it charged, USD; with a key of the account's own at the upstream host both charges.

    OpenRouter, and what is compatible with it, states `cost`; one that is negative or no number is unknown.
    """
    charged = _usd(stated.get("cost"))
    if charged is None or not stated.get("is_byok"):
        return charged
    upstream = _usd(_at(stated, ("cost_details", "upstream_inference_cost")))
    return None if upstream is None else charged + upstream


def _usd(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value))
        return amount.quantize(_SMALLEST_USD) if 0 <= amount < _ABSURD_USD else None
    except InvalidOperation:
        return None


def _states(stated: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
    return _stated(stated, keys) is not None


def _stated(stated: Mapping[str, Any], keys: tuple[str, ...]) -> int | None:
    return next((count for count in (_count(stated.get(key)) for key in keys) if count is not None), None)


def _at(stated: Mapping[str, Any], path: tuple[str, ...]) -> object:
    value: object = stated
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _count(value: object) -> int | None:
    """A count of tokens; a negative or a broken number is unknown."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value >= 0 and value == value // 1 else None
