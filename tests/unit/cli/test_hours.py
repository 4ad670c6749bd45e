"""How benchmark hours are read from the command line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orchestration.cli.hours import check_range, known_hour, parsed_hour
from orchestration.records import FIRST_BENCHMARK_HOUR, benchmark_hour_of
from orchestration.settings import OperatorError

HOUR = datetime(2026, 11, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-20T05", "2026-11-20 05:00", "2026-11-20T05:00Z", "2026-11-20T06:00+01:00"])
def test_an_hour_is_utc_unless_it_says_otherwise(text: str) -> None:
    assert parsed_hour(text) == HOUR


def test_a_day_is_its_first_hour() -> None:
    assert parsed_hour("2026-11-20") == HOUR.replace(hour=0)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-11-20T25", "2026-11-20T05:30"])
def test_what_is_no_hour_is_refused(text: str) -> None:
    with pytest.raises(OperatorError, match="is not a"):
        parsed_hour(text)


def test_the_first_and_the_current_hour_are_known_and_their_neighbours_are_not() -> None:
    now = benchmark_hour_of(datetime.now(UTC))
    assert known_hour(FIRST_BENCHMARK_HOUR) == FIRST_BENCHMARK_HOUR
    assert known_hour(now) == now
    for unknown in (datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)):
        with pytest.raises(OperatorError, match="is not a partition"):
            known_hour(unknown)


def test_a_range_counts_both_of_its_ends() -> None:
    assert check_range(HOUR, HOUR) == 1
    assert check_range(HOUR, HOUR.replace(hour=7)) == 3
    with pytest.raises(OperatorError, match="runs backwards"):
        check_range(HOUR.replace(hour=7), HOUR)
