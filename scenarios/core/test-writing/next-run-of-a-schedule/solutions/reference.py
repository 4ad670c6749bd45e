# score: 10
import copy
from datetime import date, datetime, timedelta

import pytest

from {{module}} import next_run

MONDAY = datetime(2025, 6, 2, 7, 0)
HORIZON = {{horizon}}


@pytest.mark.parametrize(
    "rule, after, expected",
    [
        ({"at": ["18:00", "06:30"], "weekdays": [0, 3]}, MONDAY, datetime(2025, 6, 2, 18, 0)),
        ({"at": ["18:00", "06:30"], "weekdays": [0, 3]}, datetime(2025, 6, 2, 18, 0), datetime(2025, 6, 5, 6, 30)),
        ({"at": ["07:00"]}, MONDAY, datetime(2025, 6, 3, 7, 0)),
        ({"at": ["07:00"]}, MONDAY - timedelta(microseconds=1), MONDAY),
        ({"at": ["07:00"]}, MONDAY + timedelta(microseconds=1), datetime(2025, 6, 3, 7, 0)),
        ({"at": ["07:01"]}, datetime(2025, 6, 2, 7, 0, 59, 5), datetime(2025, 6, 2, 7, 1)),
        ({"at": ["23:00", "09:00", "12:00"]}, MONDAY, datetime(2025, 6, 2, 9, 0)),
        ({"at": ["00:00", "23:59"]}, datetime(2025, 12, 31, 23, 59), datetime(2026, 1, 1, 0, 0)),
        ({"at": ["09:00"], "weekdays": [6]}, MONDAY, datetime(2025, 6, 8, 9, 0)),
        ({"at": ["09:00"], "weekdays": [1]}, MONDAY, datetime(2025, 6, 3, 9, 0)),
        ({"at": ["09:00"], "weekdays": [4], "monthdays": [13]}, MONDAY, datetime(2025, 6, 13, 9, 0)),
        ({"at": ["09:00"], "weekdays": [4], "monthdays": [3, 20]}, MONDAY, datetime(2025, 6, 20, 9, 0)),
        ({"at": ["09:00"], "monthdays": [31, 5]}, datetime(2025, 6, 20), datetime(2025, 7, 5, 9, 0)),
        ({"at": ["09:00"], "monthdays": [-1]}, datetime(2025, 6, 20), datetime(2025, 6, 30, 9, 0)),
        ({"at": ["09:00"], "monthdays": [-1]}, datetime(2024, 2, 20), datetime(2024, 2, 29, 9, 0)),
        ({"at": ["09:00"], "monthdays": [-1]}, datetime(2025, 2, 20), datetime(2025, 2, 28, 9, 0)),
        ({"at": ["09:00"], "weekdays": [], "monthdays": []}, MONDAY, datetime(2025, 6, 2, 9, 0)),
        ({"at": ["09:00"], "monthdays": [1]}, MONDAY, datetime(2025, 7, 1, 9, 0)),
        ({"at": ["09:00"], "weekdays": list(range(7)), "monthdays": [-1, *range(1, 32)]}, MONDAY, datetime(2025, 6, 2, 9, 0)),
        ({"at": ["09:00"], "{{skip}}": [date(2025, 6, 2)]}, MONDAY, datetime(2025, 6, 3, 9, 0)),
        ({"at": ["09:00"], "weekdays": [0], "{{skip}}": [date(2025, 6, 2)]}, MONDAY, datetime(2025, 6, 9, 9, 0)),
        ({"at": ["06:00"], "{{skip}}": [date(2025, 6, 3)]}, MONDAY, datetime(2025, 6, 4, 6, 0)),
    ],
)
def test_next(rule, after, expected):
    given = copy.deepcopy(rule)
    assert next_run(rule, after) == expected
    assert rule == given


@pytest.mark.parametrize("hour", [6, 20])
def test_horizon(hour):
    days = [MONDAY.date() + timedelta(days=number) for number in range(HORIZON + 1)]
    last = datetime(days[-1].year, days[-1].month, days[-1].day, hour)
    rule = {"at": [f"{hour:02d}:00"], "{{skip}}": days[:-1]}
    assert next_run(rule, MONDAY) == last
    assert next_run({**rule, "{{skip}}": days}, MONDAY) is None


@pytest.mark.parametrize(
    "rule",
    [
        {"at": []},
        {"at": ["9:00"]},
        {"at": ["09:0"]},
        {"at": ["0900"]},
        {"at": ["24:00"]},
        {"at": ["23:60"]},
        {"at": ["08:00", "x"]},
        {"at": ["09:00:00"]},
        {"at": ["09:00"], "weekdays": [7]},
        {"at": ["09:00"], "weekdays": [0, -1]},
        {"at": ["09:00"], "monthdays": [0]},
        {"at": ["09:00"], "monthdays": [1, 32]},
        {"at": ["09:00"], "monthdays": [-2]},
    ],
)
def test_errors(rule):
    with pytest.raises(ValueError):
        next_run(rule, MONDAY)
