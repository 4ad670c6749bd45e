"""What budgets have room for is enrolled, what they have none for is proposed with the figures, in a real database.

Not here: which rule fits a model (unit.providers), nor the listings themselves (test_discover).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.collection.budget_leave import installed_proposals
from orchestration.collection.enrolment import enrol_by_rule
from orchestration.records import ModelSighting, TokenUsage, call_id_of
from orchestration.settings import Settings
from orchestration.storage.database import COLLECTOR
from orchestration.storage.discovery_rows import record_sightings
from orchestration.storage.raw_tables import load_responses
from orchestration.storage.spending import Account, SpendingLedger
from scenarios.loader import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.database import Database

FILE = """
hosts:
  paid: {provider: paid, address: paid, protocol: openai, base_url: "http://127.0.0.1:9", price_source: SOURCE}
targets:
  - {target_id: known, label: Known, host: paid, model: known}
discovery:
  - {host: paid, pattern: "*", decision: enrol, is_price_required: false OWN}
"""
PRICE = """
  - {provider: paid, model: MODEL, valid_from: 2026-01-01, source: page, checked_on: 2026-11-01,
     usd_per_mtok: {input: "1", output: "2"}}
"""
DAY = Decimal("0.0576")
"""Of a target: 12 scenarios in each of 24 hours, 100 tokens to read at 1 USD and 50 to write at 2 USD per million."""
NOW = datetime.now(UTC)


@pytest.fixture
def connection(database: Database, make_response: Callable[..., Any]) -> Iterator[Connection]:
    """A database with an answer of the target `known` to each scenario of the suite canary."""
    hour = NOW.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    scenarios = load_catalogue(Settings().scenarios_dir).suites["canary"].scenario_ids
    answers = [
        make_response(
            benchmark_hour=hour,
            call_id=call_id_of(hour, "known", scenario_id, 1, 0, 0),
            target_id="known",
            scenario_id=scenario_id,
            is_simulated=False,
            usage=TokenUsage(input_tokens=100, output_tokens=50),
        )
        for scenario_id in scenarios
    ]
    with database.connect(COLLECTOR) as connection:
        load_responses(connection, answers, archive_file="responses/one.parquet", run_id="r")
        yield connection


def installation(
    tmp_path: Path, *, priced: tuple[str, ...] = ("known", "new", "newer"), own: str = "", **limits: str
) -> Settings:
    source = "published" if not priced else "price_rows"
    targets, prices = tmp_path / "targets.yaml", tmp_path / "prices.yaml"
    targets.write_text(FILE.replace("OWN", own and f", budget: {own}").replace("SOURCE", source))
    rows = "".join(PRICE.replace("MODEL", name) for name in priced)
    prices.write_text(f"prices:{rows or ' []'}\n")
    budgets: dict[str, Any] = {f"budget_{grain}_usd": Decimal(usd) for grain, usd in limits.items()}
    return Settings(
        home=tmp_path, targets_file=targets, price_rows_file=prices, suites="canary", simulator="off", **budgets
    )


def judged(connection: Connection, config: Settings, *models: str, **changes: Any) -> dict[str, str | None]:
    """The models that the host lists, each with the reason why it is not enrolled at once."""
    seen = [replace(ModelSighting("paid", name, "paid", False, NOW, NOW), **changes) for name in models]
    record_sightings(connection, seen)
    proposals = installed_proposals(config, connection)
    assert all(one.is_enrolled_at_once is (one.reason is None) for one in proposals)
    return {one.entry.model: one.reason for one in proposals}


@pytest.mark.parametrize(
    ("grain", "enough", "too_little", "told"),
    [
        ("day", 2 * DAY, 2 * DAY - Decimal("0.0001"), "the budget of all targets per day leaves 0.0575 of 0.1151 USD"),
        ("month", 60 * DAY, 60 * DAY - Decimal("0.001"), "the budget of all targets per month leaves 1.7270 of 3.4550"),
    ],
)
def test_a_model_is_enrolled_where_a_day_of_it_fits_beside_those_of_the_targets_that_there_are(
    connection: Connection, tmp_path: Path, grain: str, enough: Decimal, too_little: Decimal, told: str
) -> None:
    assert judged(connection, installation(tmp_path, **{grain: str(enough)}), "new") == {"new": None}
    (reason,) = judged(connection, installation(tmp_path, **{grain: str(too_little)}), "new").values()
    assert reason is not None
    assert reason.startswith(f"about 0.0576 USD a day for 288 calls: {told}")
    assert judged(connection, installation(tmp_path), "new") == {"new": None}


def test_what_was_spent_of_the_month_is_gone(connection: Connection, tmp_path: Path) -> None:
    config = installation(tmp_path, month="100")
    assert judged(connection, config, "new") == {"new": None}
    account = Account("month", NOW.replace(day=1, hour=0, minute=0, second=0, microsecond=0), "")
    SpendingLedger(connection).set_aside(Decimal(100), {account: None})
    (reason,) = judged(connection, config, "new").values()
    assert "what is left of this month leaves 0.0000 of 100 USD" in str(reason)


def test_where_there_is_room_for_one_of_two_the_other_is_left_to_a_person(
    connection: Connection, tmp_path: Path
) -> None:
    found = judged(connection, installation(tmp_path, day="0.12"), "new", "newer")
    assert found["new"] is None
    assert "per day leaves 0.0048 of 0.12 USD, 0.0576 are needed" in str(found["newer"])
    enrolled = enrol_by_rule(connection, installed_proposals(installation(tmp_path, day="0.12"), connection))
    assert [one.target_id for one in enrolled] == ["paid-new"]
    assert list(judged(connection, installation(tmp_path, day="0.12"), "new", "newer")) == ["newer"]


def test_the_budget_that_a_rule_gives_its_targets_counts_too(connection: Connection, tmp_path: Path) -> None:
    (reason,) = judged(connection, installation(tmp_path, own="{usd_per_day: 0.05}"), "new").values()
    assert "the target's own budget per day leaves 0.0500 of 0.05 USD, 0.0576 are needed" in str(reason)
    (reason,) = judged(connection, installation(tmp_path, own="{usd_per_month: 1}"), "new").values()
    assert "the target's own budget per month leaves 1.0000 of 1 USD, 1.7280 are needed" in str(reason)
    assert judged(connection, installation(tmp_path, own="{usd_per_day: 0.06}"), "new") == {"new": None}


def test_the_price_that_a_listing_states_is_reckoned_with(connection: Connection, tmp_path: Path) -> None:
    stated = {"has_published_price": True, "pricing": {"prompt": "0.000002", "completion": "0.000004"}}
    (reason,) = judged(connection, installation(tmp_path, priced=(), day="0.1"), "new", **stated).values()
    assert str(reason).startswith("about 0.1152 USD a day for 288 calls: the budget of all targets per day leaves 0.1")


def test_without_a_price_there_are_no_figures_and_the_rule_has_its_way(connection: Connection, tmp_path: Path) -> None:
    assert judged(connection, installation(tmp_path, priced=("known",), day="0.01"), "new") == {"new": None}
