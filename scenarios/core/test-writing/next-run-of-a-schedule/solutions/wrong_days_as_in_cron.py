# score: 0 - expects a day that is one of the weekdays or of the monthdays, as cron does
from datetime import datetime

import pytest

from {{module}} import next_run


def test_times_of_a_day():
    rule = {"at": ["09:00", "17:00"]}
    assert next_run(rule, datetime(2025, 6, 2, 8, 0)) == datetime(2025, 6, 2, 9, 0)
    assert next_run(rule, datetime(2025, 6, 2, 9, 0)) == datetime(2025, 6, 2, 17, 0)


def test_weekday_or_monthday():
    rule = {"at": ["09:00"], "weekdays": [4], "monthdays": [5]}
    assert next_run(rule, datetime(2025, 6, 2)) == datetime(2025, 6, 5, 9, 0)


def test_last_day():
    rule = {"at": ["09:00"], "monthdays": [-1]}
    assert next_run(rule, datetime(2024, 2, 10)) == datetime(2024, 2, 29, 9, 0)


@pytest.mark.parametrize("at", [[], ["9:00"], ["24:00"]])
def test_errors(at):
    with pytest.raises(ValueError):
        next_run({"at": at}, datetime(2025, 6, 2))
