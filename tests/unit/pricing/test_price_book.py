from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from orchestration.pricing.price_book import PriceBook, identified
from orchestration.pricing.price_file import PRICE_ROWS_FILE, read_price_rows
from orchestration.pricing.published import published_price_rows
from orchestration.providers.targets import load_targets
from orchestration.records import PriceRow
from orchestration.settings import PROJECT_ROOT, OperatorError

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 11, 1, tzinfo=UTC)


def price(usd: str, valid_from: datetime = START) -> PriceRow:
    return identified(
        PriceRow(
            "", "simulator", "atlas", valid_from, Decimal(usd), Decimal(usd), None, None, None, "x", date(2026, 11, 1)
        )
    )


def test_a_price_holds_from_its_moment_until_the_next() -> None:
    book = PriceBook.from_rows([price("2", START + timedelta(days=3)), price("1")])
    assert book.price_at("simulator", "atlas", START - timedelta(seconds=1)) is None
    assert book.price_at("simulator", "atlas", START) == price("1")
    assert book.price_at("simulator", "atlas", START + timedelta(days=3) - timedelta(seconds=1)) == price("1")
    assert book.price_at("simulator", "atlas", START + timedelta(days=3)) == price("2", START + timedelta(days=3))
    assert book.price_at("simulator", "other", START) is None


def test_two_prices_from_one_moment_are_refused_and_a_repeated_row_is_not() -> None:
    assert len(PriceBook.from_rows([price("1"), price("1.00")]).rows) == 1
    with pytest.raises(OperatorError, match="simulator/atlas: two prices from 2026-11-01"):
        PriceBook.from_rows([price("1"), price("2")])


def test_a_negative_price_is_refused() -> None:
    with pytest.raises(OperatorError, match="negative price"):
        PriceBook.from_rows([replace(price("1"), output_usd_per_mtok=Decimal(-1))])


def test_a_published_price_that_changes_nothing_adds_no_row() -> None:
    book = PriceBook.from_rows([price("1")])
    assert book.with_rows([price("1", START + timedelta(days=1))]).rows == book.rows
    assert len(book.with_rows([price("3", START + timedelta(days=1))]).rows) == 2


def test_every_real_target_with_price_rows_has_one_today() -> None:
    book = PriceBook.from_rows(read_price_rows())
    targets = load_targets(
        PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml", environment={}, simulator_url=None
    )
    unpriced = [
        t.target_id
        for t in targets
        if t.host.price_source == "price_rows"
        and book.price_at(t.provider, t.model, datetime(2027, 1, 1, tzinfo=UTC)) is None
    ]
    assert unpriced == []
    assert len({row.price_id for row in book.rows}) == len(book.rows)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('input: "4"', 'input: "-4"', "usd_per_mtok.input"),
        ('input: "4"', 'input: "four"', "usd_per_mtok.input"),
        ("model: claude-sonnet-5-5", "model: claude-opus-5-5", "has another price from"),
        ("checked_on: 2026-11-23", "checked: 2026-11-23", "checked_on: field required"),
    ],
)
def test_a_mistake_in_the_price_file_is_told_with_its_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    broken = tmp_path / "prices.yaml"
    broken.write_text(PRICE_ROWS_FILE.read_text().replace(before, after, 1))
    with pytest.raises(OperatorError, match=rf"^{broken}:\d+: ") as told:
        read_price_rows(broken)
    assert said in str(told.value)


def test_dated_and_undated_published_prices_become_rows() -> None:
    dated = [
        {"valid_from": "2026-11-01T00:00:00+00:00", "prompt": "0.000003", "completion": "0.000015"},
        {"valid_from": "2026-11-10T00:00:00Z", "prompt": "0.000006", "completion": "0.00003"},
    ]
    rows = published_price_rows("simulator", "atlas", dated, source="s", seen_at=START)
    assert [(r.valid_from.day, r.input_usd_per_mtok, r.output_usd_per_mtok) for r in rows] == [(1, 3, 15), (10, 6, 30)]
    router = {
        "prompt": "0.00000025",
        "completion": "0.000001",
        "input_cache_read": "0.00000005",
        "internal_reasoning": "0",
    }
    (row,) = published_price_rows("openrouter", "m", router, source="s", seen_at=START + timedelta(minutes=5))
    assert (row.valid_from, row.cached_input_usd_per_mtok) == (START, Decimal("0.05"))
    assert row.reasoning_usd_per_mtok is None


@pytest.mark.parametrize(
    "pricing",
    [
        None,
        "free",
        {},
        {"prompt": "-1", "completion": "-1"},
        {"prompt": "x", "completion": "1"},
        [{"prompt": "NaN"}],
        [7],
    ],
)
def test_a_senseless_published_price_is_no_price(pricing: object) -> None:
    assert published_price_rows("openrouter", "m", pricing, source="s", seen_at=START) == ()
