# score: 6.5 - no test expects an error, none looks at what the caller passed in
from {{module}} import coverage_gaps


def gaps(shifts, start, end, needed):
    return [tuple(span) for span in coverage_gaps(shifts, start, end, needed)]


def test_no_shifts():
    assert gaps([], 0, 100, 1) == [(0, 100)]


def test_full_cover():
    assert gaps([("Ada", 0, 100)], 0, 100, 1) == []


def test_touching_shifts():
    assert gaps([("Ada", 0, 60), ("Bo", 60, 100)], 0, 100, 1) == []


def test_gap_between():
    assert gaps([("Ada", 0, 40), ("Bo", 60, 100)], 0, 100, 1) == [(40, 60)]


def test_unsorted():
    assert gaps([("Bo", 60, 100), ("Ada", 0, 40)], 0, 100, 1) == [(40, 60)]


def test_long_shift_is_cut():
    assert gaps([("Ada", 0, 150), ("Bo", 180, 400)], 100, 200, 1) == [(150, 180)]


def test_same_person_twice():
    assert gaps([("Ada", 0, 100), ("Ada", 0, 100)], 0, 100, 2) == [(0, 100)]


def test_two_needed():
    assert gaps([("Ada", 0, 100), ("Bo", 20, 80)], 0, 100, 2) == [(0, 20), (80, 100)]


def test_number_changes_inside_a_gap():
    assert gaps([("Ada", 20, 80)], 0, 100, 2) == [(0, 100)]


def test_empty_window():
    assert gaps([("Ada", 0, 100)], 50, 50, 1) == []
