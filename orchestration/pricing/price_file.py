"""The project's own price rows: a file of dated, sourced amounts that a person keeps.

Not here: which of them is valid when (price_book).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestration.pricing.price_book import AMOUNTS, identified
from orchestration.records import PriceRow, PriceService, PriceTier
from orchestration.settings import PROJECT_ROOT, OperatorError
from scenarios.errors import CatalogueError
from scenarios.marked_yaml import MarkedTree, parse
from scenarios.variants import first_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRICE_ROWS_FILE = PROJECT_ROOT / "orchestration" / "pricing" / "price_rows.yaml"

Usd = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Amounts(_Strict):
    """USD per million tokens, written as text so that no binary fraction creeps in."""

    input: Usd
    output: Usd
    cached_input: Usd | None = None
    cache_write: Usd | None = None
    reasoning: Usd | None = None

    @property
    def columns(self) -> dict[str, Decimal | None]:
        return {column: getattr(self, column.removesuffix("_usd_per_mtok")) for column in AMOUNTS}


class _Tier(_Amounts):
    service: PriceService = "standard"
    above_input_tokens: int = Field(default=0, ge=0)


class _Entry(_Strict):
    provider: str = Field(min_length=1)
    model: str = Field(min_length=1)
    valid_from: date
    source: str = Field(min_length=1)
    checked_on: date
    usd_per_mtok: _Amounts
    tiers: list[_Tier] = Field(default_factory=list)


class _PriceFile(_Strict):
    prices: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PriceFile:
    """The sound rows, and what is wrong with the others: "file:line: field: reason", by provider and model.

    Nothing is said of the price of a model of which any row is faulty: its other rows are left out, too.
    """

    rows: tuple[PriceRow, ...]
    faults: tuple[str, ...]
    lines: dict[tuple[str, str], str]
    """Where each model's first row stands, as "file:line"."""


def read_price_rows(path: Path = PRICE_ROWS_FILE) -> tuple[PriceRow, ...]:
    """The rows of a price file. Raises OperatorError "file:line: field: reason" for the first fault."""
    found = read_price_file(path)
    if found.faults:
        raise OperatorError(found.faults[0])
    return found.rows


def read_price_file(path: Path = PRICE_ROWS_FILE) -> PriceFile:
    """What can be used of a price file. Raises OperatorError only for one that is no list of prices."""
    try:
        tree = parse(path, path.read_text(encoding="utf-8"))
        count = len(_PriceFile.model_validate_json(json.dumps(tree.value)).prices)
    except OSError as error:
        raise OperatorError(
            f"{path}: can't be read ({error.strerror}): name a file in AIBAAS_PRICE_ROWS_FILE"
        ) from None
    except UnicodeDecodeError:
        raise OperatorError(f"{path}: is not UTF-8 text") from None
    except ValidationError as error:
        raise OperatorError(str(first_error(tree, error))) from None
    except CatalogueError as error:
        raise OperatorError(str(error)) from None
    return _sound(tree, count)


def _sound(tree: MarkedTree, count: int) -> PriceFile:
    entries = [_checked(tree, index) for index in range(count)]
    faults: dict[tuple[str, str], list[str]] = {}
    for index, checked in enumerate(entries):
        if isinstance(checked, str):
            faults.setdefault(_model_of(tree.value["prices"][index]), []).append(checked)
    for index in _repeated(entries):
        entry = tree.value["prices"][index]
        reason = f"{entry['model']} has another price from {entry['valid_from']} on"
        faults.setdefault(_model_of(entry), []).append(str(tree.error(("prices", index, "valid_from"), reason)))
    sound = [entry for entry in entries if isinstance(entry, _Entry) and (entry.provider, entry.model) not in faults]
    lines = {
        (entry.provider, entry.model): f"{tree.file}:{tree.lines['prices', index]}"
        for index, entry in reversed(list(enumerate(entries)))
        if isinstance(entry, _Entry)
    }
    return PriceFile(tuple(map(_row_of, sound)), tuple(told for found in faults.values() for told in found), lines)


def _checked(tree: MarkedTree, index: int) -> _Entry | str:
    """The entry, or what is wrong with it."""
    value = tree.value["prices"][index]
    try:
        entry = _Entry.model_validate_json(json.dumps(value))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        reason = f"{first['msg'][:1].lower()}{first['msg'][1:]} ({'/'.join(_model_of(value))})"
        return str(tree.error(("prices", index, *first["loc"]), reason))
    places = [(tier.service, tier.above_input_tokens) for tier in entry.tiers]
    if ("standard", 0) in places or len(set(places)) < len(places):
        reason = f"each tier of {entry.model} needs a service and threshold of its own, above 0 where it is standard"
        return str(tree.error(("prices", index, "tiers"), reason))
    return entry


def _model_of(value: dict[str, Any]) -> tuple[str, str]:
    return str(value.get("provider", "?")), str(value.get("model", "?"))


def _repeated(entries: list[_Entry | str]) -> Iterator[int]:
    seen: set[tuple[str, str, date]] = set()
    for index, entry in enumerate(entries):
        if isinstance(entry, str):
            continue
        key = (entry.provider, entry.model, entry.valid_from)
        if key in seen:
            yield index
        seen.add(key)


def _row_of(entry: _Entry) -> PriceRow:
    return identified(
        PriceRow(
            price_id="",
            provider=entry.provider,
            model=entry.model,
            valid_from=datetime(entry.valid_from.year, entry.valid_from.month, entry.valid_from.day, tzinfo=UTC),
            **entry.usd_per_mtok.columns,
            source=entry.source,
            checked_on=entry.checked_on,
            tiers=tuple(PriceTier(tier.service, tier.above_input_tokens, **tier.columns) for tier in entry.tiers),
        )
    )
