"""The trend page as Streamlit runs it, on a client over loopback HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fake_api import BASELINE, LAUNCH, FakeApi, awkward, gap, newest_hour, point, text
from tests.support.fake_events import some_anomalies, some_changes

if TYPE_CHECKING:
    from collections.abc import Callable


PAGE = "model_trend"


def figures(page: Any) -> list[Any]:
    return [json.loads(chart.proto.spec) for chart in page.charts]


def test_the_address_names_the_model(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, model="sim-cobalt", granularity="day", days="7")
    assert "<h2>Cobalt</h2>" in page.words
    assert page.app.selectbox(key="filter-model").value == "sim-cobalt"
    assert page.app.session_state["filter-granularity"] == "day"
    assert page.app.session_state["filter-days"] == "7"


def test_score_and_speed_are_drawn_and_gaps_are_named(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, model="sim-atlas")
    assert [heading.value for heading in page.app.subheader] == ["Score", "Speed", "Cost", "Reliability"]
    assert len(page.charts) == 4
    assert "312 of 336 hours measured" in page.words
    gaps = page.app.caption[-1].value
    assert gaps.startswith("Gaps: the provider was overloaded, 9 hours, ")
    assert "; measured late, 2 hours, " in gaps
    assert "; no call was answered, 13 hours, in 2 stretches, the last " in gaps


def test_by_day_the_days_that_were_measured_in_part_are_named(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, model="sim-atlas", granularity="day", days="30")
    assert page.app.caption[0].value.startswith("Newest day ")
    assert [warning.value for warning in page.app.warning] == [], (
        "a day that began hours ago is no sign of a standstill"
    )
    assert "Days measured in part: " in page.words
    assert " of 24 hours)" in page.words


def test_the_choice_says_which_models_are_simulated_or_not_measured(
    open_page: Callable[..., Any], fake_api: FakeApi
) -> None:
    awkward(fake_api)
    fake_api.models[1] |= {"label": "Sonnet", "last_answered_at": None}
    options = open_page(PAGE).app.selectbox(key="filter-model").options
    assert options[0] == "Atlas (simulated)"
    assert options[-1] == "Sonnet (not measured now)"


def test_a_simulated_model_is_marked(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, model="sim-atlas")
    assert "This model is **simulated**" in page.app.info[0].value
    assert 'class="badge"' in page.words


def test_a_model_that_is_not_measured_now_says_why(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    awkward(fake_api)
    page = open_page(PAGE, model="sim-borealis")
    assert r"Not measured now: ANTHROPIC\_API\_KEY is not set." in page.app.warning[0].value
    assert "high effort" in page.words
    assert "input price unknown, $7.50 out" in page.words
    assert "&lt;b&gt;Sonnet&lt;/b&gt;" in page.words


@pytest.mark.parametrize(
    ("name", "value"), [("model", "no-such-model"), ("days", "-1"), ("granularity", "second"), ("family", "<b>")]
)
def test_a_nonsense_address_is_explained_and_the_page_stays(
    open_page: Callable[..., Any], name: str, value: str
) -> None:
    page = open_page(PAGE, **{name: value})
    assert page.app.warning[0].value.startswith(f"The address asks for {name} ")
    assert len(page.charts) == 4


def test_another_model_is_one_choice_away_and_in_the_address(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE)
    page.app.selectbox(key="filter-model").select("sim-ember").run()
    assert page.app.query_params["model"] == "sim-ember"
    assert "<h2>Ember</h2>" in page.words


def test_one_hour_is_enough_for_a_page(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.histories["sim-atlas"] = [point(newest_hour(), score_ci95_lower=None, score_ci95_upper=None)]
    page = open_page(PAGE, model="sim-atlas")
    assert len(page.charts) == 4
    assert "1 of 1 hour measured" in page.words


def test_hours_without_any_measurement_still_make_a_page(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.histories["sim-atlas"] = [gap(newest_hour(), "rate_limit")]
    page = open_page(PAGE, model="sim-atlas")
    assert "Nothing was measured in this span; 0 of 1 hour measured" in page.words
    assert page.app.caption[-1].value.startswith("Gaps: the provider's rate limit, 1 hour, ")


def test_without_a_model_in_the_address_one_that_answered_last_is_shown(
    open_page: Callable[..., Any], fake_api: FakeApi
) -> None:
    fake_api.models[0]["last_answered_at"] = None
    assert open_page(PAGE).app.selectbox(key="filter-model").value == "sim-borealis"


def test_the_model_that_is_shown_stays_when_another_one_answers_later(
    open_page: Callable[..., Any], fake_api: FakeApi
) -> None:
    page = open_page(PAGE)
    assert page.app.query_params["model"] == "sim-atlas"
    fake_api.models[3]["last_answered_at"] = text(newest_hour() + timedelta(days=1))
    page.app.run()
    assert "<h2>Atlas</h2>" in page.words
    assert "<h2>Dynamo</h2>" in open_page(PAGE).words


def test_a_model_without_plans_says_so(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.histories["sim-atlas"] = []
    page = open_page(PAGE, model="sim-atlas", days="30")
    assert "Nothing was planned for this model in the last 30 days, in suite canary." in page.words
    assert not page.charts


def test_an_empty_database_says_how_to_fill_it(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.entries, fake_api.models = [], []
    assert "./aibaas demo" in open_page(PAGE, model="sim-atlas").app.info[0].value


def test_a_failing_api_is_one_line(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.body = b"<html>"
    page = open_page(PAGE)
    assert "can't be read" in page.app.error[0].value
    assert page.app.button[0].label == "Try again"


def test_what_happened_is_marked_with_the_level_before(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.anomalies, fake_api.changes = some_anomalies(), some_changes()
    page = open_page(PAGE, model="sim-atlas")
    score, speed, *_ = (json.loads(chart.proto.spec)["data"] for chart in page.charts)
    drawn = {trace.get("name"): trace for trace in score}
    assert drawn["got worse"]["marker"]["symbol"] == "triangle-down"
    assert drawn["got worse"]["customdata"][0][0] == "quality \u22121.25, major"
    assert drawn["change of version"]["customdata"][0][0] == "Name of the served model: atlas"
    assert drawn["level before a change"]["y"] == [8.5, 8.5, None]
    assert "got worse" not in {trace.get("name") for trace in speed}
    assert "1 level change, 1 noted around it" in page.words


def test_what_happened_is_told_in_words_below_the_figure(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.anomalies, fake_api.changes = some_anomalies(), some_changes()
    fake_api.anomalies[0]["incident_id"] = "6d0f7c2e-5a57-4d0c-9a1c-0d7f0c7f6b11"
    page = open_page(PAGE, model="sim-atlas")
    words = page.words
    for said in (
        "\u25bc got worse<br>\u25ef incident of several models",
        "Quality \u22121.25",
        "\u25a0 change of version",
    ):
        assert said in words
    assert "a&lt;b&gt;1" in words
    names = {trace.get("name") for trace in figures(page)[0]["data"]}
    assert {"incident of several models", "got worse", "change of version"} <= names
    dear = open_page(PAGE, model="sim-cobalt", days="90").words
    assert "\u2605 change of price" in dear
    assert "\u25c6 other change" in dear


def test_levels_before_a_change_are_those_of_the_suite_and_of_all_families(
    open_page: Callable[..., Any], fake_api: FakeApi
) -> None:
    fake_api.anomalies = some_anomalies()
    of_family = {
        trace.get("name"): trace for trace in figures(open_page(PAGE, model="sim-atlas", family="sql"))[0]["data"]
    }
    assert "level before a change" not in of_family
    assert of_family["got worse"]["customdata"][0][0] == "quality \u22121.25, major, over all families"
    page = open_page(PAGE, model="sim-atlas", suite="core")
    assert "336 hours measured, suite core" in page.words
    assert not {"level before a change", "got worse"} & {trace.get("name") for trace in figures(page)[0]["data"]}
    (calls,) = [block.value for block in page.app.code if "curl" in block.value]
    assert calls.count("suite=core") == 3


def test_cost_and_reliability_that_are_not_known_are_said(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.histories["sim-atlas"] = [point(newest_hour(), cost_usd=None)]
    page = open_page(PAGE, model="sim-atlas", granularity="week")
    assert len(page.charts) == 3
    assert "What answers cost is not known" in page.words


def test_the_level_at_launch_and_the_mean_of_the_days_before_stand_beside_the_score(
    open_page: Callable[..., Any],
) -> None:
    page = open_page(PAGE, model="sim-atlas")
    drawn = {trace.get("name"): trace for trace in figures(page)[0]["data"]}
    assert set(drawn["level at launch"]["y"]) == {LAUNCH}
    assert set(drawn["mean of the 7 days before"]["y"]) == {BASELINE, None}
    assert drawn["level at launch"]["line"]["dash"] != drawn["mean of the 7 days before"]["line"]["dash"]
    assert "the level at launch stays" in page.words


def test_slow_answers_are_drawn_beside_the_median(open_page: Callable[..., Any]) -> None:
    speed = {trace.get("name"): trace for trace in figures(open_page(PAGE, model="sim-atlas"))[1]["data"]}
    assert max(filter(None, speed["whole answer, p95"]["y"])) == 2 * max(filter(None, speed["whole answer, p50"]["y"]))
    assert "first token, p95" in speed


@pytest.mark.parametrize(("points", "count"), [("on", True), ("off", False)])
def test_single_hours_are_drawn_behind_days_on_demand(open_page: Callable[..., Any], points: str, count: bool) -> None:
    page = open_page(PAGE, model="sim-atlas", granularity="day", points=points)
    names = [trace.get("name") for trace in figures(page)[0]["data"]]
    assert names.count("single hours") == count
