"""The comparison page as Streamlit runs it, on a client over loopback HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.app_pages import compare
from tests.support.fake_api import FakeApi, awkward

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = "compare"


def test_the_verdict_stands_above_pairs_trends_and_scenarios(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, models="sim-atlas,sim-ember")
    assert "Atlas scores higher than every other one of these 2 models." in page.words
    assert [heading.value for heading in page.app.subheader] == ["Pair by pair", "Over time", "Scenario by scenario"]
    assert len(page.charts) == 3
    assert "<b>Atlas</b> scores higher than Ember" in page.words
    assert "+2.56" in page.words


def test_the_best_two_are_compared_where_the_address_names_none(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    assert page.app.multiselect(key="filter-models").value == ["sim-atlas", "sim-borealis"]
    assert "the data do not tell them apart" in page.words


def test_the_models_that_are_compared_stay_when_others_become_the_best(
    open_page: Callable[..., Any], fake_api: FakeApi
) -> None:
    page = open_page(PAGE)
    assert page.app.query_params["models"] == "sim-atlas,sim-borealis"
    fake_api.entries[4]["score_mean"] = 9.9
    page.app.run()
    assert page.app.multiselect(key="filter-models").value == ["sim-atlas", "sim-borealis"]
    page.app.multiselect(key="filter-models").set_value([]).run()
    assert page.app.info[0].value == "Choose two to 6 models."


def test_a_choice_of_models_is_in_the_address(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    page.app.multiselect(key="filter-models").select("sim-flint").run()
    assert page.app.query_params["models"] == "sim-atlas,sim-borealis,sim-flint"
    assert page.app.multiselect(key="filter-models").value == ["sim-atlas", "sim-borealis", "sim-flint"]


def test_the_matrix_says_in_marks_and_numbers_who_solves_what(open_page: Callable[..., Any]) -> None:
    words = open_page(PAGE, models="sim-atlas,sim-flint").words
    assert "\u25cf 10.0" in words
    assert "\u25d0 8.7" in words
    assert "\u25cb 0.0" not in words
    assert "\u25d0 0.4" in words


def test_the_matrix_has_also_the_scenarios_that_are_not_drawn(
    open_page: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "SCENARIOS_DRAWN", 2)
    page = open_page(PAGE, models="sim-atlas,sim-flint")
    count = re.search(r"2 of (\d+) scenarios drawn", page.words)
    (matrix,) = [each.proto.body for each in page.app.get("html") if "Who solves what" in each.proto.body]
    assert count is not None
    assert matrix.count("<tr>") == 1 + int(count[1]) > 3


def test_a_model_without_a_score_is_not_compared_and_says_why(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    awkward(fake_api)
    fake_api.models.append({**fake_api.models[0], "target_id": "gpt-x", "label": "GPT-X", "is_simulated": False})
    fake_api.histories["gpt-x"] = []
    page = open_page(PAGE, models="sim-atlas,gpt-x")
    assert "they have no scenario in common" in page.words
    assert "no scored answer in this window" in page.words
    assert "1 of 2 models here is **simulated**" in page.app.info[0].value


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"models": "sim-atlas,<b>,sim-flint"}, "The address asks for models"),
        ({"models": f"sim-atlas,{'x' * 5000}"}, "The address asks for models"),
        ({"models": "sim-atlas,sim-flint", "window": "year"}, "The address asks for window"),
        ({"models": "sim-atlas,sim-flint", "suite": "secret"}, "The address asks for suite"),
    ],
)  # fmt: skip
def test_a_nonsense_address_is_explained_and_the_page_stays(
    open_page: Callable[..., Any], address: dict[str, str], said: str
) -> None:
    page = open_page(PAGE, **address)
    assert page.app.warning[0].value.startswith(said)
    assert len(page.app.warning[0].value) < 400
    assert len(page.charts) == 3 or page.app.info[0].value == "Choose two to 6 models."


def test_one_model_is_too_few_and_the_choice_stays(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, models="sim-atlas")
    assert page.app.info[0].value == "Choose two to 6 models."
    assert page.app.multiselect(key="filter-models").value == ["sim-atlas"]


def test_nothing_and_one_model_are_explained(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.models = fake_api.models[:1]
    assert "only one model" in open_page(PAGE).app.info[0].value
    fake_api.models = []
    assert "./aibaas demo" in open_page(PAGE).app.info[0].value


def test_a_failing_api_is_one_line(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.problem = (500, {"detail": "broken"})
    assert "broken" in open_page(PAGE).app.error[0].value
