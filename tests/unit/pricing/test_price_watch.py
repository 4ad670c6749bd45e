from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from orchestration.collection.published_prices import KnownPrices, PriceWatch
from orchestration.pricing.bundled import bundled_price_row
from orchestration.pricing.price_book import PriceBook, identified
from orchestration.pricing.price_watch import SUSPICION, price_changes, suspicion
from orchestration.records import Change, PriceRow
from orchestration.settings import PROJECT_ROOT

PRICES = PROJECT_ROOT.parent / "shared" / "data" / "prices"
EVENTS = PRICES / "price_events_to_2025-03.csv"
SNAPSHOTS = PRICES / "litellm_snapshots_to_2025-03.jsonl.gz"
absent = pytest.mark.skipif(not EVENTS.exists(), reason="shared/data is not here: no real price lists to watch")

DAY = datetime(2026, 11, 20, 5, 17, tzinfo=UTC)


def row(given: str, made: str, at: datetime = DAY, model: str = "m") -> PriceRow:
    amounts = (Decimal(given).normalize(), Decimal(made).normalize(), None, None, None)
    return identified(PriceRow("", "p", model, at, *amounts, "listing", date(2026, 11, 20)))


class Listing:
    """A published list, seen again and again; what is noted is found again the next time."""

    def __init__(self, *stored: PriceRow) -> None:
        self.known = KnownPrices(PriceBook.from_rows(stored))
        self.recorded: dict[str, Change] = {}

    def seen(self, price: PriceRow, at: datetime) -> Decimal | None:
        """The price of input that is believed after a sighting."""
        self.known.noted.clear()
        PriceWatch(self.known, self.recorded.values(), at).see([price])
        self.recorded |= {change.subject: change for change in self.known.noted}
        valid = self.known.book.price_at(price.provider, price.model, at + timedelta(hours=1))
        return valid.input_usd_per_mtok if valid else None


@pytest.mark.parametrize(
    ("given", "made", "said"),
    [
        ("2000", "10000", "input rises by a factor of 1,000"),
        ("0.000002", "0.00001", "input falls by a factor of 1,000,000"),
        ("10", "2", "input and output are swapped"),
        ("0", "10", "input goes from 2 to 0"),
        ("3", "1.5", "output is cheaper than input"),
        ("2", "210", "output rises by a factor of 21"),
    ],
)
def test_known_mistakes_of_published_lists_are_suspected(given: str, made: str, said: str) -> None:
    assert said in (suspicion(row("2", "10"), row(given, made)) or "")


def test_twenty_times_as_much_is_dear_and_no_mistake() -> None:
    assert suspicion(row("2", "10"), row("40", "200")) is None
    assert suspicion(row("2", "10"), row("0.1", "0.5")) is None


def test_a_first_sight_is_believed_unless_it_is_absurd() -> None:
    assert suspicion(None, row("15", "75")) is None
    assert suspicion(None, row("0", "0")) is None
    assert suspicion(None, row("150", "600")) == "input costs 150 USD per million tokens"
    assert suspicion(None, row("10", "2")) == "output is cheaper than input"


def test_an_ordinary_change_is_used_at_once_and_told_once() -> None:
    listing = Listing(row("2", "10"))
    assert listing.seen(row("4", "20", DAY + timedelta(days=1)), DAY + timedelta(days=1)) == 4
    (change,) = price_changes(listing.known.book, DAY)
    assert (change.kind, change.subject, change.effective_at) == ("price", "p/m", DAY + timedelta(days=1))
    assert change.old_value == {"input_usd_per_mtok": "2", "output_usd_per_mtok": "10"}
    assert change.new_value == {"input_usd_per_mtok": "4", "output_usd_per_mtok": "20"}


def test_a_suspected_price_is_used_only_after_two_days_unchanged() -> None:
    listing = Listing(row("2", "10"))
    for hours in (24, 25, 47, 71):
        at = DAY + timedelta(hours=hours)
        assert listing.seen(row("50", "250", at), at) == 2
    assert listing.recorded["p/m"].noticed_at == DAY + timedelta(hours=24)
    assert (listing.recorded["p/m"].new_value or {})[SUSPICION] == "input rises by a factor of 25"
    at = DAY + timedelta(hours=72)
    assert listing.seen(row("50", "250", at), at) == 50
    assert listing.known.book.price_at("p", "m", at - timedelta(hours=1)) == row("2", "10")


def test_a_suspected_price_that_vanished_begins_anew() -> None:
    listing = Listing(row("2", "10"))
    first, back, again = (DAY + timedelta(days=n) for n in (1, 2, 9))
    assert listing.seen(row("2000", "10000", first), first) == 2
    assert listing.seen(row("2", "10", back), back) == 2
    assert SUSPICION not in (listing.recorded["p/m"].new_value or {})
    assert listing.seen(row("2000", "10000", again), again) == 2


def test_a_row_by_hand_settles_it() -> None:
    at = DAY + timedelta(hours=2)
    listing = Listing(row("2", "10"), row("50", "250", DAY + timedelta(hours=1)))
    assert listing.seen(row("50", "250", at), at) == 50
    assert listing.recorded == {}


@absent
def test_of_real_events_the_mistakes_are_not_used_and_the_changes_of_vendors_are() -> None:
    with EVENTS.open(encoding="utf-8") as lines:
        events = list(csv.DictReader(lines))
    assert len(events) == 37
    used: dict[str, list[bool]] = {}
    for event in events:
        before, after = (
            row(per_mtok(event[f"{age}_input"]), per_mtok(event[f"{age}_output"]), at, event["model"])
            for age, at in (("old", DAY), ("new", DAY + timedelta(days=30)))
        )
        listing = Listing()
        listing.seen(before, DAY)
        was = listing.known.book.price_at("p", event["model"], DAY + timedelta(hours=1))
        listing.seen(after, DAY + timedelta(days=30))
        now = listing.known.book.price_at("p", event["model"], DAY + timedelta(days=31))
        reading = event["our_reading"].split(" ")[0] or "change"
        used.setdefault(reading, []).append(now is not None and now.input_usd_per_mtok == after.input_usd_per_mtok)
        if reading == "catalogue_unit_error_fixed":
            assert was is None
    assert used["catalogue_typo"] == [False]
    assert used["catalogue_unit_error_fixed"] == [True]
    for reading in ("alias_moved", "vendor_change", "catalogue_late"):
        assert used[reading] == [True]
    assert sum(used["change"]) >= 15


@absent
def test_real_snapshots_are_read_and_every_sighting_is_used_or_noted() -> None:
    listing, sightings = Listing(), 0
    suspicions: dict[str, set[str]] = {}
    with gzip.open(SNAPSHOTS, "rt", encoding="utf-8") as lines:
        snapshots: list[dict[str, Any]] = [json.loads(line) for line in lines]
    for snapshot in snapshots:
        at = datetime.fromisoformat(snapshot["at"])
        for model, entry in snapshot["models"].items():
            price = bundled_price_row("p", model, entry, source=snapshot["source"], valid_from=at)
            if price is None:
                continue
            sightings += 1
            believed = listing.seen(price, at)
            change = listing.recorded.get(f"p/{model}")
            noted = change is not None and SUSPICION in (change.new_value or {})
            if change is not None and noted:
                suspicions.setdefault(model, set()).add((change.new_value or {})[SUSPICION])
            assert noted or believed == price.input_usd_per_mtok
    assert sightings > 50
    assert suspicions["command-r7b-12-2024"] == {"output is cheaper than input"}
    assert len(price_changes(listing.known.book, DAY)) >= 5


@absent
def test_of_real_snapshots_every_change_is_found_and_only_two_are_suspected() -> None:
    """Each list against the one before it: the two steps beyond a factor of 20 wait, all others are used at once."""
    found: list[tuple[str, str | None]] = []
    moved: list[str] = []
    before: dict[str, tuple[PriceRow, tuple[float, float]]] = {}
    with gzip.open(SNAPSHOTS, "rt", encoding="utf-8") as lines:
        snapshots: list[dict[str, Any]] = [json.loads(line) for line in lines]
    for snapshot in snapshots:
        at = datetime.fromisoformat(snapshot["at"])
        for model, entry in snapshot["models"].items():
            price = bundled_price_row("p", model, entry, source=snapshot["source"], valid_from=at)
            if price is None:
                continue
            stated = entry["input_cost_per_token"], entry["output_cost_per_token"]
            known, known_stated = before.get(model, (price, stated))
            moved += [model] if stated != known_stated else []
            if price_changes(PriceBook.from_rows([known, price]), at):
                found.append((model, suspicion(known, price)))
            before[model] = price, stated
    assert len(moved) == 13
    others = [model for model, _ in found if model not in moved]
    assert sorted(model for model, _ in found) == sorted([*moved, *others])
    assert len(others) == 2, "prices of cached tokens"
    assert {model: reason for model, reason in found if reason} == {
        "command-light": "input falls by a factor of 50",
        "gemini/gemini-2.0-flash": "input falls by a factor of 1,500",
    }


def per_mtok(per_token: str) -> str:
    return f"{Decimal(per_token) * 1_000_000:f}"
