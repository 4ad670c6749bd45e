"""Numbers, times and reasons read the same on every page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.app_pages import wording

NOW = datetime(2026, 11, 23, 20, 12, tzinfo=UTC)


def test_freshness_names_the_hour_and_its_age() -> None:
    newest = datetime(2026, 11, 23, 20, tzinfo=UTC)
    assert wording.freshness(newest, NOW) == "Newest hour 2026-11-23 20:00 UTC, 12 minutes ago"


def test_other_time_zones_are_said_in_utc() -> None:
    kolkata = datetime.fromisoformat("2026-11-24T01:30:00+05:30")
    assert wording.moment(kolkata) == "2026-11-23 20:00 UTC"


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=119), "1 hour ago"),
        (timedelta(hours=49), "2 days ago"),
    ],
)
def test_ages_are_whole_units_and_never_overstated(age: timedelta, said: str) -> None:
    assert wording.ago(age) == said


@pytest.mark.parametrize(
    ("amounts", "digits"),
    [([0.0042, 0.00011], 5), ([0.5], 2), ([12.0], 2), ([None, 0.0], 2), ([], 2), ([1e-12], 8)],
)
def test_the_smallest_amount_keeps_two_digits(amounts: list[float | None], digits: int) -> None:
    assert wording.usd_digits(amounts) == digits


def test_an_unknown_reason_is_still_readable() -> None:
    assert wording.reason_in_words("solar_flare") == "solar flare"
    assert wording.reason_in_words("overloaded") == "the provider was overloaded"


def test_markup_is_escaped_for_markdown() -> None:
    assert wording.escaped("**a** <b>\n[x](y)") == r"\*\*a\*\* \<b\> \[x\]\(y\)"


@pytest.mark.parametrize(
    ("hours", "said"),
    [(7, "2026-11-23 09:00 to 16:00 UTC"), (20, "2026-11-23 09:00 to 2026-11-24 05:00 UTC")],
)
def test_a_stretch_says_its_date_once(hours: int, said: str) -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert wording.stretch(start, start + timedelta(hours=hours)) == said
