# score: 10
import pytest

from {{module}} import make_batches

END = {{end.bytes}}


def made(lines, most, room):
    result = make_batches(lines, most, room)
    return [list(batch) for batch in result["batches"]], result["rejected"]


@pytest.mark.parametrize(
    "lines, most, room, batches, rejected",
    [
        ([], 5, 100, [], []),
        (["a"], 5, 100, [["a"]], []),
        (["ab", "cd", "ef"], 2, 100, [["ab", "cd"], ["ef"]], []),
        (["a", "b", "c", "d"], 2, 100, [["a", "b"], ["c", "d"]], []),
        (["a", "b", "c"], 1, 100, [["a"], ["b"], ["c"]], []),
        (["ab", "cd", "e"], 9, 4 + 2 * END, [["ab", "cd"], ["e"]], []),
        (["ab", "cd"], 9, 3 + 2 * END, [["ab"], ["cd"]], []),
        (["abc"], 9, 3 + END, [["abc"]], []),
        (["abcd", "x"], 9, 3 + END, [["x"]], [0]),
        (["a", "b", "c", "d"], 9, 2 + 2 * END, [["a", "b"], ["c", "d"]], []),
        (["aaaaa", "bbbb", "c"], 9, 5 + END, [["aaaaa"], ["bbbb"], ["c"]], []),
        (["\u00e9\u00e9", "a"], 9, 4 + END, [["\u00e9\u00e9"], ["a"]], []),
        (["\u00e9\u00e9", "\U0001f600"], 9, 3 + END, [], [0, 1]),
        (["a", "toolong" * 9, "b", "toolong" * 9], 9, 20, [["a", "b"]], [1, 3]),
        (["toolong" * 9, "a"], 9, 20, [["a"]], [0]),
        (["a"], 9, 1, [], [0]),
        (["", "", ""], 9, 2 * END, [["", ""], [""]], []),
        (["", "a", ""], 2, 100, [["", "a"], [""]], []),
        (["aaa", "bbbbbb", "c", "d"], 9, 6 + 2 * END, [["aaa"], ["bbbbbb"], ["c", "d"]], []),
    ],
)
def test_batches(lines, most, room, batches, rejected):
    before = list(lines)
    assert made(lines, most, room) == (batches, rejected)
    assert lines == before


@pytest.mark.parametrize("lines", [[], ["a"]])
@pytest.mark.parametrize("most, room", [(0, 10), (10, 0), (-1, 10), (10, -1)])
def test_errors(lines, most, room):
    with pytest.raises(ValueError):
        make_batches(lines, most, room)
