"""What a call costs: its tokens times the price valid when it ran.

Not here: which price that is (price_book).
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.records import PriceRow, TokenUsage

_TOKENS_PER_PRICE = Decimal(1_000_000)
_SMALLEST_USD = Decimal("0.000000001")


def cost_of(usage: TokenUsage, price: PriceRow | None) -> Decimal | None:
    """USD to nine decimals; None where a count or a price that it needs is unknown, never 0 in its place.

    - input tokens include cached and cache-write tokens; each of these is taken out and priced at its own rate.
      Some of them at an unpublished rate make the cost unknown; a count that the host does not state is none.
    - output tokens include reasoning tokens, which are priced as output unless they have a rate of their own.
    """
    if price is None or usage.input_tokens is None or usage.output_tokens is None:
        return None
    cached = usage.cached_input_tokens or 0
    written = usage.cache_write_tokens or 0
    reasoned = usage.reasoning_tokens or 0 if price.reasoning_usd_per_mtok is not None else 0
    parts = (
        _part(max(0, usage.input_tokens - cached - written), price.input_usd_per_mtok),
        _part(cached, price.cached_input_usd_per_mtok),
        _part(written, price.cache_write_usd_per_mtok),
        _part(max(0, usage.output_tokens - reasoned), price.output_usd_per_mtok),
        _part(reasoned, price.reasoning_usd_per_mtok),
    )
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return (sum(known, Decimal(0)) / _TOKENS_PER_PRICE).quantize(_SMALLEST_USD, ROUND_HALF_EVEN)


def _part(tokens: int, usd_per_mtok: Decimal | None) -> Decimal | None:
    if tokens == 0:
        return Decimal(0)
    return None if usd_per_mtok is None else tokens * usd_per_mtok
