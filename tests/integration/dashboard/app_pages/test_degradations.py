"""The page of degradations as Streamlit runs it, on a client over loopback HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.fake_accounts import KEY
from tests.support.fake_events import some_anomalies

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.fake_api import FakeApi

PAGE = "degradations"


@pytest.fixture(autouse=True)
def anomalies(fake_api: FakeApi) -> list[dict[str, Any]]:
    fake_api.anomalies = some_anomalies()
    return fake_api.anomalies


def figure(page: Any) -> Any:
    (chart,) = page.charts
    return json.loads(chart.proto.spec)


def test_a_change_comes_with_both_levels_their_intervals_and_what_a_day_can_tell(open_page: Callable[..., Any]) -> None:
    words = open_page(PAGE).words
    for said in ("3 changes of 3 models in the last 90 days, 1 open", "\u25bc worse: quality", ">major<", ">Atlas</a>"):
        assert said in words
    for said in ("8.50</b><small>8.25 to 8.75", "7.25</b><small>7.00 to 7.50", "\u22121.25</b><small>\u22121.60 to"):
        assert said in words
    for said in ("4.12\u00a0s", "\u00d71.55", "$0.00093", "the served model", "a change of price", "the norm now"):
        assert said in words
    assert "nothing was noted then" in words
    assert "simulated" in words


def test_the_strip_has_a_row_for_each_model_and_measure_and_tells_worse_from_better(
    open_page: Callable[..., Any],
) -> None:
    drawn = figure(open_page(PAGE, direction="any"))
    symbols = {trace["name"]: trace["marker"]["symbol"] for trace in drawn["data"] if trace["type"] == "scatter"}
    assert symbols == {"worse": "triangle-down", "better": "triangle-up"}
    ticks = drawn["layout"]["yaxis"]["ticktext"]
    assert [tick.partition("<br>")[0] for tick in ticks] == [
        f"<b>{name}</b>" for name in ("Atlas", "Ember", "Borealis", "Cobalt")
    ]
    assert all(", simulated" in tick for tick in ticks)


@pytest.mark.parametrize(
    ("address", "models"),
    [
        ({"metric": "latency"}, ["Borealis"]),
        ({"severity": "major"}, ["Atlas"]),
        ({"cause": "price"}, ["Cobalt"]),
        ({"verdict": "degraded"}, ["Atlas"]),
        ({"state": "open", "direction": "any"}, ["Atlas", "Ember"]),
        ({"direction": "better"}, ["Ember"]),
        ({"model": "sim-cobalt"}, ["Cobalt"]),
    ],
)
def test_the_address_chooses(open_page: Callable[..., Any], address: dict[str, str], models: list[str]) -> None:
    words = open_page(PAGE, **address).words
    shown = [name for name in ("Atlas", "Ember", "Borealis", "Cobalt") if f">{name}</a>" in words]
    assert shown == models


def test_the_evidence_of_one_change_is_shown_and_markup_in_it_is_text(
    open_page: Callable[..., Any], anomalies: list[dict[str, Any]]
) -> None:
    words = open_page(PAGE, anomaly=anomalies[0]["anomaly_id"]).words
    assert "Atlas (simulated) got worse: quality fell from 8.50 to 7.25 (\u22121.25), since " in words
    assert "Name of the served model" in words
    assert "atlas-&lt;b&gt;2026&lt;/b&gt;-11" in words
    assert "<b>2026</b>" not in words
    assert ">sql/totals</a>" in words
    assert "2 readers acknowledged it" in words


def test_what_was_asked_again_says_what_on_how_many_answers(
    open_page: Callable[..., Any], anomalies: list[dict[str, Any]]
) -> None:
    anomalies[2] |= {"verdict": "pending"}
    table = open_page(PAGE).words
    assert "confirmed as worse<small>24 extra answers: \u22121.50, \u22122.00 to \u22121.00" in table
    assert "being asked<small>no extra answers yet" in table
    assert "not settled<small>no extra answers were asked or given" in table
    words = open_page(PAGE, anomaly=anomalies[0]["anomaly_id"]).words
    assert "Extra answers to the same questions show it too; 24 extra answers: " in words


SIGNED_IN = """
import streamlit as st
from dashboard.api_client.client import ApiClient, shared_transport
from dashboard.app_pages import degradations

degradations.show(ApiClient(shared_transport({url!r}, 2.0, 0), own_key=st.session_state.get("api_key")))
"""


def signed_in(fake_api: FakeApi, key: str = KEY) -> AppTest:
    app = AppTest.from_string(SIGNED_IN.format(url=fake_api.url), default_timeout=20)
    app.query_params["anomaly"] = fake_api.anomalies[0]["anomaly_id"]
    app.run()
    app.text_input[0].input(key)
    button(app, "Sign in").click().run()
    assert not app.exception
    return app


def button(app: AppTest, label: str) -> Any:
    return next(each for each in app.button if each.label == label)


def captions(app: AppTest) -> str:
    return "\n".join(each.value for each in app.caption)


def test_who_is_signed_in_acknowledges_calls_false_and_leaves_notes(fake_api: FakeApi) -> None:
    app = signed_in(fake_api)
    button(app, "Acknowledge").click().run()
    assert button(app, "Acknowledge").disabled
    app.text_input[0].input("moved <b>house</b>").run()
    button(app, "Leave the note").click().run()
    assert app.text_input[0].value == ""
    button(app, "False alarm").click().run()
    kept = [(each["anomaly_id"], each["kind"], each["note"]) for each in fake_api.account.answers]
    drop = fake_api.anomalies[0]["anomaly_id"]
    assert kept == [(drop, "acknowledged", None), (drop, "note", "moved <b>house</b>"), (drop, "false_alarm", None)]
    assert "You acknowledged it at " in captions(app)
    assert r"moved \<b\>house\</b\>" in captions(app)
    assert not app.exception


def test_who_is_signed_in_goes_from_change_to_change_and_stays_signed_in(fake_api: FakeApi) -> None:
    app = signed_in(fake_api)
    other = fake_api.anomalies[2]["anomaly_id"]
    app.selectbox(key="filter-anomaly").select(other).run()
    assert app.query_params["anomaly"] == other
    assert any("Borealis (simulated) got worse" in each.proto.body for each in app.get("html"))
    button(app, "Acknowledge").click().run()
    assert [each["anomaly_id"] for each in fake_api.account.answers] == [other]
    button(app, "Close the evidence").click().run()
    assert "anomaly" not in app.query_params
    assert "Acknowledge" not in [each.label for each in app.button]


def test_an_empty_note_and_what_the_api_refuses_are_explained(fake_api: FakeApi) -> None:
    app = signed_in(fake_api)
    button(app, "Leave the note").click().run()
    assert "Write the note first" in app.error[0].value
    fake_api.account.scopes = ["account"]
    button(app, "False alarm").click().run()
    assert "The key has no scope alerts" in app.error[0].value
    assert fake_api.account.answers == []


def test_who_is_not_signed_in_is_shown_the_way_and_no_other_button(
    open_page: Callable[..., Any], fake_api: FakeApi, anomalies: list[dict[str, Any]]
) -> None:
    page = open_page(PAGE, anomaly=anomalies[0]["anomaly_id"])
    assert page.app.expander[0].label.startswith("Sign in to acknowledge it")
    assert [each.label for each in page.app.button] == ["Sign in", "Close the evidence"]
    assert ">Open</a>" in page.words
    refused = signed_in(fake_api, "aibaas_wrong")
    assert "The key is not known" in captions(refused)
    assert [each.label for each in refused.button] == ["Sign in", "Close the evidence"]


def test_the_published_record_is_counted(open_page: Callable[..., Any], anomalies: list[dict[str, Any]]) -> None:
    anomalies[3]["false_alarm_count"] = 4
    assert "; readers acknowledged 1 and called 1 a false alarm" in open_page(PAGE).words


def test_an_unknown_change_is_explained_and_the_others_stay(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGE, anomaly="x<b>")
    assert "an anomaly that can't be shown" in page.app.warning[0].value
    assert ">Atlas</a>" in page.words


def test_nothing_raised_is_told_from_nothing_measured(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.anomalies.clear()
    assert "Nothing of this choice was raised in the last 90 days" in open_page(PAGE).words
    fake_api.models.clear()
    assert "Nothing has been measured yet" in open_page(PAGE).words


def test_a_cell_has_its_number_only_where_the_move_is_told_from_chance(
    open_page: Callable[..., Any], fake_api: FakeApi
) -> None:
    fake_api.entries[1] |= {"score_change_7d": -0.84, "is_score_change_7d_significant": True}
    fake_api.entries[2] |= {"score_change_7d": None, "is_score_change_7d_significant": None}
    page = open_page(PAGE, section="families")
    _, told, noise, unknown = figure(page)["data"]
    assert told["text"][0] == ["-0.84"] * 7, "six families and all of them"
    assert all(text == [""] * 7 for text in told["text"][1:])
    assert len(noise["x"]) == 4 * 7
    assert (unknown["text"], len(unknown["x"])) == ("\u2014", 7)
    assert "7 moves told from chance, of 6 models" in page.words
    assert fake_api.requests.count("/v1/anomalies") == 0


def test_an_api_that_is_ill_is_explained(open_page: Callable[..., Any], fake_api: FakeApi) -> None:
    fake_api.problem = (503, {"title": "The database can't be reached", "detail": "The API runs.", "status": 503})
    assert "The API runs" in open_page(PAGE).app.error[0].value
