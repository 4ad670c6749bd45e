from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from orchestration.collection.budget import charged_usd
from orchestration.collection.call_prices import CallPrice, CallPricer
from orchestration.pricing.price_book import PriceBook, identified
from orchestration.providers.interface import FailedTry
from orchestration.records import PriceRow
from scenarios.dialogue import Dialogue
from tests.support.scripted_targets import scripted_target

NOW = datetime(2026, 11, 26, 5, tzinfo=UTC)
TARGET = scripted_target("http://127.0.0.1:9", name="real", model="m", price_source="price_rows")
CALL: Any = SimpleNamespace(target_id="real", scenario_id="s", scenario_version=1, variant_seed=0)
PROMPT = "x" * 600


def price(given: str, made: str, at: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> PriceRow:
    amounts = (Decimal(given), Decimal(made), None, None, None)
    return identified(PriceRow("", "openai-compatible", "m", at, *amounts, "s", date(2026, 1, 1)))


def priced(*rows: PriceRow, dialogue: Dialogue | None = None, measured: Any = None, tries: int = 3) -> CallPrice | None:
    scenario = SimpleNamespace(max_output_tokens=100)
    variant: Any = SimpleNamespace(prompt=PROMPT, dialogue=dialogue, scenario=scenario)
    pricer = CallPricer(PriceBook.from_rows(rows), lambda *_: variant, measured, tries)
    return pricer.price(CALL, TARGET, NOW)


def test_without_earlier_answers_an_answer_takes_all_that_it_may() -> None:
    found = priced(price("1", "2"))
    assert found == CallPrice(Decimal("0.000401"), 3 * Decimal("0.000564"), Decimal("0.000564"), 1)


def test_earlier_answers_say_what_is_to_be_expected_and_change_no_bound() -> None:
    found = priced(price("1", "2"), measured={("real", "s"): (150.0, 20.4)})
    assert found is not None
    assert (found.expected_usd, found.try_usd) == (Decimal("0.00019"), Decimal("0.000564"))


def test_a_price_that_rises_while_the_call_may_run_is_its_bound() -> None:
    found = priced(price("1", "2"), price("10", "20", NOW + timedelta(minutes=2)))
    assert found is not None
    assert found.try_usd == Decimal("0.00564")


def test_a_dialogue_is_priced_with_all_that_is_said_again() -> None:
    found = priced(price("1", "2"), dialogue=Dialogue(follow_ups=("y" * 200,), turn_limit=4), tries=1)
    first, second = 364 + 200, 364 + 100 + 164 + 200
    assert found is not None
    assert (found.turn_count, found.bound_usd) == (2, Decimal(first + second) / 1_000_000)
    assert found.expected_usd == found.bound_usd


def test_what_has_no_price_has_none() -> None:
    assert priced() is None


@pytest.mark.parametrize(
    ("codes", "cost", "reported", "charged"),
    [
        ([], "0.1", None, "0.1"),
        ([], "0.1", "0.2", "0.2"),
        ([], None, None, "3"),
        ([], None, "0.2", "0.2"),
        (["rate_limit", "overloaded"], "0.1", None, "0.1"),
        (["timeout"], "0.1", None, "1.1"),
        (["timeout", "malformed", "connection"], "0.5", None, "3"),
        ([], "5", None, "5"),
    ],
)
def test_an_answer_counts_with_its_cost_and_what_failed_tries_may_have_cost(
    make_response: Any, codes: list[str], cost: str | None, reported: str | None, charged: str
) -> None:
    known = [None if usd is None else Decimal(usd) for usd in (cost, reported)]
    response = make_response(cost_usd=known[0], reported_cost_usd=known[1])
    failed = [FailedTry(code, "", None) for code in codes]
    assert charged_usd(CallPrice(Decimal(1), Decimal(3), Decimal(1)), response, failed) == Decimal(charged)


def test_a_failed_dialogue_counts_with_its_whole_bound(make_response: Any) -> None:
    failed = make_response(status="failed", error_code="rate_limit", answer=None, cost_usd=None)
    single = CallPrice(Decimal(1), Decimal(3), Decimal(1))
    assert charged_usd(single, failed, [FailedTry("rate_limit", "", None)]) == 0
    assert charged_usd(replace(single, turn_count=2), failed, [FailedTry("rate_limit", "", None)]) == 3
