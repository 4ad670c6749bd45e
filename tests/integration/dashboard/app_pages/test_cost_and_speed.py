"""The page of cost and speed as Streamlit runs it, on a client over loopback HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fake_api import FakeApi, awkward

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = "cost_and_speed"


def test_the_frontier_is_drawn_and_named(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.entries[3]["score_mean"] = 5.0
    page = open_page(PAGE)
    assert len(page.charts) == 1
    assert "On the frontier:** Flint, Ember, Cobalt, Borealis, Atlas" in page.app.markdown[-1].value


@pytest.mark.parametrize(
    ("measure", "has_bars"),
    [("cost_per_task_usd", True), ("cost_per_solved_task_usd", False), ("time_to_first_token_p50_ms", True)],
)
def test_what_a_model_takes_has_its_interval_where_the_api_states_one(
    open_page: Callable[..., Any], measure: str, *, has_bars: bool
) -> None:
    (drawn,) = open_page(PAGE, against=measure).charts
    chart = json.loads(drawn.proto.spec)
    assert any("array" in trace.get("error_x", {}) for trace in chart["data"]) is has_bars


def test_what_has_no_place_on_the_axis_is_named(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    awkward(fake_api)
    fake_api.entries[4]["cost_per_task_usd"] = 0.0
    words = open_page(PAGE).words
    assert "Not drawn, as it is 0: Ember." in words
    assert "Not drawn: 3 models whose score or cost per task is not known." in words


def test_a_choice_without_models_is_told_from_nothing_measured(open_page: Callable[..., Any]) -> None:
    said = open_page(PAGE, simulated="false").app.info[0].value
    assert said == "No model has numbers for this choice. Fewer filters, or other words, show more."


def test_real_and_simulated_models_have_a_frontier_each(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    awkward(fake_api)
    first, second = (each.value for each in open_page(PAGE).app.markdown[-2:])
    assert first.startswith("**On the frontier of real models:** Claude")
    assert second == "**On the frontier of simulated models:** Flint, Ember, Dynamo, Atlas"


def test_nothing_is_asked_that_is_not_shown(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    open_page(PAGE)
    assert not {"/v1/costs/projection", "/v1/prices/history"} & set(fake_api.requests)
    fake_api.requests.clear()
    open_page(PAGE, section="prices")
    assert set(fake_api.requests) == {"/v1/prices/history"}


def test_a_load_of_one_s_own_is_priced_by_family(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, section="load", tasks_sql="200", tasks_code_review="1", days="7")
    assert "**200 tasks a day over 7 days**: 200 of sql" in page.app.markdown[-1].value
    assert "$0.06" in page.words, "200 tasks of 0.000042 USD over 7 days"
    assert "2,003 answers in 14 days" in page.words
    (call,) = [block.value for block in page.app.code if "curl" in block.value]
    assert "/v1/costs/projection?tasks=sql%3A200&days_ahead=7" in call


def test_a_thousand_tasks_of_every_family_are_the_beginning(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, section="load")
    assert page.app.number_input(key="filter-tasks_all").value == 1000
    page.app.number_input(key="filter-tasks_bug-fixing").set_value(50).run()
    assert page.app.query_params["tasks_bug-fixing"] == "50"
    assert page.app.number_input(key="filter-tasks_all").value is None
    assert "**50 tasks a day over 30 days**" in page.app.markdown[-1].value


def test_a_load_without_tasks_is_no_load(open_page: Callable[..., Any]) -> None:
    assert open_page(PAGE, section="load", tasks_all="0").app.info[0].value == "A load has at least one task a day."


def test_tokens_count_once_both_are_given(open_page: Callable[..., Any]) -> None:
    half = open_page(PAGE, section="load", input_tokens="900")
    assert "Tokens count once both fields are filled." in half.words
    whole = open_page(PAGE, section="load", input_tokens="900", output_tokens="100")
    assert any("input_tokens=900&output_tokens=100" in block.value for block in whole.app.code)


def test_prices_and_their_changes_are_shown(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    page = open_page(PAGE, section="prices")
    assert len(page.charts) == 1
    assert "\u25bc 20%" in page.words
    assert "2026-11-14" in page.words
    assert page.app.query_params["models"] == "simulator/atlas,simulator/borealis,simulator/cobalt"
    fake_api.models.clear()
    assert open_page(PAGE, section="prices").app.info[0].value == "No price is known yet."


@pytest.mark.parametrize(
    "address",
    [
        {"section": "radar"},
        {"against": "beauty"},
        {"section": "load", "tasks_all": "many"},
        {"section": "load", "days": "365"},
        {"section": "prices", "models": "nobody/nothing"},
    ],
)
def test_a_nonsense_address_is_explained_and_the_page_stays(
    open_page: Callable[..., Any], address: dict[str, str]
) -> None:
    page = open_page(PAGE, **address)
    assert page.app.warning[0].value.startswith("The address asks for ")
    assert page.charts or "<table" in page.words or address["section"] == "prices"


@pytest.mark.parametrize("section", ["tradeoff", "load", "prices"])
def test_an_empty_database_and_a_failing_api_are_explained(
    open_page: Callable[..., Any], fake_api: FakeApi, section: str
) -> None:
    fake_api.entries, fake_api.models = [], []
    assert open_page(PAGE, section=section).app.info
    fake_api.problem = (503, {"detail": "The marts are not built yet."})
    assert "The marts are not built yet" in open_page(PAGE, section=section).app.error[0].value


def test_three_hundred_models_stay_usable(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    many = FakeApi.of_many(300)
    fake_api.entries, fake_api.models = many.entries, many.models
    assert len(open_page(PAGE).charts) == 1
    assert open_page(PAGE, section="load").words.count("<tr>") == 301
