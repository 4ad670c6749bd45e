# score: 9 - no input is long enough for a third batch, nor for a line that would fit into an earlier one
import pytest

from {{module}} import make_batches

END = {{end.bytes}}
CASES = [
    ([], 3, 100, [], []),
    (["a"], 3, 100, [["a"]], []),
    (list("abcde"), 2, 100, [["a", "b"], ["c", "d"], ["e"]], []),
    (["ab", "cd"], 9, 4 + 2 * END, [["ab", "cd"]], []),
    (["ab", "cd"], 9, 3 + 2 * END, [["ab"], ["cd"]], []),
    (["abc"], 9, 3 + END, [["abc"]], []),
    (["abc"], 9, 2 + END, [], [0]),
    (["\u20ac"], 9, 3 + END, [["\u20ac"]], []),
    (["\u20ac"], 9, 2 + END, [], [0]),
    (["a", "x" * 50, "b"], 9, 20, [["a", "b"]], [1]),
    (["x" * 50, "x" * 60], 9, 20, [], [0, 1]),
    (["", "a"], 9, 20, [["", "a"]], []),
]


@pytest.mark.parametrize("lines, most, room, batches, rejected", CASES)
def test_batches(lines, most, room, batches, rejected):
    given = list(lines)
    result = make_batches(lines, most, room)
    assert [list(batch) for batch in result["batches"]] == batches
    assert list(result["rejected"]) == rejected
    assert lines == given


@pytest.mark.parametrize("most, room", [(0, 100), (1, 0), (-1, 100), (1, -1)])
def test_errors(most, room):
    with pytest.raises(ValueError):
        make_batches(["a"], most, room)
