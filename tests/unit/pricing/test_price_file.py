from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from orchestration.collection.price_rows import checked_prices
from orchestration.collection.published_prices import stated_prices
from orchestration.pricing.price_book import PriceBook
from orchestration.pricing.price_file import read_price_file
from orchestration.settings import OperatorError, Settings

if TYPE_CHECKING:
    from pathlib import Path

SOUND = """prices:
  - {provider: openai, model: gpt-6-luna, valid_from: 2026-01-01, source: s, checked_on: 2026-01-01,
     usd_per_mtok: {input: "1", output: "2"}}
"""
ENTRY = """  - provider: anthropic
    model: claude-opus-5-5
    valid_from: 2026-02-01
    source: s
    checked_on: 2026-02-01
    usd_per_mtok: {input: "4", output: "20"}
    tiers:
      - {above_input_tokens: 1000, input: "8", output: "40"}
"""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('input: "4"', 'input: "-4"', "9: prices[1].usd_per_mtok.input: input should be greater than or equal to 0"),
        ('input: "8"', 'input: "-8"', "11: prices[1].tiers[0].input: input should be greater than or equal to 0"),
        ("above_input_tokens: 1000, ", "", "10: prices[1].tiers: each tier of claude-opus-5-5"),
        ("service", "service", ""),
    ],
)
def test_a_faulty_price_is_told_with_its_line_and_the_others_go_on(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(SOUND + ENTRY.replace(before, after))
    found = read_price_file(path)
    assert {row.model for row in found.rows} == ({"gpt-6-luna"} if said else {"gpt-6-luna", "claude-opus-5-5"})
    assert [told for told in found.faults if f"{path}:{said}" in told] == list(found.faults)
    assert bool(found.faults) == bool(said)


def test_overlapping_rows_leave_their_model_without_a_price(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(SOUND + ENTRY + ENTRY)
    found = read_price_file(path)
    assert [row.model for row in found.rows] == ["gpt-6-luna"]
    assert found.faults == (f"{path}:14: prices[2].valid_from: claude-opus-5-5 has another price from 2026-02-01 on",)


def test_a_row_that_contradicts_a_stored_one_is_a_fault_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(SOUND + ENTRY)
    stored = stated_prices((), path).book.rows
    path.write_text((SOUND + ENTRY).replace('input: "4"', 'input: "5"'))
    known = stated_prices(stored, path)
    assert known.book.rows == PriceBook.from_rows(stored).rows
    (fault,) = known.faults
    assert fault.startswith(f"{path}:4: anthropic/claude-opus-5-5: two prices from 2026-02-01")


def test_tiers_that_are_stated_later_complete_a_stored_price(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(SOUND + ENTRY.partition("    tiers")[0])
    stored = stated_prices((), path).book.rows
    path.write_text(SOUND + ENTRY)
    known = stated_prices(stored, path)
    assert known.faults == []
    price = known.book.price_at("anthropic", "claude-opus-5-5", datetime(2026, 3, 1, tzinfo=UTC))
    assert price is not None
    assert len(price.tiers) == 1


def test_a_file_that_is_no_list_of_prices_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text("prices: none\n")
    with pytest.raises(OperatorError, match=rf"^{path}:1: prices: input should be a valid array"):
        read_price_file(path)


def test_a_row_of_an_unknown_model_and_a_target_without_a_row_are_named(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(SOUND + ENTRY.replace("claude-opus-5-5", "claude-opus-5-6"))
    found = checked_prices(Settings(price_rows_file=path), datetime(2026, 11, 26, tzinfo=UTC))
    assert "target anthropic-claude-opus-5-5: no usable price of anthropic/claude-opus-5-5" in found.faults
    assert any(told.startswith(f"{path}:4: no target is anthropic/claude-opus-5-6") for told in found.notes)
    assert any(told.startswith(f"{path}:2: openai/gpt-6-luna: input_usd_per_mtok: 1 here, 0.1") for told in found.notes)
