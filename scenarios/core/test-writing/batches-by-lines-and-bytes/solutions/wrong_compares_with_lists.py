# score: 0 - compares the batches with lists, though they may be tuples
import pytest

from {{module}} import make_batches


def test_by_count():
    assert make_batches(["ab", "cd", "ef"], 2, 100) == {"batches": [["ab", "cd"], ["ef"]], "rejected": []}


def test_exact_fit():
    room = 4 + 2 * {{end.bytes}}
    assert make_batches(["ab", "cd"], 9, room) == {"batches": [["ab", "cd"]], "rejected": []}
    assert make_batches(["ab", "cd"], 9, room - 1) == {"batches": [["ab"], ["cd"]], "rejected": []}


def test_empty():
    assert make_batches([], 9, 100) == {"batches": [], "rejected": []}


def test_bytes():
    assert make_batches(["\u00e9\u00e9"], 9, 3 + {{end.bytes}}) == {"batches": [], "rejected": [0]}


def test_errors():
    with pytest.raises(ValueError):
        make_batches(["a"], 0, 100)
    with pytest.raises(ValueError):
        make_batches(["a"], 1, 0)
