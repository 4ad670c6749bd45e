from __future__ import annotations

from starlette.routing import BaseRoute

from api.answer_store import OVERHEAD_BYTES, Answer, AnswerStore, Key

ROUTE = BaseRoute()


def key(name: str) -> Key:
    return Key(name, b"", (), b"", "")


def answer(size: int) -> Answer:
    return Answer(b'"1"', (), b"x" * (size - OVERHEAD_BYTES), ROUTE, 0.0)


def test_what_was_not_asked_for_longest_makes_room() -> None:
    store = AnswerStore(limit_bytes=80_000)
    for name in "abcdefgh":
        store.put(key(name), answer(10_000))
    assert store.get(key("a")) is not None
    store.put(key("i"), answer(10_000))
    assert store.get(key("b")) is None
    assert store.get(key("a")) is not None
    assert (len(store), store.used_bytes) == (8, 80_000)


def test_a_large_answer_does_not_drive_the_others_out() -> None:
    store = AnswerStore(limit_bytes=80_000)
    store.put(key("small"), answer(5_000))
    store.put(key("large"), answer(10_001))
    assert store.get(key("large")) is None
    assert store.get(key("small")) is not None


def test_a_newer_answer_takes_the_place_of_the_older_one() -> None:
    store = AnswerStore(limit_bytes=80_000)
    store.put(key("a"), answer(10_000))
    store.put(key("a"), answer(4_000))
    assert (len(store), store.used_bytes) == (1, 4_000)
    store.put(key("a"), answer(10_001))
    assert (len(store), store.used_bytes) == (0, 0)


def test_without_room_nothing_is_kept() -> None:
    store = AnswerStore(limit_bytes=0)
    store.put(key("a"), answer(OVERHEAD_BYTES))
    assert (len(store), store.used_bytes) == (0, 0)


def test_a_cleared_store_is_empty() -> None:
    store = AnswerStore(limit_bytes=80_000)
    store.put(key("a"), answer(10_000))
    store.clear()
    assert (store.get(key("a")), store.used_bytes) == (None, 0)
