# score: 0 - compares the spans with a list, though they may come in a tuple
import pytest

from {{module}} import coverage_gaps


@pytest.mark.parametrize(
    "shifts, start, end, needed, expected",
    [
        ([("Ada", 60, 120)], 0, 180, 1, [(0, 60), (120, 180)]),
        ([("Ada", 0, 100), ("Ada", 20, 80)], 0, 100, 2, [(0, 100)]),
        ([("Ada", 20, 80), ("Bo", 40, 60)], 0, 100, 3, [(0, 100)]),
        ([("Ada", 50, 51)], 0, 100, 1, [(0, 50), (51, 100)]),
        ([("Ada", 0, 500)], 100, 200, 1, []),
        ([], 7, 7, 1, []),
    ],
)
def test_spans(shifts, start, end, needed, expected):
    assert coverage_gaps(shifts, start, end, needed) == expected


@pytest.mark.parametrize("shift", [("Ada", 5, 5), ("Ada", 90, 80)])
def test_bad_shift(shift):
    with pytest.raises(ValueError):
        coverage_gaps([shift], 0, 10, 1)
