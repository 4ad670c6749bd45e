"""Discovery over real HTTP and in a real database: what came, what went, what became a target, and who kept silent."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.collection.discover import ask_hosts, record_listings
from orchestration.collection.enrolment import enrol, enrol_by_rule, open_proposals, retire
from orchestration.pricing.price_book import identified
from orchestration.providers.litellm_client import LiteLLMClient
from orchestration.providers.target_file import DiscoveryRule
from orchestration.providers.targets import load_targets
from orchestration.records import PriceRow
from orchestration.settings import PROJECT_ROOT, OperatorError
from orchestration.storage.discovery_rows import read_enrolments, read_sightings
from orchestration.storage.raw_tables import record_prices
from tests.support.listing_server import Fault, ListingServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.collection.discover import Listings
    from orchestration.providers.discovery import Proposal
    from orchestration.providers.targets import Target
    from orchestration.records import Change
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.database import Database

TARGETS_FILE = PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml"
KEYS = {"OPENAI_API_KEY": "key", "ANTHROPIC_API_KEY": "key"}


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.connect("aibaas_collector") as connection:
        yield connection


def ask(**servers: ListingServer) -> Listings:
    """One day's listings; a server's keyword is the name of its host."""

    async def run() -> Listings:
        async with AsyncExitStack() as stack:
            hosts = []
            for name, server in servers.items():
                await stack.enter_async_context(server)
                protocol = "anthropic" if name == "anthropic" else "openai"
                source = "published" if server.pricing else "none"
                hosts.append(server.host(protocol, name=name, price_source=source))
            return await ask_hosts(hosts, LiteLLMClient())

    return asyncio.run(run())


def day(connection: Connection, *models: str, fault: Fault | None = None) -> list[Change]:
    """A day on which the host openai lists these models, and what changed by that."""
    return record_listings(connection, ask(openai=ListingServer(list(models), fault=fault)))


def events(changes: list[Change]) -> list[tuple[str, Any]]:
    return [(change.subject, change.new_value and change.new_value["event"]) for change in changes]


def targets(connection: Connection) -> tuple[Target, ...]:
    return load_targets(TARGETS_FILE, environment=KEYS, simulator_url=None, enrolments=read_enrolments(connection))


def proposals(connection: Connection, *rules: dict[str, Any]) -> list[Proposal]:
    stated = [DiscoveryRule.model_validate({"host": "openai", "decision": "enrol"} | rule) for rule in rules]
    return open_proposals(connection, targets(connection), stated)


def test_models_come_and_go_and_come_back(connection: Connection) -> None:
    assert events(day(connection, "a", "b")) == [("openai/a", "in_first_listing"), ("openai/b", "in_first_listing")]
    assert events(day(connection, "a", "b", "c")) == [("openai/c", "first_seen")]
    assert day(connection, "b", "c") == []
    (gone,) = day(connection, "b", "c")
    assert (gone.subject, gone.new_value) == ("openai/a", None)
    assert day(connection, "b", "c") == []
    assert events(day(connection, "a", "b", "c")) == [("openai/a", "came_back")]
    seen = read_sightings(connection)["openai"]
    assert seen["a"].first_seen_at < seen["c"].first_seen_at < seen["a"].last_seen_at == seen["c"].last_seen_at
    assert seen["a"].missed_since is None
    assert gone.old_value is not None
    assert datetime.fromisoformat(gone.old_value["last_seen_at"]) < gone.effective_at < gone.noticed_at
    kept = connection.execute("SELECT count(*) FROM raw.changes WHERE kind = 'listing'").fetchone()
    assert kept == (5,)


@pytest.mark.parametrize(
    "fault",
    [Fault(), Fault(status=500), Fault(status=401), Fault(body='{"data": [', content_type="application/json")],
    ids=["a proxy's page", "500", "401", "half an answer"],
)
def test_a_silent_host_is_not_a_vanished_model(connection: Connection, fault: Fault) -> None:
    day(connection, "a")
    before = read_sightings(connection)
    for _ in range(3):
        assert day(connection, fault=fault) == []
    assert read_sightings(connection) == before


def test_listings_without_a_model_must_follow_one_another(connection: Connection) -> None:
    day(connection, "a", "b")
    for models in (("b",), ("a", "b"), ("b",)):
        assert day(connection, *models) == []
    assert read_sightings(connection)["openai"]["a"].vanished_at is None


def test_a_listing_that_another_one_has_overtaken_says_nothing(connection: Connection) -> None:
    early = ask(openai=ListingServer(["a"]))
    day(connection, "a", "b")
    before = read_sightings(connection)
    assert record_listings(connection, early) == []
    assert read_sightings(connection) == before


def test_a_host_that_fails_is_named_and_the_others_go_on(connection: Connection) -> None:
    listings = ask(openai=ListingServer(["a"], fault=Fault()), anthropic=ListingServer(["b", "c"], page_size=1))
    assert [(listing.host.name, len(listing.models)) for listing in listings.answered] == [("anthropic", 2)]
    assert list(listings.silent_hosts) == ["openai"]
    assert listings.silent_hosts["openai"].startswith("not JSON (text/html")
    assert len(record_listings(connection, listings)) == 2


def test_a_host_that_is_not_there_is_silent(connection: Connection) -> None:
    async def run() -> Listings:
        async with ListingServer([]) as server:
            host = server.host()
        return await ask_hosts([host], LiteLLMClient())

    listings = asyncio.run(run())
    assert listings.answered == []
    assert listings.silent_hosts["scripted"].startswith("ClientConnectorError")
    assert record_listings(connection, listings) == []


def test_a_rule_enrols_what_has_a_price_and_the_target_is_known_from_then_on(connection: Connection) -> None:
    day(connection, "gpt-9", "gpt-9-mini", "gpt-6-luna")
    price = PriceRow(
        "", "openai", "gpt-9", datetime(2026, 1, 1, tzinfo=UTC), Decimal(1), Decimal(2), None, None, None, "page",
        datetime(2026, 1, 1, tzinfo=UTC).date(),
    )  # fmt: skip
    record_prices(connection, [identified(price)])
    rule = {"pattern": "gpt-9*", "reasoning_effort": "low", "budget": {"usd_per_day": Decimal(1)}}
    (enrolled,) = enrol_by_rule(connection, proposals(connection, rule))
    assert (enrolled.target_id, enrolled.source) == ("openai-gpt-9-low", "rule openai gpt-9*")
    (target,) = (target for target in targets(connection) if target.target_id == "openai-gpt-9-low")
    assert target.is_enabled
    assert target.budget is not None
    assert (target.model, target.reasoning_effort, target.budget.usd_per_day) == ("gpt-9", "low", Decimal(1))
    assert [(left.entry.model, left.reason) for left in proposals(connection, rule)] == [
        ("gpt-9-mini", "no price is known")
    ]
    assert enrol_by_rule(connection, proposals(connection, rule)) == []
    change = connection.execute("SELECT subject, old_value, new_value FROM raw.changes WHERE kind = 'enrolment'")
    assert change.fetchall() == [("openai-gpt-9-low", None, enrolled.definition)]


def test_a_price_that_the_host_publishes_is_a_known_price(connection: Connection) -> None:
    pricing = {"priced": {"prompt": "0.000001", "completion": "0.000002"}, "varies": {"prompt": "-1"}}
    record_listings(connection, ask(openai=ListingServer(["priced", "varies", "unpriced"], pricing=pricing)))
    enrolled = enrol_by_rule(connection, proposals(connection, {"pattern": "*"}))
    assert [one.target_id for one in enrolled] == ["openai-priced"]


def test_an_operator_enrols_and_retires_and_no_rule_enrols_it_again(connection: Connection) -> None:
    day(connection, "gpt-9")
    everything = {"pattern": "*", "is_price_required": False}
    enrol(connection, "openai-gpt-9", proposals(connection))
    with pytest.raises(OperatorError, match="openai-gpt-9 is enrolled already"):
        enrol(connection, "openai-gpt-9", proposals(connection))
    retire(connection, "openai-gpt-9")
    (target,) = (target for target in targets(connection) if target.target_id == "openai-gpt-9")
    assert target.disabled_reason == "retired by an operator"
    assert enrol_by_rule(connection, proposals(connection, everything)) == []
    enrol(connection, "openai-gpt-9", [])
    assert [target.is_enabled for target in targets(connection) if target.target_id == "openai-gpt-9"] == [True]
    told = connection.execute("SELECT old_value IS NULL FROM raw.changes WHERE kind = 'enrolment' ORDER BY noticed_at")
    assert told.fetchall() == [(True,), (False,), (True,)]


def test_what_is_not_there_is_neither_enrolled_nor_retired(connection: Connection) -> None:
    with pytest.raises(OperatorError, match="no proposal 'nobody'"):
        enrol(connection, "nobody", [])
    with pytest.raises(OperatorError, match="openai-gpt-6-luna is not enrolled: a target of the targets file"):
        retire(connection, "openai-gpt-6-luna")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ('definition || \'{"host": "gone"}\'', "the targets file has no host 'gone' any more"),
        ("definition || '{\"effort\": 1}'", "its enrolment can't be read (effort: extra inputs are not permitted)"),
    ],
)
def test_an_enrolment_that_the_file_no_longer_bears_is_skipped_with_the_reason(
    database: Database, change: str, reason: str
) -> None:
    with database.connect("aibaas_collector") as connection:
        day(connection, "gpt-8", "gpt-9")
        for name in ("openai-gpt-8", "openai-gpt-9"):
            enrol(connection, name, proposals(connection))
    with database.connect() as connection:
        connection.execute(f"UPDATE raw.enrolments SET definition = {change} WHERE target_id = 'openai-gpt-9'".encode())
        found = {target.target_id: target.disabled_reason for target in targets(connection)}
    assert found["openai-gpt-8"] is None
    assert str(found["openai-gpt-9"]).startswith(reason)
