from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from orchestration.pricing.cost import cost_of
from orchestration.records import PriceRow, TokenUsage


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
