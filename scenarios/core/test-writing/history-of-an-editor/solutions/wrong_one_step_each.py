# score: 3.5 - each method after one or two steps, never one after another
import pytest

from {{module}} import History

LIMIT = {{limit}}
A, B, C, GROUP = "{{use.a}}", "{{use.b}}", "{{use.c}}", "{{use.group}}"


def test_new():
    history = History("s0", LIMIT)
    assert history.current() == "s0"
    assert history.undo() is None
    assert history.redo() is None
    assert not history.is_changed()


def test_do_and_undo():
    history = History("s0", LIMIT)
    assert history.do(A, "s1")
    assert history.current() == "s1"
    assert history.undo() == A
    assert history.current() == "s0"


def test_redo():
    history = History("s0", LIMIT)
    history.do(A, "s1")
    history.undo()
    assert history.redo() == A
    assert history.current() == "s1"


def test_same_state():
    history = History("s0", LIMIT)
    assert history.do(A, "s0") is False
    assert list(history.labels()) == []


def test_group():
    history = History("s0", LIMIT)
    history.do(A, "s1", GROUP)
    history.do(A, "s2", GROUP)
    assert list(history.labels()) == [A]
    history.undo()
    assert history.current() == "s0"


def test_limit():
    history = History("s0", LIMIT)
    for number in range(LIMIT + 1):
        history.do(str(number), f"n{number}")
    assert len(history.labels()) == LIMIT


def test_saved():
    history = History("s0", LIMIT)
    history.do(A, "s1")
    assert history.is_changed()
    history.save()
    assert not history.is_changed()


def test_bad_limit():
    with pytest.raises(ValueError):
        History("s0", 0)
