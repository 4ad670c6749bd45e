"""Equality of a claimed value with an expected one."""

from __future__ import annotations

import math
import time
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sandbox.cell.codec import encode
from orchestration.sandbox.values import Items, Pairs, Unsupported, read_value
from orchestration.scoring.comparison import Comparison

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=15,
)


@given(VALUES)
def test_a_value_equals_itself(value: Any) -> None:
    assert Comparison().equal(value, read_value(encode(value)))


@given(VALUES, VALUES)
def test_no_other_value_is_equal(left: Any, right: Any) -> None:
    if repr(left) != repr(right) and not has_number(left):
        assert not Comparison().equal(left, read_value(encode(right))) or left == right


def has_number(value: Any) -> bool:
    return any(character.isdigit() for character in repr(value)) or "nan" in repr(value)


@pytest.mark.parametrize(
    ("expected", "actual", "is_equal"),
    [
        (1, True, False),
        (True, 1, False),
        (0, False, False),
        (0, None, False),
        (2, 2.0, True),
        (2.0, 2, True),
        (0.3, 0.1 + 0.2, False),
        (1.5, Decimal("1.5"), True),
        (math.nan, math.nan, True),
        (math.nan, 1.0, False),
        (1.0, Decimal("sNaN"), False),
        (10, Decimal("1e999999"), False),
        ("a", b"a", False),
        ("a", Unsupported("str"), False),
        ([1, [2]], Items("tuple", (1, Items("tuple", (2,)))), True),
        ([1], Items("set", (1,)), False),
        ([1], Items("list", (1, 1)), False),
        ({"a": 1}, Pairs((("a", 1), ("a", 1))), False),
        ({"a": 1, "b": 2}, Pairs((("b", 2), ("a", 1))), True),
        ({"a": 1}, Items("list", ("a", 1)), False),
        ({1, 2}, Items("frozenset", (2, 1)), True),
        ({1, 2}, Items("set", (1, 1)), False),
        ("2024-02-29", date(2024, 2, 29), False),
    ],
)
def test_the_rules(expected: Any, actual: Any, is_equal: bool) -> None:
    assert Comparison().equal(expected, actual) is is_equal


def test_tolerance_is_absolute_and_reaches_into_containers() -> None:
    near = Comparison(tolerance=0.01)
    assert near.equal([{"a": 1.0}], Items("list", (Pairs((("a", 1.009),)),)))
    assert not near.equal(1.0, 1.02)
    assert not near.equal(1, True)
    assert not near.equal(1.0, 10**400)


def test_dates_equal_their_iso_text_where_asked() -> None:
    dates = Comparison(is_text_of_dates=True)
    assert dates.equal("2024-02-29", date(2024, 2, 29))
    assert dates.equal("2024-02-29 10:00:00", datetime(2024, 2, 29, 10))  # noqa: DTZ001 (DuckDB's TIMESTAMP is naive)
    assert not dates.equal("2024-02-29", datetime(2024, 2, 29, 10))  # noqa: DTZ001


def test_colliding_keys_cost_no_time() -> None:
    modulus = 2**61 - 1
    started = time.perf_counter()
    flood = Pairs(tuple((key * modulus, 0) for key in range(50_000)))
    assert not Comparison().equal({"a": 1}, flood)
    assert time.perf_counter() - started < 1
