# score: 10
import pytest

from {{module}} import coverage_gaps


@pytest.mark.parametrize(
    "shifts, start, end, needed, expected",
    [
        ([("Ada", 60, 120)], 0, 180, 1, [(0, 60), (120, 180)]),
        ([("Ada", 0, 100), ("Bo", 50, 100)], 0, 100, 2, [(0, 50)]),
        ([], 5, 25, 1, [(5, 25)]),
        ([("Ada", 0, 60), ("Bo", 60, 100)], 0, 100, 1, []),
        ([("Ada", 0, 60), ("Bo", 61, 100)], 0, 100, 1, [(60, 61)]),
        ([("Ada", 50, 51)], 0, 100, 1, [(0, 50), (51, 100)]),
        ([("Ada", 0, 100), ("Ada", 20, 80)], 0, 100, 2, [(0, 100)]),
        ([("Ada", 20, 80), ("Bo", 40, 60)], 0, 100, 3, [(0, 100)]),
        ([("Ada", 0, 500)], 100, 200, 1, []),
        ([("Ada", 0, 150)], 100, 200, 1, [(150, 200)]),
        ([("Ada", 150, 500)], 100, 200, 1, [(100, 150)]),
        ([("Ada", 0, 50), ("Bo", 300, 400)], 100, 200, 1, [(100, 200)]),
        ([("Cy", 60, 90), ("Ada", 0, 30), ("Bo", 30, 50)], 0, 100, 1, [(50, 60), (90, 100)]),
        ([("Ada", 0, 10), ("Bo", 0, 10)], 0, 10, 2, []),
        ([], 7, 7, 1, []),
    ],
)
def test_spans(shifts, start, end, needed, expected):
    assert list(coverage_gaps(shifts, start, end, needed)) == expected


@pytest.mark.parametrize(
    "shifts, start, end, needed",
    [
        ([("Ada", 5, 5)], 0, 10, 1),
        ([("Ada", 6, 5)], 0, 10, 1),
        ([("Ada", 50, 50)], 0, 10, 1),
        ([("Ada", 0, 10), ("Bo", 60, 50)], 20, 30, 1),
        ([("Ada", 0, 10)], 10, 9, 1),
        ([("Ada", 0, 10)], 0, 10, 0),
        ([("Ada", 0, 10)], 0, 10, -1),
    ],
)
def test_errors(shifts, start, end, needed):
    with pytest.raises(ValueError):
        coverage_gaps(shifts, start, end, needed)


def test_arguments_stay():
    shifts = [("Bo", 50, 60), ("Ada", 0, 10)]
    coverage_gaps(shifts, 0, 100, 1)
    assert shifts == [("Bo", 50, 60), ("Ada", 0, 10)]
