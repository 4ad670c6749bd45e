"""Further inputs stay within what the published ones show, and the way a test looks at outputs is read from its text.

Not here: which inputs an import keeps (tests/integration/cli/test_derived_checks).
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from scenarios.packs.domain import domain_of, literal
from scenarios.packs.neighbours import neighbours
from scenarios.packs.published_use import Use, shown_inputs, use_of

SEVERAL = 300


def derived(*inputs: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    found = neighbours(domain_of(inputs), "key", SEVERAL)
    assert found, "no neighbour at all"
    return found


def test_the_same_key_gives_the_same_inputs_and_none_that_is_published() -> None:
    published = [([3, 1, 2],), ([5, 4],), ([9, 9, 1, 4],)]
    first = neighbours(domain_of(published), "key", SEVERAL)
    assert first == neighbours(domain_of(published), "key", SEVERAL)
    assert first != neighbours(domain_of(published), "another", SEVERAL)
    texts = [literal(given) for given in first]
    assert len(set(texts)) == len(texts) == SEVERAL
    assert not {literal(given) for given in published}.intersection(texts)


def test_types_ranges_and_lengths_are_those_of_the_published_inputs() -> None:
    for items, limit in derived(([3, -1, 2, 3], 4), ([5, 4], 6), ([9, 8, 1, 4, 4], 9)):
        assert 2 <= len(items) <= 5
        assert {type(item) for item in [*items, limit]} == {int}
        assert all(-1 <= item <= 9 for item in items)
        assert 4 <= limit <= 9


def test_floats_have_no_more_decimals_than_published() -> None:
    for (items,) in derived(([1.5, 2.25],), ([3.0, 0.75, 9.5],)):
        assert all(item == round(item, 2) and 0.75 <= item <= 9.5 for item in items)


@pytest.mark.parametrize(
    ("inputs", "trait"),
    [
        ([([1, 2, 5],), ([0, 3, 9, 9],), ([4, 8],)], lambda items: items == sorted(items)),
        ([([1, 5, 2],), ([7, 3, 9, 0],), ([4, 2],)], lambda items: len(set(items)) == len(items)),
        ([([[1, 2], [4, 3]],), ([[5, 1, 7], [2, 8, 9], [3, 4, 6]],)], lambda rows: {*map(len, rows)} == {len(rows)}),
        ([("(()())",), ("()",), ("((()))()",)], lambda text: text.count("(") == text.count(")") and text[0] == "("),
        ([("one two",), ("two three one",), ("three two",)], lambda text: set(text.split()) <= {"one", "two", "three"}),
        ([("03-11-2000",), ("12-31-1999",), ("07-04-2021",)], lambda text: re.fullmatch(r"\d\d-\d\d-\d{4}", text)),
        ([("5 cats and 6 dogs",), ("15 cats and 60 dogs",)], lambda text: re.fullmatch(r"\d+ cats and \d+ dogs", text)),
        ([("Hi, you",), ("Well, so be it",), ("No way",)], lambda text: text == text.strip() and ",," not in text),
        ([("abba",), ("abcba",), ("aa",)], lambda text: text == text[::-1]),
    ],
    ids=["ascending", "distinct", "square", "balanced", "vocabulary", "date", "record", "joints", "palindrome"],
)  # fmt: skip
def test_what_all_published_inputs_have_in_common_is_kept(inputs: list[tuple[Any, ...]], trait: Any) -> None:
    assert all(trait(*given) for given in inputs)
    assert all(trait(*given) for given in derived(*inputs))


def test_relations_between_arguments_are_kept() -> None:
    for items, position in derived(([3, 1, 2], 2), ([5, 4], 1), ([9, 0, 1, 4], 3), ([7, 7, 7, 2], 0)):
        assert 0 <= position < len(items)
    for items, item in derived(([3, 1, 2], 2), ([5, 4], 5), ([9, 0, 1, 4], 0)):
        assert item in items
    for names, values in derived((["a", "b"], [1, 2, 3]), (["b"], [4, 2]), (["a", "b", "b"], [1, 2, 3, 4])):
        assert len(names) + 1 == len(values)


def test_numbers_of_one_sort_stay_of_that_sort() -> None:
    assert {number for (number,) in derived((4,), (15,), (22,), (9,))} <= set(range(4, 23)) - {5, 7, 11, 13, 17, 19}
    assert {number for (number,) in derived((4,), (16,), (22,), (8,))} <= set(range(4, 23, 2))


def test_letters_stay_within_a_small_alphabet_and_widen_with_a_large_one() -> None:
    assert set("".join(text for (text,) in derived(("GATTACA",), ("CCGT",), ("TAG",)))) == set("GATC")
    widened = "".join(text for (text,) in derived(("abcdefgh",), ("klmnop",), ("xyz",)))
    assert "w" in widened
    assert "W" not in widened


@pytest.mark.parametrize(
    ("test", "use"),
    [
        ("assert f(1) == 2", Use("", 1e-6)),
        ("assert f(1) == 2\nassert set(f(2)) == {3}", Use("set", 1e-6)),
        ("assert sorted(list(f(1))) == [2]", Use("sorted", 1e-6)),
        ("def check(candidate):\n    assert abs(candidate(1.5) - 0.5) < 1e-3\n\ncheck(f)", Use("", 1e-3)),
        ("import math\nassert math.isclose(f(1), 2.0, rel_tol=0.001)", Use("", 1e-3)),
        ("assert f(1)\nassert not f(2)", Use("bool", 1e-6)),
        ("assert f(1) == 2, 'not ' + str(f(1))", Use("", 1e-6)),
        ("root = f(1)\nassert abs(root * root - 2) < 1e-4", None),
        ("assert f(1) in (2, 3)", None),
        ("assert f(1) == 2\nassert len(f(2)) < 3", None),
        ("assert g(1) == 2", None),
        ("assert (", None),
    ],
)
def test_how_a_published_test_looks_at_outputs(test: str, use: Use | None) -> None:
    assert use_of(test, "f") == use


def test_examples_of_a_prompt_are_inputs_where_their_arguments_are_literals() -> None:
    prompt = "def f(a: int, b):\n    '''>>> f(3, [1, 2])\n    f(')', []) is 0, f(x, y) and f() are not"
    assert shown_inputs(prompt, "f") == [(3, [1, 2]), (")", [])]
