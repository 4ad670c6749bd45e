# score: 2.5 - the two examples of the prompt and nothing else
from {{module}} import coverage_gaps


def test_one_shift():
    assert list(coverage_gaps([("Ada", 60, 120)], 0, 180, 1)) == [(0, 60), (120, 180)]


def test_two_needed():
    assert list(coverage_gaps([("Ada", 0, 100), ("Bo", 50, 100)], 0, 100, 2)) == [(0, 50)]
