from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from orchestration.pricing.bundled import bundled_price_row, differences, entry_text
from orchestration.pricing.cost import cost_of
from orchestration.pricing.price_file import read_price_rows
from orchestration.providers.bundled_table import bundled_entry
from orchestration.records import PriceRow, PriceTier, TokenUsage
from orchestration.settings import PROJECT_ROOT

NOW = datetime(2026, 11, 26, tzinfo=UTC)
TRUTH = PROJECT_ROOT.parent / "shared" / "data" / "prices" / "usage_cost_truth.public.jsonl.gz"


def bundled(provider: str, model: str) -> PriceRow | None:
    entry = bundled_entry(provider, model)
    return None if entry is None else bundled_price_row(provider, model, entry, source="s", valid_from=NOW)


def test_our_rows_are_those_of_the_bundled_table() -> None:
    told = {}
    for row in read_price_rows():
        other = bundled(row.provider, row.model)
        told[row.model] = "is not in the table" if other is None else differences(row, other)
    assert {model: found for model, found in told.items() if found} == {}


def test_an_entry_becomes_a_row_with_its_tiers() -> None:
    entry: dict[str, Any] = {
        "input_cost_per_token": 1e-06,
        "output_cost_per_token": 4e-06,
        "cache_read_input_token_cost": 2.5e-07,
        "output_cost_per_reasoning_token": 6e-06,
        "input_cost_per_token_above_200k_tokens": 2e-06,
        "output_cost_per_token_above_200k_tokens": 8e-06,
        "input_cost_per_token_batches": 5e-07,
        "output_cost_per_token_batches": 2e-06,
    }
    row = bundled_price_row("p", "m", entry, source="s", valid_from=NOW)
    assert row is not None
    assert (row.input_usd_per_mtok, row.cached_input_usd_per_mtok, row.reasoning_usd_per_mtok) == (
        1,
        Decimal("0.25"),
        6,
    )
    assert row.tiers == (
        PriceTier("standard", 200_000, Decimal(2), Decimal(8), Decimal("0.25"), None, Decimal(6)),
        PriceTier("batch", 0, Decimal("0.5"), Decimal(2), None, None, None),
    )
    assert 'above_input_tokens: 200000, input: "2", output: "8", cached_input: "0.25"' in entry_text(row)


@pytest.mark.parametrize(
    "entry",
    [
        {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0},
        {"input_cost_per_token": 1e-06},
        {"input_cost_per_token": -1e-06, "output_cost_per_token": 1e-06},
        {"input_cost_per_token": True, "output_cost_per_token": "many"},
    ],
)
def test_a_price_that_the_table_does_not_know_is_none_and_never_nothing(entry: dict[str, Any]) -> None:
    assert bundled_price_row("p", "m", entry, source="s", valid_from=NOW) is None


def test_differences_are_named() -> None:
    row = bundled_price_row(
        "p", "m", {"input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06}, source="s", valid_from=NOW
    )
    other = bundled_price_row(
        "p", "m", {"input_cost_per_token": 1e-06, "output_cost_per_token": 5e-06}, source="s", valid_from=NOW
    )
    assert row is not None
    assert other is not None
    assert differences(row, row) == []
    assert differences(row, other) == ["output_usd_per_mtok: 4 here, 5 in the bundled table"]


def usage_of(record: dict[str, Any]) -> TokenUsage:
    stated = record["extracted"]
    return TokenUsage(
        stated["input_tokens"],
        stated.get("cache_read_tokens"),
        stated.get("cache_write_tokens"),
        stated["output_tokens"],
        stated.get("output_reasoning_tokens"),
    )


@pytest.mark.skipif(not TRUTH.exists(), reason="shared/data is not here: no usage with its true cost to compare with")
def test_costs_of_real_usage_are_those_of_an_independent_calculator() -> None:
    """Where its price of output is ours, and neither sound was sent nor a search made: both have their own prices."""
    other_kinds = {"input_audio_tokens", "cache_audio_read_tokens", "web_searches"}
    seen: Counter[str] = Counter()
    off = []
    with gzip.open(TRUTH, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for record in records:
        price, usage = bundled(record["provider"], record["model"]), usage_of(record)
        cost = cost_of(usage, price)
        if price is None:
            assert cost is None
            seen["unknown"] += 1
        elif cost is None or other_kinds & record["extracted"].keys() or not is_same_price(record, price):
            seen["another price"] += 1
        else:
            seen["compared"] += 1
            if abs(float(cost) - record["total"]) > 0.005 * record["total"]:
                off.append((record["model"], record["extracted"], float(cost), record["total"]))
    assert off == []
    assert seen["compared"] >= 120, seen


def is_same_price(record: dict[str, Any], price: PriceRow) -> bool:
    """Whether the calculator's price of output is ours, as far as its cost tells."""
    made = record["extracted"]["output_tokens"]
    if not made or price.output_usd_per_mtok is None:
        return False
    theirs = Decimal(record["output_price"]) / made * 1_000_000
    return abs(theirs - price.output_usd_per_mtok) <= Decimal("0.001") * price.output_usd_per_mtok
