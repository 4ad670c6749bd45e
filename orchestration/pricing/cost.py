"""What a call costs: its tokens times the price valid when it ran.

Not here: which price that is (price_book).
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.records import PriceRow, PriceService, PriceTier, TokenUsage

_TOKENS_PER_PRICE = Decimal(1_000_000)
_SMALLEST_USD = Decimal("0.000000001")


def cost_of(usage: TokenUsage, price: PriceRow | None, service: PriceService = "standard") -> Decimal | None:
    """USD to nine decimals; None where a count or a price that it needs is unknown, never 0 in its place.

    - The tier of the service with the highest threshold below the input's tokens prices the whole call.
    - input tokens include cached and cache-write tokens; each of these is taken out and priced at its own rate.
      Some of them at an unpublished rate make the cost unknown; a count that the host does not state is none.
    - output tokens include reasoning tokens, which are priced as output unless they have a rate of their own.
    """
    if price is None or usage.input_tokens is None or usage.output_tokens is None:
        return None
    amounts = amounts_for(price, usage.input_tokens, service)
    if amounts is None:
        return None
    cached = usage.cached_input_tokens or 0
    written = usage.cache_write_tokens or 0
    reasoned = usage.reasoning_tokens or 0 if amounts.reasoning_usd_per_mtok is not None else 0
    parts = (
        _part(max(0, usage.input_tokens - cached - written), amounts.input_usd_per_mtok),
        _part(cached, amounts.cached_input_usd_per_mtok),
        _part(written, amounts.cache_write_usd_per_mtok),
        _part(max(0, usage.output_tokens - reasoned), amounts.output_usd_per_mtok),
        _part(reasoned, amounts.reasoning_usd_per_mtok),
    )
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return (sum(known, Decimal(0)) / _TOKENS_PER_PRICE).quantize(_SMALLEST_USD, ROUND_HALF_EVEN)


def amounts_for(price: PriceRow, input_tokens: int, service: PriceService = "standard") -> PriceRow | PriceTier | None:
    """The amounts that hold for a call of so much input; None where the service has no price."""
    fitting = [tier for tier in price.tiers if tier.service == service and tier.above_input_tokens < input_tokens]
    if fitting:
        return max(fitting, key=lambda tier: tier.above_input_tokens)
    if service == "standard":
        return price
    return next((tier for tier in price.tiers if tier.service == service and tier.above_input_tokens == 0), None)


def upper_bound_of(input_tokens: int, output_tokens: int, price: PriceRow | None) -> Decimal | None:
    """What no call with at most so many tokens costs more than, whichever kind they are; None where it is unknown."""
    if price is None:
        return None
    tiers = [tier for tier in price.tiers if tier.service == "standard" and tier.above_input_tokens < input_tokens]
    priced: list[PriceRow | PriceTier] = [price, *tiers]
    sums = [_most(input_tokens, output_tokens, amounts) for amounts in priced]
    known = [amount for amount in sums if amount is not None]
    if len(known) < len(sums):
        return None
    return (max(known) / _TOKENS_PER_PRICE).quantize(_SMALLEST_USD, ROUND_CEILING)


def _most(input_tokens: int, output_tokens: int, amounts: PriceRow | PriceTier) -> Decimal | None:
    given = _dearest(amounts.input_usd_per_mtok, amounts.cached_input_usd_per_mtok, amounts.cache_write_usd_per_mtok)
    made = _dearest(amounts.output_usd_per_mtok, amounts.reasoning_usd_per_mtok)
    return None if given is None or made is None else input_tokens * given + output_tokens * made


def _dearest(needed: Decimal | None, *others: Decimal | None) -> Decimal | None:
    """The dearest of the known amounts; None where the first one is unknown."""
    return None if needed is None else max(needed, *(other for other in others if other is not None), Decimal(0))


def _part(tokens: int, usd_per_mtok: Decimal | None) -> Decimal | None:
    if tokens == 0:
        return Decimal(0)
    return None if usd_per_mtok is None else tokens * usd_per_mtok
