# score: 8 - no group after an undo, and no unchanged state while there is something to redo
import pytest

from {{module}} import History

LIMIT = {{limit}}
A, B, C, GROUP = "{{use.a}}", "{{use.b}}", "{{use.c}}", "{{use.group}}"


def done(*steps):
    history = History("s0", LIMIT)
    for step in steps:
        assert history.do(*step)
    return history


def test_undo_redo():
    history = done((A, "s1"), (B, "s2"), (C, "s3"))
    assert [history.undo() for _ in range(4)] == [C, B, A, None]
    assert history.current() == "s0"
    assert [history.redo() for _ in range(4)] == [A, B, C, None]
    assert history.current() == "s3"


def test_new_step_after_undo():
    history = done((A, "s1"), (B, "s2"))
    history.undo()
    history.do(C, "s3")
    assert history.redo() is None
    assert list(history.labels()) == [A, C]


def test_same_state():
    history = done((A, "s1"), (B, "s2"))
    assert not history.do(C, "s2")
    assert list(history.labels()) == [A, B]


def test_limit():
    history = done(*((str(number), f"n{number}") for number in range(LIMIT + 2)))
    assert list(history.labels()) == [str(number) for number in range(2, LIMIT + 2)]
    for _ in range(LIMIT):
        assert history.undo()
    assert history.undo() is None
    assert history.current() == "n1"


def test_group():
    history = done((A, "s1"), (B, "s2", GROUP), (C, "s3", GROUP))
    assert list(history.labels()) == [A, B]
    assert history.undo() == B
    assert history.current() == "s1"


def test_group_interrupted():
    assert list(done((A, "s1", GROUP), (B, "s2"), (C, "s3", GROUP)).labels()) == [A, B, C]
    assert list(done((A, "s1", GROUP), (B, "s2", GROUP + "2")).labels()) == [A, B]


def test_no_group():
    assert list(done((A, "s1"), (A, "s2")).labels()) == [A, A]


def test_changed():
    history = done((A, "s1"))
    history.save()
    history.do(B, "s2")
    assert history.is_changed()
    history.undo()
    assert not history.is_changed()


def test_two_histories():
    one, other = done((A, "s1")), History("t0", LIMIT)
    assert other.undo() is None
    assert list(other.labels()) == []
    assert one.undo() == A


@pytest.mark.parametrize("limit", [0, -5])
def test_bad_limit(limit):
    with pytest.raises(ValueError):
        History("s0", limit)
