"""What a planned call will cost: what is to be expected, and what it can't exceed.

Not here: what an answer did cost (pricing.cost), nor whether there is money for it (budget).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from orchestration.pricing.cost import cost_of, upper_bound_of
from orchestration.providers.interface import estimated_tokens
from orchestration.providers.litellm_client import RetryPolicy
from orchestration.records import TokenUsage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from orchestration.pricing.price_book import PriceBook
    from orchestration.providers.targets import Target
    from orchestration.records import PlannedCall
    from scenarios.dialogue import Dialogue
    from scenarios.variants import Variant

    VariantOf = Callable[[str, int, int], Variant]
    MeasuredTokens = Mapping[tuple[str, str], tuple[float, float]]

BYTES_PER_TOKEN_AT_LEAST: Final = 2
"""Of the prompts of 128 scenarios the tersest has 2.9 bytes a token (cl100k_base); other tokenizers may be terser."""
FRAMING_TOKENS: Final = 64
"""What a protocol puts around the messages of a request."""
CALLS_IN_A_TURN: Final = 4
"""Tools that a turn of a dialogue is reckoned to call; more are possible, and what they cost beyond is reported."""
LONGEST_CALL: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class CallPrice:
    """USD. `bound_usd` covers every try that a host may charge, `try_usd` the dearest single one of them."""

    expected_usd: Decimal
    bound_usd: Decimal
    try_usd: Decimal
    turn_count: int = 1


class CallPricer:
    """Prices planned calls. `measured` has the mean input and output tokens of earlier answers by target, scenario."""

    def __init__(
        self,
        price_book: PriceBook,
        variants: VariantOf,
        measured: MeasuredTokens | None = None,
        tries: int | None = None,
    ) -> None:
        self._book = price_book
        self._variants = variants
        self._measured = measured or {}
        self._tries = tries or RetryPolicy().tries

    def price(self, call: PlannedCall, target: Target, moment: datetime) -> CallPrice | None:
        """None where no price of the target's model is known."""
        variant = self._variants(call.scenario_id, call.scenario_version, call.variant_seed)
        turns = _turns(variant)
        output = variant.scenario.max_output_tokens
        whole = self._bound(target, moment, [(given, output) for given in turns])
        dearest = self._bound(target, moment, [(turns[-1], output)])
        if whole is None or dearest is None:
            return None
        expected = self._expected(call, target, variant, moment)
        bound = whole + (self._tries - 1) * dearest
        return CallPrice(whole if expected is None else min(expected, whole), bound, dearest, len(turns))

    def _expected(self, call: PlannedCall, target: Target, variant: Variant, moment: datetime) -> Decimal | None:
        """By earlier answers; without any an answer takes all that it may, and a dialogue all of its turns (None)."""
        measured = self._measured.get((call.target_id, call.scenario_id))
        if measured is None and variant.dialogue is not None:
            return None
        given, made = measured or (estimated_tokens(variant.prompt), variant.scenario.max_output_tokens)
        usage = TokenUsage(input_tokens=round(given), output_tokens=round(made))
        return cost_of(usage, self._book.price_at(target.provider, target.model, moment))

    def _bound(self, target: Target, moment: datetime, turns: list[tuple[int, int]]) -> Decimal | None:
        """A price that begins while the call runs may be the one that it is charged by."""
        prices = {self._book.price_at(target.provider, target.model, at) for at in (moment, moment + LONGEST_CALL)}
        sums: list[Decimal] = []
        for price in prices:
            parts = [upper_bound_of(given, made, price) for given, made in turns]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            sums.append(sum(known, Decimal(0)))
        return max(sums)


def _turns(variant: Variant) -> list[int]:
    """The most input tokens of each request: all that was said before is sent again."""
    first = _tokens(variant.prompt)
    dialogue = variant.dialogue
    if dialogue is None:
        return [first]
    count = dialogue.turn_limit if dialogue.tools else min(dialogue.turn_limit, len(dialogue.follow_ups) + 1)
    tools = sum(_tokens(tool.model_dump_json()) for tool in dialogue.tools)
    added = variant.scenario.max_output_tokens + _most_said(dialogue)
    return [first + tools + turn * added for turn in range(count)]


def _most_said(dialogue: Dialogue) -> int:
    results = [str(given) for tool in dialogue.tools for result in tool.results for given in result.gives]
    answers = CALLS_IN_A_TURN * max(map(_tokens, results), default=0)
    return max(answers, *map(_tokens, dialogue.follow_ups), 0)


def _tokens(text: str) -> int:
    return len(text.encode()) // BYTES_PER_TOKEN_AT_LEAST + FRAMING_TOKENS
