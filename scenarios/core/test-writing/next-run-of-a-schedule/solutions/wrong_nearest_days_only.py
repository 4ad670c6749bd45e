# score: 8 - no run on the last day of the search, and no skipped day whose next day is wrong
import copy
from datetime import date, datetime

import pytest

from {{module}} import next_run

MONDAY = datetime(2025, 6, 2, 7, 0)
CASES = [
    ({"at": ["09:00"]}, MONDAY, datetime(2025, 6, 2, 9, 0)),
    ({"at": ["07:00"]}, MONDAY, datetime(2025, 6, 3, 7, 0)),
    ({"at": ["18:00", "06:30", "12:15"]}, MONDAY, datetime(2025, 6, 2, 12, 15)),
    ({"at": ["09:00"]}, MONDAY.replace(second=30, microsecond=1), datetime(2025, 6, 2, 9, 0)),
    ({"at": ["09:00"], "weekdays": [6]}, MONDAY, datetime(2025, 6, 8, 9, 0)),
    ({"at": ["09:00"], "weekdays": []}, MONDAY, datetime(2025, 6, 2, 9, 0)),
    ({"at": ["09:00"], "monthdays": []}, MONDAY, datetime(2025, 6, 2, 9, 0)),
    ({"at": ["09:00"], "monthdays": [31, 4]}, datetime(2025, 6, 20), datetime(2025, 7, 4, 9, 0)),
    ({"at": ["09:00"], "monthdays": [-1]}, MONDAY, datetime(2025, 6, 30, 9, 0)),
    ({"at": ["09:00"], "monthdays": [-1]}, datetime(2024, 2, 1), datetime(2024, 2, 29, 9, 0)),
    ({"at": ["09:00"], "weekdays": [4], "monthdays": [13]}, MONDAY, datetime(2025, 6, 13, 9, 0)),
    ({"at": ["09:00"], "{{skip}}": [date(2025, 6, 2)]}, MONDAY, datetime(2025, 6, 3, 9, 0)),
]


@pytest.mark.parametrize("rule, after, expected", CASES)
def test_next_run(rule, after, expected):
    before = copy.deepcopy(rule)
    assert next_run(rule, after) == expected
    assert rule == before


def test_none():
    assert next_run({"at": ["09:00"], "monthdays": [30], "weekdays": [3]}, datetime(2025, 1, 30, 9, 0)) is None


@pytest.mark.parametrize(
    "rule",
    [
        {"at": []},
        {"at": ["24:00"]},
        {"at": ["9:00"]},
        {"at": ["09:60"]},
        {"at": ["09:00"], "weekdays": [7]},
        {"at": ["09:00"], "monthdays": [0]},
        {"at": ["09:00"], "monthdays": [32]},
    ],
)
def test_errors(rule):
    with pytest.raises(ValueError):
        next_run(rule, MONDAY)
