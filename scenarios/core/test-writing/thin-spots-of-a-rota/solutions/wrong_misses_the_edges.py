# score: 8.5 - no gap and no cover of a single unit, and no bad shift outside the window
import copy

import pytest

from {{module}} import coverage_gaps

CASES = [
    ([], 0, 100, 1, [(0, 100)]),
    ([("Ada", 0, 100)], 0, 100, 1, []),
    ([("Ada", 0, 60), ("Bo", 60, 100)], 0, 100, 1, []),
    ([("Ada", 60, 120)], 0, 180, 1, [(0, 60), (120, 180)]),
    ([("Ada", 0, 100), ("Bo", 50, 100)], 0, 100, 2, [(0, 50)]),
    ([("Bo", 60, 90), ("Ada", 0, 40)], 0, 100, 1, [(40, 60), (90, 100)]),
    ([("Ada", 0, 150), ("Bo", 180, 400)], 100, 200, 1, [(150, 180)]),
    ([("Ada", 0, 100), ("Ada", 50, 100)], 0, 100, 2, [(0, 100)]),
    ([("Ada", 20, 80)], 0, 100, 2, [(0, 100)]),
    ([("Ada", 0, 10)], 50, 50, 1, []),
]


@pytest.mark.parametrize("shifts, start, end, needed, expected", CASES)
def test_spans(shifts, start, end, needed, expected):
    before = copy.deepcopy(shifts)
    assert list(coverage_gaps(shifts, start, end, needed)) == expected
    assert shifts == before


@pytest.mark.parametrize(
    "shifts, start, end, needed",
    [
        ([("Ada", 10, 10)], 0, 100, 1),
        ([("Ada", 20, 10)], 0, 100, 1),
        ([], 100, 0, 1),
        ([], 0, 100, 0),
    ],
)
def test_errors(shifts, start, end, needed):
    with pytest.raises(ValueError):
        coverage_gaps(shifts, start, end, needed)
