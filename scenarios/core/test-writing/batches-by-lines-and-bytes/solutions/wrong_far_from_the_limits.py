# score: 4.5 - every size is far from the limit, so that line ends and the last byte do not matter
import pytest

from {{module}} import make_batches


def batches_of(result):
    return [list(batch) for batch in result["batches"]]


def test_nothing():
    assert batches_of(make_batches([], 3, 100)) == []


def test_at_most_lines():
    assert batches_of(make_batches(list("abcdefg"), 3, 100)) == [["a", "b", "c"], ["d", "e", "f"], ["g"]]


def test_at_most_bytes():
    lines = ["x" * 40, "y" * 40, "z" * 40]
    assert batches_of(make_batches(lines, 10, 90)) == [lines[:2], lines[2:]]


def test_umlauts_take_two_bytes():
    lines = ["\u00fc" * 30, "\u00fc" * 30]
    assert batches_of(make_batches(lines, 10, 100)) == [lines[:1], lines[1:]]


def test_too_long():
    result = make_batches(["a", "x" * 200, "b"], 10, 100)
    assert batches_of(result) == [["a", "b"]]
    assert result["rejected"] == [1]


def test_input_is_not_changed():
    lines = ["a", "b"]
    make_batches(lines, 1, 100)
    assert lines == ["a", "b"]


@pytest.mark.parametrize("most, room", [(0, 100), (-1, 100), (1, 0), (1, -5)])
def test_errors(most, room):
    with pytest.raises(ValueError):
        make_batches(["a"], most, room)
