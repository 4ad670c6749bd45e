from __future__ import annotations

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from api.pagination import CursorError, PageQuery, split_page

KEY: TypeAdapter[tuple[float | None, str]] = TypeAdapter(
    tuple[Annotated[float, Field(allow_inf_nan=False)] | None, Annotated[str, Field(max_length=64)]]
)


class ThingsQuery(PageQuery):
    colour: str = "any"


class OthersQuery(PageQuery):
    colour: str = "any"


@given(st.none() | st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20))
def test_a_cursor_leads_back_to_its_exact_position(score: float | None, name: str) -> None:
    cursor = ThingsQuery().cursor_after(score, name)
    assert ThingsQuery.model_construct(limit=50, cursor=cursor, colour="any").position(KEY) == (score, name)


def test_a_cursor_behind_the_longest_label_is_taken_back() -> None:
    assert ThingsQuery(cursor=ThingsQuery().cursor_after("模" * 80, "m" * 64)).cursor


def test_the_first_page_has_no_position() -> None:
    assert ThingsQuery().position(KEY) is None


def test_a_cursor_survives_another_page_size() -> None:
    cursor = ThingsQuery(limit=1).cursor_after(8.5, "sim-atlas")
    assert ThingsQuery(limit=100, cursor=cursor).position(KEY) == (8.5, "sim-atlas")


@pytest.mark.parametrize("query", [ThingsQuery(colour="red"), OthersQuery()])
def test_a_cursor_of_other_filters_or_another_list_is_refused(query: PageQuery) -> None:
    cursor = ThingsQuery().cursor_after(8.5, "sim-atlas")
    with pytest.raises(CursorError, match="other filters"):
        query.model_copy(update={"cursor": cursor}).position(KEY)


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=512))
def test_a_made_up_cursor_is_refused_and_never_breaks(cursor: str) -> None:
    with pytest.raises(CursorError):
        ThingsQuery(cursor=cursor).position(KEY)


def test_parameters_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValidationError, match="color"):
        ThingsQuery.model_validate({"color": "red"})


@pytest.mark.parametrize(("count", "page", "has_more"), [(0, 0, False), (2, 2, False), (3, 2, True)])
def test_the_row_over_the_limit_only_says_that_more_follow(count: int, page: int, has_more: bool) -> None:
    assert split_page(list(range(count)), 2) == (list(range(page)), has_more)
