"""The page of one's own account as Streamlit runs it, on a client over loopback HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streamlit.testing.v1 import AppTest

from tests.support.fake_accounts import KEY

if TYPE_CHECKING:
    from tests.support.fake_api import FakeApi

SCRIPT = """
import streamlit as st
from dashboard.api_client.client import ApiClient, shared_transport
from dashboard.app_pages import account

account.show(ApiClient(shared_transport({url!r}, 2.0, 60), own_key=st.session_state.get("api_key")))
"""


def opened(fake_api: FakeApi, key: str | None = KEY) -> AppTest:
    app = AppTest.from_string(SCRIPT.format(url=fake_api.url), default_timeout=20).run()
    if key is not None:
        app.text_input[0].input(key)
        press(app, "Sign in")
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def named(widgets: Any, label: str) -> Any:
    return next(widget for widget in widgets if widget.label == label)


def words(app: AppTest) -> str:
    return "\n".join(each.proto.body for each in app.get("html"))


def test_nothing_of_an_account_is_shown_before_a_key_is_given(fake_api: FakeApi) -> None:
    app = opened(fake_api, key=None)
    assert [button.label for button in app.button] == ["Sign in"]
    assert list(app.metric) == []


def test_an_unknown_key_is_refused_and_forgotten(fake_api: FakeApi) -> None:
    app = opened(fake_api, key="aibaas_wrong")
    assert "The key is not known" in app.error[0].value
    assert "api_key" not in app.session_state
    assert [button.label for button in app.button] == ["Sign in"]


def test_a_key_shows_what_it_may_and_has_left_and_stands_in_no_address(fake_api: FakeApi) -> None:
    app = opened(fake_api)
    assert {metric.label: metric.value for metric in app.metric} == {
        "Tier": "Pro",
        "Requests left": "9,987",
        "History": "90 days",
        "Features": "2",
    }
    assert "laptop" in words(app)
    assert "&lt;b&gt;report&lt;/b&gt;" in words(app)
    assert dict(app.query_params) == {}
    press(app, "Sign out")
    assert "api_key" not in app.session_state
    assert "laptop" not in words(app)


def test_a_key_is_made_shown_once_and_revoked(fake_api: FakeApi) -> None:
    app = opened(fake_api)
    named(app.text_input, "Name of a new key").input("nightly")
    press(app, "Make a key")
    assert app.code[0].value == "aibaas_shown_once"
    assert fake_api.account.keys[-1]["name"] == "nightly"
    assert "nightly" in words(app)
    named(app.selectbox, "Key to revoke").select_index(1)
    press(app, "Revoke it for ever")
    assert fake_api.account.keys[-1]["revoked_at"] is not None
    assert "revoked" in words(app)


def test_alerts_are_subscribed_to_and_ended(fake_api: FakeApi) -> None:
    app = opened(fake_api)
    named(app.text_input, "Name of a new subscription").input("mine")
    named(app.selectbox, "From which severity").select("major")
    press(app, "Subscribe")
    assert fake_api.account.subscriptions[0]["least_severity"] == "major"
    assert "mine" in words(app)
    named(app.selectbox, "Subscription to end").select_index(0)
    press(app, "End it")
    assert fake_api.account.subscriptions == []


def test_a_refusal_is_said_and_nothing_changes(fake_api: FakeApi) -> None:
    app = opened(fake_api)
    for _ in range(3):
        press(app, "Subscribe")
    assert "This tier has two subscriptions" in app.error[0].value
    assert len(fake_api.account.subscriptions) == 2


def test_notifications_are_read(fake_api: FakeApi) -> None:
    app = opened(fake_api)
    assert "Notifications, 1 unread" in [heading.value for heading in app.subheader]
    assert "Atlas: quality fell" in words(app)
    press(app, "Mark all as read")
    assert "Notifications, 0 unread" in [heading.value for heading in app.subheader]


def test_a_key_without_scopes_says_what_it_does_not_open(fake_api: FakeApi) -> None:
    fake_api.account.scopes = []
    said = "\n".join(info.value for info in opened(fake_api).info)
    assert "does not open the account's keys" in said
    assert "does not open alerts" in said
