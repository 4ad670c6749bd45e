"""How every page follows the hours, as Streamlit runs it, on a client over loopback HTTP."""

from __future__ import annotations

from datetime import timedelta

from streamlit.testing.v1 import AppTest

from tests.support.fake_api import FakeApi, newest_hour

SCRIPT = """
import streamlit as st
from dashboard.api_client.client import ApiClient, shared_transport
from dashboard.app_pages import live

api = ApiClient(shared_transport({url!r}, 2.0, 60))
live.note_shown(api)
st.write("drawn", str(st.session_state[live.SHOWN]))
live.follow(api)
if st.button("Time goes by"):
    live.look(api)
"""
"""The button stands for the timer of the fragment, which asks without drawing the page anew."""


def opened(fake_api: FakeApi) -> AppTest:
    app = AppTest.from_string(SCRIPT.format(url=fake_api.url), default_timeout=20).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.markdown, *app.caption))


def test_the_page_says_when_it_looked(fake_api: FakeApi) -> None:
    words = said(opened(fake_api))
    assert f"Looked for an hour newer than {newest_hour() - timedelta(hours=1):%Y-%m-%d %H}:00 UTC at" in words


def test_a_newer_hour_is_drawn_though_older_answers_are_still_kept(fake_api: FakeApi) -> None:
    app = opened(fake_api)
    fake_api.newest = newest_hour()
    assert f"drawn {newest_hour() - timedelta(hours=1):%Y-%m-%d %H}" in said(app.run())
    app.button[0].click().run()
    assert f"drawn {newest_hour():%Y-%m-%d %H}" in said(app)


def test_of_many_sessions_the_first_alone_makes_old_answers_old(fake_api: FakeApi) -> None:
    sessions = [opened(fake_api) for _ in range(3)]
    fake_api.newest = newest_hour()
    fake_api.requests.clear()
    for app in sessions:
        app.button[0].click().run()
        assert f"drawn {newest_hour():%Y-%m-%d %H}" in said(app)
    looks, drawn_anew = len(sessions), 1
    assert fake_api.requests.count("/v1/status") == looks + drawn_anew


def test_an_api_that_is_ill_ends_no_page_and_is_asked_again(fake_api: FakeApi) -> None:
    fake_api.problem = (503, {"title": "Busy", "detail": "The API rests.", "status": 503})
    app = opened(fake_api)
    app.button[0].click().run()
    assert not app.exception
    assert "The API rests" in said(app)
    fake_api.problem = None
    app.button[0].click().run()
    assert f"drawn {newest_hour() - timedelta(hours=1):%Y-%m-%d %H}" in said(app)
