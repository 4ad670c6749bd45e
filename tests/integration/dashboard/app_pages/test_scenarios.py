"""The page of scenarios as Streamlit runs it, on a client over loopback HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fake_scenarios import PROMPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.fake_api import FakeApi

PAGE = "scenarios"


def test_every_scenario_is_listed_with_what_it_is(open_page: Callable[..., Any]) -> None:
    words = open_page(PAGE).words
    assert "12 of 12 scenarios in 6 families" in words
    for said in (">Task 1 of sql</a>", "<small>sql/task-1</small>", "canary", "2026-10-05", "medium"):
        assert said in words


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ({"family": "sql"}, 2),
        ({"suite": "canary"}, 6),
        ({"language": "sql", "difficulty": "easy"}, 1),
        ({"words": "TASK 2"}, 6),
        ({"words": "no such"}, 0),
    ],
)
def test_the_address_chooses(open_page: Callable[..., Any], address: dict[str, str], count: int) -> None:
    assert f"{count} of 12 scenarios" in open_page(PAGE, **address).words


def test_a_scenario_shows_how_each_answer_was_graded(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, scenario="sql/task-1")
    words = page.words
    for said in (
        "2 of 2 checks passed",
        "1 of 2 checks passed",
        "\u2717 failed: refunds are taken off",
        "another result",
    ):
        assert said in words
    for said in ("confined by namespaces, 84 ms, 40 MiB", "cut off", "434 in, 237 out", "$0.0018", "sql 2"):
        assert said in words
    assert "in &lt;b&gt;order&lt;/b&gt;" in words
    assert "in <b>order</b>" not in words
    assert page.app.code[-1].value == "./aibaas scenarios show sql/task-1"


def test_the_prompt_of_the_public_variant_is_plain_text_and_says_where_it_is_cut(
    open_page: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(PAGE, scenario="sql/task-1")
    assert PROMPT["public_prompt"] in [each.value for each in page.app.code]
    assert "characters" not in page.words
    shown = len(page.app.code)
    monkeypatch.setitem(PROMPT, "public_prompt_length", 48_200)
    assert "The first 35 of 48,200 characters." in open_page(PAGE, scenario="sql/task-1").words
    monkeypatch.setitem(PROMPT, "public_prompt", None)
    page = open_page(PAGE, scenario="sql/task-1")
    assert "Its prompt is recorded with the next measured hour" in page.words
    assert len(page.app.code) == shown - 1


def test_an_answer_that_could_not_be_graded_is_a_dash_with_its_reason(open_page: Callable[..., Any]) -> None:
    words = open_page(PAGE, scenario="sql/task-1").words
    assert 'title="the sandbox failed">\u2014' in words
    assert "our sandbox failed, which is no fault of the model" in words
    assert "<b>0.00</b>" not in words


def test_an_unknown_scenario_is_explained_and_the_others_are_shown(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, scenario="sql/<b>")
    assert "refuses" in page.app.warning[0].value
    assert "12 of 12 scenarios" in page.words


def test_nothing_recorded_yet_is_said(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.scenarios.clear()
    assert "No scenario is known yet" in open_page(PAGE).app.info[0].value
