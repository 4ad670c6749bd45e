# score: 2.5 - the two examples of the prompt and nothing else
from datetime import datetime

from {{module}} import next_run

RULE = {"at": ["18:00", "06:30"], "weekdays": [0, 3]}


def test_same_day():
    assert next_run(RULE, datetime(2025, 6, 2, 7, 0)) == datetime(2025, 6, 2, 18, 0)


def test_strictly_later():
    assert next_run(RULE, datetime(2025, 6, 2, 18, 0)) == datetime(2025, 6, 5, 6, 30)
