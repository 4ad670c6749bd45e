"""Values that a cell claims: read totally, whatever they are."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sandbox.cell import codec
from orchestration.sandbox.values import Items, MalformedValueError, Pairs, Unsupported, encode_trusted, read_value

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
BUILTINS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=15,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.tuples(st.sampled_from("ifbltszdu"), inner).map(list),
    max_leaves=20,
)


def same(left: Any, right: Any) -> bool:
    return repr(left) == repr(right)


@given(BUILTINS)
def test_what_is_sent_is_rebuilt_as_it_was(value: Any) -> None:
    assert same(codec.rebuild(json.loads(codec.dumps(encode_trusted(value)))), value)


@given(JSON)
def test_any_claim_is_read_or_refused(tree: Any) -> None:
    try:
        read_value(tree)
    except MalformedValueError:
        return


@pytest.mark.parametrize(
    "value",
    [
        2**53 - 1,
        -(2**53),
        2**900,
        0.1,
        math.inf,
        b"\x00",
        date(2024, 2, 29),
        datetime(2024, 1, 1, tzinfo=UTC),
        Decimal(1),
    ],
)
def test_scalars_survive_both_ways(value: Any) -> None:
    assert same(read_value(json.loads(codec.dumps(codec.encode(value)))), value)


def test_keys_are_never_made_into_a_dict() -> None:
    assert read_value(["d", [[1, 2], [1, 3]]]) == Pairs(((1, 2), (1, 3)))
    assert read_value(["s", [1, 1]]) == Items("set", (1, 1))


@pytest.mark.parametrize(
    "tree",
    [
        1.5,
        {},
        [],
        ["l"],
        ["x", []],
        ["l", "text"],
        ["i", "zz"],
        ["f", "1" * 20_000],
        ["d", [[1]]],
        ["date", "today"],
        [1, []],
    ],
)
def test_other_trees_are_refused(tree: Any) -> None:
    with pytest.raises(MalformedValueError):
        read_value(tree)


def test_endless_nesting_is_refused() -> None:
    tree: Any = None
    for _ in range(500):
        tree = ["l", [tree]]
    with pytest.raises(MalformedValueError):
        read_value(tree)


def test_subclasses_count_as_their_builtin() -> None:
    class Text(str):
        __slots__ = ()

        def __str__(self) -> str:
            return "another"

    assert codec.encode(Text("kept")) == "kept"
    assert read_value(codec.encode(object())) == Unsupported("object")
