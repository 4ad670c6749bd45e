"""Filters whose state is the page's address, so that a link shows the same view.

Not here: which filters a page has.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboard.app_pages.wording import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SHOWN_OPTIONS = 8
MAX_QUOTED = 40
MAX_TEXT = 80


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: `name` stands in the address, `label` on the page. The default is left out of the address."""

    name: str
    label: str
    options: Sequence[str]
    default: str
    say: Callable[[str], str] = str
    kind: Literal["select", "segments"] = "select"
    meaning: str | None = None
    is_kept: bool = False
    """Stands in the address also by default: of a default that moves, what was shown is kept."""


def chosen(wanted: Filter) -> str:
    """Draws the filter and returns its value. A value that is no option is explained and the default taken."""
    asked = st.query_params.get(wanted.name, wanted.default)
    value = asked if asked in wanted.options else wanted.default
    if value != asked:
        _complain(wanted.name, asked, f"none of {_known(wanted.options)}", escaped(wanted.say(wanted.default)))
    if wanted.is_kept:
        _keep(wanted.name, value)
    key = _key(wanted.name)
    st.session_state[key] = value
    drawn: dict[str, Any] = {
        "label": wanted.label,
        "options": wanted.options,
        "format_func": wanted.say,
        "key": key,
        "help": wanted.meaning,
        "on_change": _remember,
        "args": (wanted.name, None if wanted.is_kept else wanted.default),
    }
    if wanted.kind == "segments":
        st.segmented_control(required=True, **drawn)
    else:
        st.selectbox(**drawn)
    return value


def several(wanted: Filter, default: Sequence[str], *, at_most: int) -> tuple[str, ...]:
    """Draws a filter of several values, in the order of their choice. Those that are no options are explained."""
    asked = [value for value in st.query_params.get(wanted.name, ",".join(default)).split(",") if value]
    values = [value for value in dict.fromkeys(asked) if value in wanted.options][:at_most]
    unknown = [value for value in asked if value not in wanted.options]
    if unknown:
        _complain(wanted.name, ",".join(unknown), f"none of {_known(wanted.options)}", "without it")
    elif len(set(asked)) > at_most:
        _complain(wanted.name, ",".join(asked), f"more than {at_most}", f"the first {at_most}")
    if wanted.is_kept:
        _keep(wanted.name, ",".join(values))
    key = _key(wanted.name)
    st.session_state[key] = values
    st.multiselect(
        wanted.label,
        wanted.options,
        format_func=wanted.say,
        key=key,
        help=wanted.meaning,
        max_selections=at_most,
        on_change=_remember_several,
        args=(wanted.name, None if wanted.is_kept else tuple(default)),
    )
    return tuple(values)


def number(
    name: str,
    label: str,
    *,
    least: float = 0.0,
    most: float = math.inf,
    step: float = 1.0,
    digits: int = 2,
    default: float | None = None,
    placeholder: str = "any",
    meaning: str | None = None,
) -> float | None:
    """Draws a field for a number that may be empty. What is no number between the limits is explained and left out."""
    asked = st.query_params.get(name)
    value = default if asked is None else _number(asked)
    if asked and (value is None or not least <= value <= most):
        bounds = f"no number from {least:g} on" if math.isinf(most) else f"no number from {least:g} to {most:g}"
        _complain(name, asked, bounds, "without it" if default is None else f"{default:g}")
        value = default
    key = _key(name)
    st.session_state[key] = value
    st.number_input(
        label,
        min_value=float(least),
        max_value=None if math.isinf(most) else float(most),
        step=float(step),
        format=f"%.{digits}f",
        key=key,
        placeholder=placeholder,
        help=meaning,
        on_change=_remember,
        args=(name, default),
    )
    return value


def searched(name: str, label: str, placeholder: str) -> str:
    """Draws a field of words to look for, and returns them in lower case."""
    key = _key(name)
    st.session_state[key] = st.query_params.get(name, "")[:MAX_TEXT]
    st.text_input(label, key=key, placeholder=placeholder, max_chars=MAX_TEXT, on_change=_remember, args=(name, ""))
    return str(st.session_state[key]).strip().lower()


def explain_complaints() -> None:
    """Says, once per run and below the filters, what of the address could not be used."""
    for complaint in st.session_state.pop("complaints", []):
        st.warning(complaint)


def here() -> str:
    """The address of the view that is shown."""
    asked = urlencode(st.query_params.to_dict())
    base = urlsplit(st.context.url or "")._replace(query="", fragment="")
    address = base._replace(path=base.path or "/").geturl()
    return f"{address}?{asked}" if asked else address


def _key(name: str) -> str:
    return f"filter-{name}"


def _number(asked: str) -> float | None:
    try:
        value = float(asked)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _remember(name: str, default: str | float | None) -> None:
    value = st.session_state[_key(name)]
    if value == default or (value is None and default is None):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = f"{value:.15g}" if isinstance(value, float) else str(value or "")


def _keep(name: str, value: str) -> None:
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value


def _remember_several(name: str, default: tuple[str, ...] | None) -> None:
    values = tuple(st.session_state[_key(name)])
    if values == default:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = ",".join(values)


def _complain(name: str, asked: str, wrong: str, instead: str) -> None:
    said = escaped(asked[:MAX_QUOTED]) or "empty"
    complaint = f"The address asks for {name} {said}, which is {wrong}: this is {instead}."
    complaints = st.session_state.setdefault("complaints", [])
    if complaint not in complaints:  # while the API is away none is said, and the page runs again and again
        complaints.append(complaint)


def _known(options: Sequence[str]) -> str:
    return escaped(", ".join(options) if len(options) <= SHOWN_OPTIONS else f"{len(options)} choices")
