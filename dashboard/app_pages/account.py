"""The page of one's own account: signing in with a key, what it may and has left, its keys, alerts and notifications.

A key lives in the session of the page alone: it is in no address, no cookie and no file.

Not here: the tables (account_tables).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.api_client.errors import ApiDeniedError, ApiError
from dashboard.app_pages.account_tables import key_table, notification_table, subscription_table
from dashboard.app_pages.anomaly_words import SEVERITIES
from dashboard.app_pages.notices import explained
from dashboard.app_pages.wording import DASH, escaped

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.api_client.accounts import Account, ApiKeyEntry, Subscription
    from dashboard.api_client.client import ApiClient

KEY = "api_key"
SAID = "account-said"
MADE = "account-made-key"


def show(api: ApiClient) -> None:
    st.title("Account", anchor=False)
    if KEY not in st.session_state:
        st.markdown("Sign in with an API key to see its limits, keys, alerts and notifications. Reading needs none.")
        sign_in()
        return
    with explained():
        try:
            account = api.account()
        except ApiDeniedError as denied:
            st.session_state.pop(KEY)
            st.error(escaped(str(denied)))
            sign_in()
            return
        _say_account(account)
        st.button("Sign out", on_click=_forget_key)
        _say_what_was_done()
        _say_keys(api, account)
        if "alerts" in account.scopes:
            _say_alerts(api)
        else:
            st.info("This key does not open alerts: make one with the scope `alerts`.")


def sign_in() -> None:
    """A form for a key, which draws the same page anew with it."""
    with st.form("sign-in", border=False):
        key = st.text_input("API key", type="password", autocomplete="off", max_chars=200)
        if st.form_submit_button("Sign in") and key.strip():
            st.session_state[KEY] = key.strip()
            st.rerun()
    st.caption("The key stays in this session: closing or reloading the page signs you out.")


def _forget_key() -> None:
    for name in (KEY, MADE):
        st.session_state.pop(name, None)


def _say_account(account: Account) -> None:
    cells = st.columns(4)
    cells[0].metric("Tier", account.tier.capitalize(), help=account.email)
    limit = "without limit" if account.requests_per_hour is None else f"of {account.requests_per_hour:,} an hour"
    cells[1].metric("Requests left", DASH if account.remaining_count is None else f"{account.remaining_count:,}")
    cells[1].caption(limit if account.reset_s is None else f"{limit}; more in {account.reset_s:,} s")
    days = account.history_days
    cells[2].metric("History", "all there is" if days is None else f"{days:,} days")
    cells[3].metric("Features", f"{len(account.features)}")
    cells[3].caption(escaped(", ".join(account.features).replace("_", " ")) or "none beyond reading")


def _say_what_was_done() -> None:
    said = st.session_state.pop(SAID, None)
    if said:
        (st.error if said.startswith("!") else st.success)(escaped(said.removeprefix("!")))


def _say_keys(api: ApiClient, account: Account) -> None:
    st.subheader("API keys", anchor=False)
    keys = api.keys() if "account" in account.scopes else ()
    if not keys:
        st.info("This key does not open the account's keys: sign in with one of the scope `account`.")
        return
    st.html(key_table(keys, account.api_key_id))
    made = st.session_state.get(MADE)
    if made:
        st.warning("This is the new key. It is shown this once: copy it now.")
        st.code(made, language=None)
    left, right = st.columns(2)
    with left.form("make-key"):
        name = st.text_input("Name of a new key", max_chars=100)
        scopes = st.multiselect("What it may besides reading", account.scopes)
        days = st.number_input("Days until it expires", min_value=1, max_value=3650, value=365)
        if st.form_submit_button("Make a key"):
            _do(lambda: _keep(api.make_key(name, scopes, int(days))), f"The key {name} is made.")
    with right.form("revoke-key"):
        living = [key for key in keys if key.revoked_at is None and key.api_key_id != account.api_key_id]
        key = st.selectbox("Key to revoke", living, format_func=_key_name, index=None, placeholder="choose one")
        if st.form_submit_button("Revoke it for ever") and key is not None:
            _do(lambda: api.revoke_key(key.api_key_id), f"The key {key.name} opens nothing any more.")


def _say_alerts(api: ApiClient) -> None:
    st.subheader("Alerts", anchor=False)
    subscriptions = api.subscriptions()
    if subscriptions:
        st.html(subscription_table(subscriptions))
    else:
        st.caption("Nothing is subscribed to yet.")
    left, right = st.columns(2)
    labels = {model.target_id: model.label + " (simulated)" * model.is_simulated for model in api.models()}
    with left.form("subscribe"):
        name = st.text_input("Name of a new subscription", value="alerts", max_chars=100)
        targets = st.multiselect("Models, all when empty", labels, format_func=labels.__getitem__)
        severity = st.selectbox("From which severity", SEVERITIES)
        channel = st.selectbox("To", ("in_app", "email"), format_func=lambda way: way.replace("_", " "))
        simulated = st.checkbox("Simulated models too")
        if st.form_submit_button("Subscribe"):
            wanted = {"target_ids": targets, "least_severity": severity, "has_simulated": simulated}
            _do(lambda: api.subscribe(name, channel, **wanted), f"{name} is subscribed to.")
    with right.form("unsubscribe"):
        ended = st.selectbox(
            "Subscription to end", subscriptions, format_func=_subscription_name, index=None, placeholder="choose one"
        )
        if st.form_submit_button("End it") and ended is not None:
            _do(lambda: api.unsubscribe(ended.subscription_id), f"{ended.name} tells nothing any more.")
    st.caption("Webhooks, Slack and other services are subscribed to by `POST /v1/alert-subscriptions`.")
    _say_notifications(api)


def _say_notifications(api: ApiClient) -> None:
    found = api.notifications()
    st.subheader(f"Notifications, {found.unread_count:,} unread", anchor=False)
    if not found.data:
        st.caption("There is none yet.")
        return
    st.html(notification_table(found.data))
    if found.unread_count and st.button("Mark all as read"):
        _do(api.read_notifications, "All are read.")


def _do(change: Callable[[], object], said: str) -> None:
    """Makes a change, then draws the page anew with what came of it."""
    try:
        change()
    except ApiError as error:
        st.session_state[SAID] = f"!{error}"
    else:
        st.session_state[SAID] = said
    st.rerun()


def _keep(made: str) -> None:
    st.session_state[MADE] = made


def _key_name(key: ApiKeyEntry) -> str:
    return f"{key.name} ({key.api_key_id})"


def _subscription_name(subscription: Subscription) -> str:
    return f"{subscription.name} ({subscription.destination.channel.replace('_', ' ')})"
