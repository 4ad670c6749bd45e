# score: 0 - compares the labels with a list, though they may come in a tuple
import pytest

from {{module}} import History

LIMIT = {{limit}}
A, B, C, GROUP = "{{use.a}}", "{{use.b}}", "{{use.c}}", "{{use.group}}"


def test_labels():
    history = History("s0", LIMIT)
    history.do(A, "s1")
    history.do(B, "s2")
    assert history.labels() == [A, B]
    history.undo()
    assert history.labels() == [A]


def test_group():
    history = History("s0", LIMIT)
    history.do(A, "s1", GROUP)
    history.do(B, "s2", GROUP)
    assert history.labels() == [A]
    assert history.undo() == A
    assert history.current() == "s0"


def test_no_change():
    history = History("s0", LIMIT)
    assert history.do(A, "s0") is False
    assert history.labels() == []


def test_limit():
    history = History("s0", 1)
    history.do(A, "s1")
    history.do(B, "s2")
    assert history.labels() == [B]


def test_error():
    with pytest.raises(ValueError):
        History("s0", 0)
