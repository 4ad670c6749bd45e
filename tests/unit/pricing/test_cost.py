from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.pricing.cost import cost_of, upper_bound_of
from orchestration.records import PriceRow, PriceService, PriceTier, TokenUsage


def price(
    cached: str | None = None, written: str | None = None, reasoning: str | None = None, output: str | None = "10"
) -> PriceRow:
    amounts = [None if amount is None else Decimal(amount) for amount in ("2", output, cached, written, reasoning)]
    return PriceRow("p", "x", "m", datetime(2026, 1, 1, tzinfo=UTC), *amounts, "s", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("usage", "priced", "usd"),
    [
        (TokenUsage(1000, None, None, 100, None), price(), "0.003"),
        (TokenUsage(1000, 400, None, 100, None), price(cached="0.2"), "0.00228"),
        (TokenUsage(1000, 400, 100, 100, None), price(cached="0.2", written="2.5"), "0.00233"),
        (TokenUsage(1000, None, None, 100, 60), price(), "0.003"),
        (TokenUsage(1000, None, None, 100, 60), price(reasoning="20"), "0.0036"),
        (TokenUsage(0, 0, 0, 0, 0), price(), "0"),
        (TokenUsage(1, None, None, 0, None), price(), "0.000002"),
    ],
)
def test_each_kind_of_token_has_its_rate(usage: TokenUsage, priced: PriceRow, usd: str) -> None:
    assert cost_of(usage, priced) == Decimal(usd)


@pytest.mark.parametrize(
    ("usage", "priced"),
    [
        (TokenUsage(1000, None, None, 100, None), None),
        (TokenUsage(None, None, None, 100, None), price()),
        (TokenUsage(1000, None, None, None, None), price()),
        (TokenUsage(1000, 400, None, 100, None), price()),
        (TokenUsage(1000, None, 5, 100, None), price(cached="1")),
        (TokenUsage(1000, None, None, 100, None), price(output=None)),
    ],
)
def test_what_is_unknown_makes_the_cost_unknown_and_never_nothing(usage: TokenUsage, priced: PriceRow | None) -> None:
    assert cost_of(usage, priced) is None


def tiered() -> PriceRow:
    long = PriceTier("standard", 200_000, Decimal(4), Decimal(15), None, None, None)
    batch = PriceTier("batch", 0, Decimal(1), Decimal(5), None, None, None)
    return replace(price(), tiers=(batch, long))


@pytest.mark.parametrize(
    ("input_tokens", "service", "usd"),
    [
        (200_000, "standard", "0.401"),
        (200_001, "standard", "0.801504"),
        (1000, "batch", "0.0015"),
        (300_000, "batch", "0.3005"),
    ],
)
def test_the_tier_of_the_service_and_of_the_input_prices_the_whole_call(
    input_tokens: int, service: PriceService, usd: str
) -> None:
    assert cost_of(TokenUsage(input_tokens, None, None, 100, None), tiered(), service) == Decimal(usd)


def test_a_service_without_a_tier_has_no_price() -> None:
    assert cost_of(TokenUsage(1000, None, None, 100, None), price(), "batch") is None


@given(
    input_tokens=st.integers(0, 400_000),
    cached=st.integers(0, 400_000),
    written=st.integers(0, 400_000),
    output_tokens=st.integers(0, 10_000),
    reasoned=st.integers(0, 10_000),
    room=st.tuples(st.integers(0, 1000), st.integers(0, 1000)),
)
def test_no_usage_within_the_bounds_costs_more_than_the_upper_bound(
    input_tokens: int, cached: int, written: int, output_tokens: int, reasoned: int, room: tuple[int, int]
) -> None:
    cached = min(cached, input_tokens)
    usage = TokenUsage(
        input_tokens, cached, min(written, input_tokens - cached), output_tokens, min(reasoned, output_tokens)
    )
    full = replace(
        price(cached="0.2", written="2.5", reasoning="20"),
        tiers=(
            PriceTier("standard", 100_000, Decimal(3), Decimal(9), Decimal(1), Decimal(4), Decimal(8)),
            PriceTier("standard", 200_000, Decimal(1), Decimal(9), Decimal(1), Decimal(1), None),
        ),
    )
    cost = cost_of(usage, full)
    bound = upper_bound_of(input_tokens + room[0], output_tokens + room[1], full)
    assert cost is not None
    assert bound is not None
    assert cost <= bound


def test_the_bound_of_an_unknown_price_is_unknown() -> None:
    assert upper_bound_of(1, 1, None) is None
    assert upper_bound_of(1, 1, price(output=None)) is None
