# score: 1.5 - times in order, moments without seconds, lists that are never empty, and no search that ends
from datetime import date, datetime

import pytest

from {{module}} import next_run


@pytest.mark.parametrize(
    "rule, after, expected",
    [
        ({"at": ["09:00"]}, datetime(2025, 6, 2, 8, 0), datetime(2025, 6, 2, 9, 0)),
        ({"at": ["09:00"]}, datetime(2025, 6, 2, 10, 0), datetime(2025, 6, 3, 9, 0)),
        ({"at": ["09:00", "17:00"]}, datetime(2025, 6, 2, 10, 0), datetime(2025, 6, 2, 17, 0)),
        ({"at": ["09:00"], "weekdays": [2]}, datetime(2025, 6, 2, 8, 0), datetime(2025, 6, 4, 9, 0)),
        ({"at": ["09:00"], "monthdays": [15]}, datetime(2025, 6, 2, 8, 0), datetime(2025, 6, 15, 9, 0)),
        ({"at": ["09:00"], "monthdays": [-1]}, datetime(2025, 6, 2, 8, 0), datetime(2025, 6, 30, 9, 0)),
        ({"at": ["09:00"], "weekdays": [4], "monthdays": [13]}, datetime(2025, 6, 2), datetime(2025, 6, 13, 9, 0)),
        ({"at": ["09:00"], "{{skip}}": [date(2025, 6, 2)]}, datetime(2025, 6, 2), datetime(2025, 6, 3, 9, 0)),
    ],
)
def test_next_run(rule, after, expected):
    assert next_run(rule, after) == expected


@pytest.mark.parametrize("at", [[], ["25:00"], ["12:60"], ["noon"]])
def test_bad_times(at):
    with pytest.raises(ValueError):
        next_run({"at": at}, datetime(2025, 6, 2))
