"""Prices as hosts publish them in their model listings, read into price rows.

Not here: fetching the listing (providers).
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.pricing.price_book import identified
from orchestration.records import PriceRow

if TYPE_CHECKING:
    from collections.abc import Mapping

_PER_MILLION = Decimal(1_000_000)


def published_price_rows(
    provider: str, model: str, pricing: object, *, source: str, seen_at: datetime
) -> tuple[PriceRow, ...]:
    """The rows that one model's `pricing` states: a list of dated prices, or one mapping that holds from now on.

    Amounts are decimal strings in USD per token (`prompt`, `completion`, `input_cache_read`, ...). A price that
    is missing, negative (a router's "varies") or no number is left out: the cost is then unknown.
    """
    entries = pricing if isinstance(pricing, list) else [pricing]
    rows = [_row(provider, model, entry, source, seen_at) for entry in entries if isinstance(entry, dict)]
    return tuple(row for row in rows if row is not None)


def _row(provider: str, model: str, entry: Mapping[str, Any], source: str, seen_at: datetime) -> PriceRow | None:
    valid_from = _moment(entry.get("valid_from"), seen_at)
    prompt, completion = per_mtok(entry.get("prompt")), per_mtok(entry.get("completion"))
    if valid_from is None or prompt is None or completion is None:
        return None
    return identified(
        PriceRow(
            price_id="",
            provider=provider,
            model=model,
            valid_from=valid_from,
            input_usd_per_mtok=prompt,
            output_usd_per_mtok=completion,
            cached_input_usd_per_mtok=per_mtok(entry.get("input_cache_read")),
            cache_write_usd_per_mtok=per_mtok(entry.get("input_cache_write")),
            reasoning_usd_per_mtok=per_mtok(entry.get("internal_reasoning")) or None,
            source=source,
            checked_on=seen_at.astimezone(UTC).date(),
        )
    )


def _moment(stated: object, seen_at: datetime) -> datetime | None:
    if stated is None:
        return seen_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    try:
        moment = datetime.fromisoformat(str(stated))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def per_mtok(stated: object) -> Decimal | None:
    """USD per million tokens of an amount per token; None for what is no amount: missing, negative, no number."""
    try:
        amount = Decimal(str(stated)) * _PER_MILLION
    except ArithmeticError:
        return None
    return amount.normalize() + 0 if amount.is_finite() and amount >= 0 else None
