"""The leaderboard page as Streamlit runs it, on a client over loopback HTTP."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fake_api import FakeApi, awkward, unknown_entry

if TYPE_CHECKING:
    from collections.abc import Callable


PAGE = "leaderboard"


def test_the_page_shows_every_model_in_a_table(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    assert page.app.title[0].value == "Leaderboard"
    assert not page.charts
    for name in ("Atlas", "Borealis", "Cobalt", "Dynamo", "Ember", "Flint"):
        assert f">{name}</a>" in page.words


def test_the_banner_and_every_row_say_simulated(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    assert "All 6 models here are **simulated**" in page.app.info[0].value
    assert page.words.count(">simulated</span>") == 6


def test_the_chart_is_one_choice_away(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, view="chart")
    assert len(page.charts) == 1
    assert "<table" not in page.words


def test_the_banner_counts_the_simulated_ones_among_real_ones(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    awkward(fake_api)
    assert open_page(PAGE).app.info[0].value.startswith("5 of 8 models here are **simulated**")


def test_there_is_no_banner_without_a_simulated_model(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.entries = [{**row, "is_simulated": False, "label": row["target_id"]} for row in fake_api.entries]
    assert "simulated" not in open_page(PAGE).words


def test_the_address_decides_the_filters(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, window="24h", family="sql")
    assert page.app.session_state["filter-window"] == "24h"
    assert page.app.selectbox(key="filter-family").value == "sql"
    assert "model-trend?model=sim-atlas&amp;family=sql" in page.words


def test_a_filter_writes_the_address_and_its_default_leaves_it(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    page.app.selectbox(key="filter-family").select("bug-fixing").run()
    assert page.app.query_params["family"] == "bug-fixing"
    page.app.selectbox(key="filter-family").select("all").run()
    assert "family" not in page.app.query_params


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("window", "yesterday"),
        ("family", "**poetry**"),
        ("provider", "<script>"),
        ("window", "x" * 5000),
        ("family", ""),
        ("sort", "luck"),
        ("effort", "extreme"),
        ("max_cost_per_task_usd", "-1"),
        ("max_cost_per_task_usd", "cheap"),
        ("max_output_usd_per_mtok", "nan"),
        ("view", "radar"),
    ],
)
def test_a_nonsense_address_is_explained_and_the_page_stays(
    open_page: Callable[..., Any], name: str, value: str
) -> None:
    page = open_page(PAGE, **{name: value})
    assert len(page.app.warning) == 1
    assert page.app.warning[0].value.startswith(f"The address asks for {name} ")
    assert len(page.app.warning[0].value) < 400
    assert ">Atlas</a>" in page.words


def test_unknown_parameters_of_the_address_do_no_harm(open_page: Callable[..., Any]) -> None:
    assert not open_page(PAGE, utm_source="mail").app.warning


def test_an_empty_database_says_how_to_fill_it(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.entries, fake_api.models = [], []
    page = open_page(PAGE)
    assert "./aibaas demo" in page.app.info[0].value
    assert not page.charts


def test_a_choice_without_models_says_so(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    awkward(fake_api)
    fake_api.entries = [row for row in fake_api.entries if row["provider"] != "anthropic"]
    page = open_page(PAGE, provider="anthropic")
    assert page.app.info[0].value == "No model has numbers for this choice. Fewer filters, or other words, show more."
    assert page.app.selectbox(key="filter-provider").value == "anthropic"
    fake_api.entries.clear()
    assert open_page(PAGE).app.info[0].value.startswith("No model has numbers for this choice.")


def test_a_failing_api_is_one_line_and_a_way_to_try_again(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.problem = (503, {"detail": "The database **does not** answer."})
    page = open_page(PAGE)
    assert page.app.error[0].value == r"The API can't answer \(503\)\: The database \*\*does not\*\* answer."
    fake_api.problem = None
    page.app.button[0].click().run()
    assert not page.app.error
    assert ">Atlas</a>" in page.words


def test_only_unscored_models_make_a_table_without_a_chart(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.entries = [unknown_entry("sim-atlas", "Atlas")]
    assert "no call was answered" in open_page(PAGE).words
    page = open_page(PAGE, view="chart")
    assert not page.charts
    assert "Drawn: 0 of 1 model" in page.words


def test_three_hundred_models_begin_with_the_best_and_can_all_be_shown(
    open_page: Callable[..., Any], fake_api: FakeApi
) -> None:
    many = FakeApi.of_many(300)
    fake_api.entries, fake_api.models = many.entries, many.models
    assert open_page(PAGE).words.count("<tr>") == 26
    assert "Drawn: 50 of 300 models" in open_page(PAGE, rows="all", view="chart").words
    page = open_page(PAGE, rows="all")
    assert page.words.count("<tr>") == 301
    assert page.app.session_state["filter-rows"] == "all"


def test_an_old_newest_hour_is_warned_about(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.entries = [{**row, "last_benchmark_hour": "2026-01-01T00:00:00Z"} for row in fake_api.entries]
    page = open_page(PAGE)
    assert "Newest hour 2026-01-01 00:00 UTC" in page.app.caption[0].value
    assert "is collection running?" in page.app.warning[0].value


def test_an_api_that_is_down_is_one_line_with_the_way_to_mend_it(
    open_page: Callable[..., Any], fake_api: FakeApi
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        fake_api.url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    page = open_page(PAGE)
    assert "Nothing answers at http" in page.app.error[0].value
    assert "aibaas up" in page.app.error[0].value


def test_words_find_models_by_label_provider_and_host(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    awkward(fake_api)
    assert open_page(PAGE, search="ANTHROPIC").words.count("<tr>") == 2
    assert open_page(PAGE, search="at las").words.count("<tr>") == 1 + 1
    assert "Fewer filters" in open_page(PAGE, search="<nobody>").app.info[0].value


@pytest.mark.parametrize(
    ("name", "value", "first"),
    [
        ("sort", "cost_per_task_usd", "Flint"),
        ("sort", "latency_p50_ms", "Flint"),
        ("sort", "-score_mean", "Atlas"),
        ("max_cost_per_task_usd", "0.0005", "Dynamo"),
        ("simulated", "true", "Atlas"),
    ],
)
def test_sorting_and_ceilings_reach_the_api(open_page: Callable[..., Any], name: str, value: str, first: str) -> None:
    words = open_page(PAGE, **{name: value}).words
    assert words.index(f">{first}</a>") == min(
        words.index(f">{label}</a>") for label in ("Atlas", "Dynamo", "Flint") if f">{label}</a>" in words
    )


def test_open_weights_and_effort_narrow_the_board(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    for rows in (fake_api.entries, fake_api.models):
        rows[0] |= {"is_open_weights": True, "reasoning_effort": "high"}
    assert open_page(PAGE, open_weights="true").words.count("<tr>") == 2
    assert open_page(PAGE, effort="high").words.count("<tr>") == 2
    assert open_page(PAGE, effort="default").words.count("<tr>") == 6


def test_the_view_can_be_shared_as_the_call_that_makes_it(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, window="24h", family="sql")
    (call,) = [block.value for block in page.app.code if "curl" in block.value]
    assert "/v1/leaderboard?window=24h&family=sql&sort=-score_mean" in call
    assert call.count("curl") == 1
