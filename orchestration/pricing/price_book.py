"""Which price was valid when: dated, sourced rows by provider and model.

Not here: what a call costs (cost), the file of the project's rows (price_file), nor how hosts publish prices.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from dataclasses import replace
from datetime import UTC
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from decimal import Decimal

    from orchestration.records import PriceRow, PriceTier

ModelKey = tuple[str, str]
AMOUNTS: Final = (
    "input_usd_per_mtok",
    "output_usd_per_mtok",
    "cached_input_usd_per_mtok",
    "cache_write_usd_per_mtok",
    "reasoning_usd_per_mtok",
)


class PriceBook:
    """All price rows. A price holds from its `valid_from` until the next row of the same provider and model."""

    def __init__(self, rows: Mapping[ModelKey, tuple[PriceRow, ...]]) -> None:
        self._rows = rows
        self._starts = {key: [row.valid_from for row in dated] for key, dated in rows.items()}

    @classmethod
    def from_rows(cls, rows: Iterable[PriceRow]) -> PriceBook:
        """Raises OperatorError for a negative price, and for two prices of one model from the same moment."""
        by_model: dict[ModelKey, dict[datetime, PriceRow]] = {}
        for row in rows:
            _refuse_unsound(row)
            dated = by_model.setdefault((row.provider, row.model), {})
            known = dated.setdefault(row.valid_from, row)
            if _is_other_price(known, row):
                raise OperatorError(
                    f"{row.provider}/{row.model}: two prices from {row.valid_from.isoformat()} on "
                    f"({known.source}; {row.source}): keep one, or give the later one its own valid_from"
                )
            dated[row.valid_from] = row if row.tiers else known
        return cls({key: tuple(dated[start] for start in sorted(dated)) for key, dated in by_model.items()})

    @property
    def rows(self) -> tuple[PriceRow, ...]:
        """Every row, by provider, model and moment."""
        return tuple(row for key in sorted(self._rows) for row in self._rows[key])

    def price_at(self, provider: str, model: str, moment: datetime) -> PriceRow | None:
        """The price valid at `moment` (aware), None where none is known."""
        starts = self._starts.get((provider, model), [])
        index = bisect_right(starts, moment)
        return self._rows[provider, model][index - 1] if index else None

    def with_rows(self, rows: Iterable[PriceRow]) -> PriceBook:
        """This book and `rows`, of which those that repeat the price already valid at their moment are left out."""
        added = [row for row in rows if self.is_news(row)]
        return PriceBook.from_rows((*self.rows, *added))

    def successions(self) -> Iterator[tuple[PriceRow, PriceRow]]:
        """Every two rows of one model of which the second took the place of the first."""
        for dated in self._rows.values():
            yield from pairwise(dated)

    def is_news(self, row: PriceRow) -> bool:
        """Whether a row states another price than the one valid at its moment."""
        known = self.price_at(row.provider, row.model, row.valid_from)
        return known is None or _amounts(known) != _amounts(row)


def identified(row: PriceRow) -> PriceRow:
    """`row` with the price_id that its model, moment and amounts give: a corrected price is another row."""
    key = json.dumps([row.provider, row.model, row.valid_from.astimezone(UTC).isoformat(), *map(str, _amounts(row))])
    digest = hashlib.sha256(key.encode()).hexdigest()[:10]
    return replace(row, price_id=f"{row.provider}/{row.model}@{row.valid_from.astimezone(UTC):%Y-%m-%dT%H%MZ}-{digest}")


def amounts_of(row: PriceRow | PriceTier) -> tuple[Decimal | None, ...]:
    """Input, output, cached input, cache write and reasoning, each without trailing zeros."""
    found = (getattr(row, name) for name in AMOUNTS)
    return tuple(None if amount is None else amount.normalize() for amount in found)


def _amounts(row: PriceRow) -> tuple[object, ...]:
    """All that a row states about money; a row without tiers is told by its five amounts, as before there were any."""
    return (*amounts_of(row), *(_tier(tier) for tier in sorted(row.tiers, key=_tier_key)))


def _is_other_price(one: PriceRow, other: PriceRow) -> bool:
    """A row that states tiers of a price that was known without them is not another price."""
    if one.tiers and other.tiers:
        return _amounts(one) != _amounts(other)
    return amounts_of(one) != amounts_of(other)


def _tier(tier: PriceTier) -> tuple[object, ...]:
    return (*_tier_key(tier), *map(str, amounts_of(tier)))


def _tier_key(tier: PriceTier) -> tuple[str, int]:
    return tier.service, tier.above_input_tokens


def _refuse_unsound(row: PriceRow) -> None:
    amounts: list[PriceRow | PriceTier] = [row, *row.tiers]
    for priced in amounts:
        if any(amount is not None and not amount >= 0 for amount in amounts_of(priced)):
            raise OperatorError(
                f"{row.provider}/{row.model}: a negative price from {row.valid_from.isoformat()} ({row.source})"
            )
