"""Which price was valid when: dated, sourced rows by provider and model.

Not here: what a call costs (cost), nor how hosts publish prices (published).
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestration.records import PriceRow
from orchestration.settings import PROJECT_ROOT, OperatorError
from scenarios.errors import CatalogueError
from scenarios.marked_yaml import MarkedTree, parse
from scenarios.variants import first_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

PRICE_ROWS_FILE = PROJECT_ROOT / "orchestration" / "pricing" / "price_rows.yaml"

ModelKey = tuple[str, str]
Usd = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]


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
            if _amounts(known) != _amounts(row):
                raise OperatorError(
                    f"{row.provider}/{row.model}: two prices from {row.valid_from.isoformat()} on "
                    f"({known.source}; {row.source}): keep one, or give the later one its own valid_from"
                )
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
        added = [row for row in rows if not self._repeats(row)]
        return PriceBook.from_rows((*self.rows, *added))

    def _repeats(self, row: PriceRow) -> bool:
        known = self.price_at(row.provider, row.model, row.valid_from)
        return known is not None and _amounts(known) == _amounts(row)


def identified(row: PriceRow) -> PriceRow:
    """`row` with the price_id that its model, moment and amounts give: a corrected price is another row."""
    key = json.dumps([row.provider, row.model, row.valid_from.astimezone(UTC).isoformat(), *map(str, _amounts(row))])
    digest = hashlib.sha256(key.encode()).hexdigest()[:10]
    return replace(row, price_id=f"{row.provider}/{row.model}@{row.valid_from.astimezone(UTC):%Y-%m-%dT%H%MZ}-{digest}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Amounts(_Strict):
    """USD per million tokens, written as text so that no binary fraction creeps in."""

    input: Usd
    output: Usd
    cached_input: Usd | None = None
    cache_write: Usd | None = None
    reasoning: Usd | None = None


class _Entry(_Strict):
    provider: str = Field(min_length=1)
    model: str = Field(min_length=1)
    valid_from: date
    source: str = Field(min_length=1)
    checked_on: date
    usd_per_mtok: _Amounts


class _PriceFile(_Strict):
    prices: list[_Entry]


def read_price_rows(path: Path = PRICE_ROWS_FILE) -> tuple[PriceRow, ...]:
    """The rows of a price file. Raises OperatorError "file:line: field: reason"."""
    try:
        tree = parse(path, path.read_text(encoding="utf-8"))
        entries = _PriceFile.model_validate_json(json.dumps(tree.value)).prices
        _refuse_repeated(tree, entries)
    except OSError as error:
        raise OperatorError(f"{path}: can't be read ({error.strerror})") from None
    except ValidationError as error:
        raise OperatorError(str(first_error(tree, error))) from None
    except CatalogueError as error:
        raise OperatorError(str(error)) from None
    return tuple(_row_of(entry) for entry in entries)


def _refuse_repeated(tree: MarkedTree, entries: list[_Entry]) -> None:
    seen: set[tuple[str, str, date]] = set()
    for index, entry in enumerate(entries):
        key = (entry.provider, entry.model, entry.valid_from)
        if key in seen:
            raise tree.error(
                ("prices", index, "valid_from"), f"{entry.model} has another price from {entry.valid_from} on"
            )
        seen.add(key)


def _row_of(entry: _Entry) -> PriceRow:
    amounts = entry.usd_per_mtok
    return identified(
        PriceRow(
            price_id="",
            provider=entry.provider,
            model=entry.model,
            valid_from=datetime(entry.valid_from.year, entry.valid_from.month, entry.valid_from.day, tzinfo=UTC),
            input_usd_per_mtok=amounts.input,
            output_usd_per_mtok=amounts.output,
            cached_input_usd_per_mtok=amounts.cached_input,
            cache_write_usd_per_mtok=amounts.cache_write,
            reasoning_usd_per_mtok=amounts.reasoning,
            source=entry.source,
            checked_on=entry.checked_on,
        )
    )


def _amounts(row: PriceRow) -> tuple[Decimal | None, ...]:
    return tuple(
        None if amount is None else amount.normalize()
        for amount in (
            row.input_usd_per_mtok,
            row.output_usd_per_mtok,
            row.cached_input_usd_per_mtok,
            row.cache_write_usd_per_mtok,
            row.reasoning_usd_per_mtok,
        )
    )


def _refuse_unsound(row: PriceRow) -> None:
    if any(amount is not None and not amount >= 0 for amount in _amounts(row)):
        raise OperatorError(
            f"{row.provider}/{row.model}: a negative price from {row.valid_from.isoformat()} ({row.source})"
        )
