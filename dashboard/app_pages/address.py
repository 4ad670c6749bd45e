"""Filters whose state is the page's address, so that a link shows the same view.

Not here: which filters a page has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import streamlit as st

from dashboard.app_pages.wording import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SHOWN_OPTIONS = 8
MAX_QUOTED = 40


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: `name` stands in the address, `label` on the page. The default is left out of the address."""

    name: str
    label: str
    options: Sequence[str]
    default: str
    say: Callable[[str], str] = str
    kind: Literal["select", "segments"] = "select"


def chosen(wanted: Filter) -> str:
    """Draws the filter and returns its value. A value that is no option is explained and the default taken."""
    asked = st.query_params.get(wanted.name, wanted.default)
    value = asked if asked in wanted.options else wanted.default
    if value != asked:
        st.session_state.setdefault("complaints", []).append(_complaint(wanted, asked))
    key = f"filter-{wanted.name}"
    st.session_state[key] = value
    if wanted.kind == "segments":
        st.segmented_control(
            wanted.label,
            wanted.options,
            format_func=wanted.say,
            required=True,
            key=key,
            on_change=_remember,
            args=(wanted, key),
        )
    else:
        st.selectbox(
            wanted.label, wanted.options, format_func=wanted.say, key=key, on_change=_remember, args=(wanted, key)
        )
    return value


def explain_complaints() -> None:
    """Says, once per run and below the filters, what of the address could not be used."""
    for complaint in st.session_state.pop("complaints", []):
        st.warning(complaint)


def _remember(wanted: Filter, key: str) -> None:
    value = st.session_state[key]
    if value == wanted.default:
        st.query_params.pop(wanted.name, None)
    else:
        st.query_params[wanted.name] = value


def _complaint(wanted: Filter, asked: str) -> str:
    known = ", ".join(wanted.options) if len(wanted.options) <= SHOWN_OPTIONS else f"{len(wanted.options)} choices"
    said = escaped(asked[:MAX_QUOTED]) or "empty"
    return (
        f"The address asks for {wanted.name} {said}, which is none of {escaped(known)}: "
        f"this is {escaped(wanted.say(wanted.default))}."
    )
