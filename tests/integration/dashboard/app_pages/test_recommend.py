"""The page of recommendations as Streamlit runs it, on a client over loopback HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.support.fake_api import FakeApi, awkward

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = "recommend"


def router_of(page: Any) -> dict[str, Any]:
    (text,) = [block.value for block in page.app.code if block.language == "yaml"]
    return yaml.safe_load(text)


def test_the_choice_and_its_fallbacks_have_reasons(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    assert "Take Atlas: it has the highest mean." in page.words
    assert "<b>Take this</b>" in page.words
    assert "scores below Atlas" in page.words
    assert page.words.index(">Atlas</a>") < page.words.index(">Borealis</a>") < page.words.index(">Cobalt</a>")


def test_limits_reach_the_api_and_the_address(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, max_cost_per_task_usd="0.0005")
    assert "Take Dynamo" in page.words
    assert "$ per task: 0.00412, at most 0.001" in page.words
    page.app.number_input(key="filter-max_error_percent").set_value(1.5).run()
    assert page.app.query_params["max_error_percent"] == "1.5"
    assert any("max_error_rate=0.015" in block.value for block in page.app.code)


def test_limits_that_nothing_fits_leave_the_reasons(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, min_score_mean="10")
    assert "No measured model fits these limits." in page.words
    assert page.app.expander[1].label == "Left out: 6 models"
    assert not [block for block in page.app.code if block.language == "yaml"]


def test_the_router_asks_in_the_order_and_holds_no_key(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    awkward(fake_api)
    fake_api.models[1]["host"] = "api.anthropic.com"
    fake_api.models[2]["host"] = "openrouter.ai/Together"
    config = router_of(open_page(PAGE))
    deployments = [each["litellm_params"] for each in config["model_list"]]
    assert [each["order"] for each in deployments] == [1, 2, 3, 4, 5]
    assert deployments[1]["model"] == "anthropic/borealis"
    assert deployments[1]["api_key"] == "os.environ/ANTHROPIC_API_KEY"
    assert deployments[1]["reasoning_effort"] == "high"
    assert deployments[2]["extra_body"]["provider"] == {"order": ["Together"], "allow_fallbacks": False}
    assert {each["model_name"] for each in config["model_list"]} == {"all"}
    assert config["router_settings"] == {"num_retries": 0, "max_fallbacks": 5, "timeout": 180}


def test_a_simulated_choice_is_told_in_the_file(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    (text,) = [block.value for block in page.app.code if block.language == "yaml"]
    assert text.startswith("# SIMULATED models")
    assert "are **simulated**" in page.app.info[0].value


@pytest.mark.parametrize(
    ("name", "value"),
    [("min_score_mean", "11"), ("max_latency_p50_ms", "fast"), ("max_error_percent", "-3"), ("simulated", "maybe")],
)
def test_a_nonsense_address_is_explained_and_the_page_stays(
    open_page: Callable[..., Any], name: str, value: str
) -> None:
    page = open_page(PAGE, **{name: value})
    assert page.app.warning[0].value.startswith(f"The address asks for {name} ")
    assert ">Atlas</a>" in page.words


def test_an_empty_database_and_a_failing_api_are_explained(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.entries, fake_api.models = [], []
    assert "Nothing has been measured yet" in open_page(PAGE).words
    fake_api.problem = (503, {"detail": "The marts are not built yet."})
    assert "The marts are not built yet" in open_page(PAGE).app.error[0].value
