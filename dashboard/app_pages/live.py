"""Every page follows the hours: it looks for a newer one by itself, and says when it looked last.

Not here: how fresh the numbers of one page are (notices).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.api_client.errors import ApiError
from dashboard.app_pages.wording import escaped, moment

if TYPE_CHECKING:
    from dashboard.api_client.client import ApiClient

LOOKS_EVERY_S = 5
"""A new hour is seen after at most as long, and drawn a second or two later."""
SHOWN = "newest-hour-shown"
JUST_NOTED = "newest-hour-just-noted"
FOOTER = "follows-hours"


def note_shown(api: ApiClient) -> None:
    """Before a page asks for its data: which hour is the newest in what it will show."""
    try:
        st.session_state[SHOWN] = api.status().newest_benchmark_hour
    except ApiError:
        st.session_state[SHOWN] = None
    st.session_state[JUST_NOTED] = True


def follow(api: ApiClient) -> None:
    """Draws the page anew once there is a newer hour; until then it only says when it looked."""
    with st.container(key=FOOTER):
        st.fragment(look, run_every=LOOKS_EVERY_S)(api)


def look(api: ApiClient) -> None:
    """What the timer does: asks for the newest hour and draws the page anew when it is another than the page shows."""
    looked = f"{datetime.now(UTC):%H:%M:%S} UTC"
    if st.session_state.pop(JUST_NOTED, False):
        _say(st.session_state[SHOWN], looked)
        return
    try:
        newest = api.status(is_live=True).newest_benchmark_hour
    except ApiError as error:
        st.caption(escaped(f"Looked for another hour at {looked} without an answer. {error}"))
        return
    if newest != st.session_state.get(SHOWN):
        api.forget(newest)
        st.rerun()
    _say(newest, looked)


def _say(newest: datetime | None, looked: str) -> None:
    wanted = "the first hour" if newest is None else f"an hour newer than {moment(newest)}"
    st.caption(f"Looked for {wanted} at {looked}. This page follows by itself.")
