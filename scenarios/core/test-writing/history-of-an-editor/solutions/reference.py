# score: 10
import pytest

from {{module}} import History

LIMIT = {{limit}}
A, B, C, GROUP = "{{use.a}}", "{{use.b}}", "{{use.c}}", "{{use.group}}"


def history_of(*steps, limit=LIMIT):
    history = History("s0", limit)
    for step in steps:
        assert history.do(*step) is True
    return history


def test_a_new_history():
    history = History("s0", LIMIT)
    assert (history.current(), list(history.labels()), history.is_changed()) == ("s0", [], False)
    assert (history.undo(), history.redo(), history.current()) == (None, None, "s0")


def test_undo_and_redo_all_steps():
    history = history_of((A, "s1"), (B, "s2"), (C, "s3"))
    assert list(history.labels()) == [A, B, C]
    assert [(history.undo(), history.current()) for _ in range(4)] == [(C, "s2"), (B, "s1"), (A, "s0"), (None, "s0")]
    assert list(history.labels()) == []
    assert [(history.redo(), history.current()) for _ in range(4)] == [(A, "s1"), (B, "s2"), (C, "s3"), (None, "s3")]
    assert list(history.labels()) == [A, B, C]


def test_a_new_step_ends_redoing():
    history = history_of((A, "s1"), (B, "s2"))
    history.undo()
    assert history.do(C, "s3") is True
    assert (history.redo(), history.current(), list(history.labels())) == (None, "s3", [A, C])


def test_no_change_changes_nothing():
    history = history_of((A, "s1"), (B, "s2"))
    history.undo()
    assert history.do(C, "s1") is False
    assert list(history.labels()) == [A]
    assert (history.redo(), history.current()) == (B, "s2")


def test_limit():
    history = history_of(*((f"l{number}", f"s{number}") for number in range(1, LIMIT + 3)))
    assert list(history.labels()) == [f"l{number}" for number in range(3, LIMIT + 3)]
    for number in range(LIMIT + 2, 2, -1):
        assert history.undo() == f"l{number}"
    assert (history.undo(), history.current()) == (None, "s2")


def test_limit_of_one():
    history = history_of((A, "s1"), (B, "s2"), limit=1)
    assert (history.undo(), history.undo(), history.current()) == (B, None, "s1")
    assert (history.redo(), history.current()) == (B, "s2")


def test_a_group_is_one_step():
    history = history_of((A, "s1"), (B, "s2", GROUP), (C, "s3", GROUP), (A, "s4", GROUP))
    assert list(history.labels()) == [A, B]
    assert (history.undo(), history.current()) == (B, "s1")
    assert (history.redo(), history.current()) == (B, "s4")


def test_groups_do_not_count_against_the_limit():
    history = history_of((A, "s1"), *((B, f"g{number}", GROUP) for number in range(LIMIT + 2)))
    assert list(history.labels()) == [A, B]


@pytest.mark.parametrize("between", [None, "other"])
def test_another_group_between(between):
    history = history_of((A, "s1", GROUP), (B, "s2", between), (C, "s3", GROUP))
    assert list(history.labels()) == [A, B, C]


def test_steps_without_a_group_are_not_joined():
    assert list(history_of((A, "s1"), (A, "s2", None), (A, "s3")).labels()) == [A, A, A]


def test_undo_and_redo_end_joining():
    history = history_of((A, "s1", GROUP), (B, "s2"))
    history.undo()
    assert history.do(C, "s3", GROUP)
    assert list(history.labels()) == [A, C]
    history.undo()
    history.redo()
    history.do(B, "s4", GROUP)
    assert list(history.labels()) == [A, C, B]
    history.redo()
    history.undo()
    history = history_of((A, "s1", GROUP))
    assert history.redo() is None
    history.do(B, "s2", GROUP)
    assert list(history.labels()) == [A, B]


def test_undo_before_the_same_group():
    history = history_of((A, "s1"), (B, "s2", GROUP))
    history.undo()
    assert history.do(C, "s3", GROUP)
    assert list(history.labels()) == [A, C]
    assert (history.undo(), history.current()) == (C, "s1")


def test_asking_and_saving_do_not_end_joining():
    history = history_of((A, "s1", GROUP))
    history.current(), history.labels(), history.is_changed(), history.save()
    assert history.do(C, "s1") is False
    history.do(B, "s2", GROUP)
    assert list(history.labels()) == [A]


def test_is_changed():
    history = history_of((A, "s1"))
    assert history.is_changed() is True
    history.save()
    assert history.is_changed() is False
    history.do(B, "s2")
    assert history.is_changed() is True
    history.undo()
    assert history.is_changed() is False
    history.undo()
    assert history.is_changed() is True
    history.do(C, "s1")
    assert history.is_changed() is False


def test_histories_are_apart():
    first, second = History("s0", LIMIT), History("t0", LIMIT)
    first.do(A, "s1")
    assert (second.undo(), second.current(), list(second.labels())) == (None, "t0", [])


@pytest.mark.parametrize("limit", [0, -1])
def test_bad_limit(limit):
    with pytest.raises(ValueError):
        History("s0", limit)


def test_an_empty_group_joins_as_any_other():
    history = history_of((A, "s1", ""), (B, "s2", ""))
    assert list(history.labels()) == [A]
    history.undo()
    assert history.do(C, "s3", "") is True
    assert list(history.labels()) == [C]
    history = history_of((A, "s1"), (B, "s2"))
    history.undo()
    history.redo()
    assert history.do(C, "s3", "") is True
    assert list(history.labels()) == [A, B, C]
