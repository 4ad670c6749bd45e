"""What readers who are signed in say to an anomaly: that somebody looks after it, that it was wrong, or a note.

Not here: what the anomaly rests on (degradations), nor how one signs in (account).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.api_client.errors import ApiDeniedError, ApiError
from dashboard.app_pages.account import KEY, sign_in
from dashboard.app_pages.anomaly_table import answered
from dashboard.app_pages.wording import escaped, moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.api_client.accounts import GivenAnswer
    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.events import Anomaly

LONGEST_NOTE = 500
SAID = "anomaly-said"
WORDS = {"acknowledged": "acknowledged it", "false_alarm": "called it a false alarm", "note": "left a note"}
COUNTED = "Answers are counted in public with the next measured hour; notes are not shown to others."


def say_answers(api: ApiClient, anomaly: Anomaly) -> None:
    """What was answered to it, and for readers who are signed in the ways to answer."""
    st.markdown("**Answers**")
    said = answered(anomaly)
    st.caption(f"{said}." if said else "Nobody has answered to it yet.")
    if KEY not in st.session_state:  # the operator's own key reads for everybody, and answers for nobody
        _offer_to_sign_in()
        return
    try:
        own = api.own_answers(anomaly.anomaly_id)
    except ApiDeniedError as denied:
        st.caption(escaped(str(denied)))
        _offer_to_sign_in()
        return
    _say_own(own)
    _offer(api, anomaly, {answer.kind for answer in own})
    st.caption(COUNTED)


def _offer_to_sign_in() -> None:
    with st.expander("Sign in to acknowledge it, call it a false alarm or leave a note"):
        sign_in()


def _say_own(own: Sequence[GivenAnswer]) -> None:
    for answer in own:
        words = f"You {WORDS.get(answer.kind, answer.kind)} at {moment(answer.given_at)}"
        st.caption(escaped(f"{words}: {answer.note}" if answer.note else f"{words}."))


def _offer(api: ApiClient, anomaly: Anomaly, said: set[str]) -> None:
    failed = st.session_state.pop(SAID, None)
    if failed:
        st.error(escaped(failed))
    note = st.text_input("Note", max_chars=LONGEST_NOTE, key=f"note-{anomaly.anomaly_id}")
    answer = partial(_answer, api, anomaly.anomaly_id, note.strip() or None)
    with st.container(horizontal=True):
        for kind, label in (("acknowledged", "Acknowledge"), ("false_alarm", "False alarm")):
            st.button(label, key=f"{kind}-{anomaly.anomaly_id}", disabled=kind in said, on_click=answer, args=(kind,))
        st.button("Leave the note", key=f"leave-{anomaly.anomaly_id}", on_click=answer, args=("note",))


def _answer(api: ApiClient, anomaly_id: str, note: str | None, kind: str) -> None:
    """Before the page is drawn anew; what can't be done is said there."""
    if kind == "note" and note is None:
        st.session_state[SAID] = "Write the note first."
        return
    try:
        api.answer(anomaly_id, kind, note)
    except ApiError as error:
        st.session_state[SAID] = str(error)
    else:
        st.session_state[f"note-{anomaly_id}"] = ""
