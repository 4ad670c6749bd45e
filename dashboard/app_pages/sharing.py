"""The head of a page: its title, and what lets others have the same view: link, API call, and the data as a file.

Not here: PNG files of charts; Plotly's own toolbar makes them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.app_pages.address import here
from dashboard.app_pages.tables import page_link
from dashboard.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator

    from dashboard.api_client.client import ApiClient
    from dashboard.api_client.result import Result

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def page_head(title: str) -> DeltaGenerator:
    """Draws the title and the way to definitions; returns a place that is for `share` once the page has its data."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="page-head"):
        st.title(title, anchor=False, width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.html(page_link("methodology", "Definitions"), width="content")
            return st.container(width="content")


Rows = Sequence["Result"] | Mapping[str, Sequence["Result"]]
"""The rows of a view, or those of each of its tables by name."""


def share(place: DeltaGenerator, api: ApiClient, name: str, rows: Rows, *routes: str) -> None:
    """Draws the button that opens link, calls and files. `routes` are those whose answers make the view."""
    api_url = settings().public_api_url or settings().api_url
    calls = [each.address(api_url) for each in dict.fromkeys(api.questions) if each.path.startswith(routes)]
    with place.popover("Share and export", icon=":material/ios_share:"):
        st.markdown("**Link to this view**")
        st.code(here(), language=None, wrap_lines=True)
        st.markdown(
            "**The API call that makes this view**" if len(calls) == 1 else "**The API calls behind this view**"
        )
        st.code("\n".join(f"curl '{call}'" for call in calls), language=None, wrap_lines=True)
        if isinstance(rows, Mapping):
            for table, found in rows.items():
                _say_files(f"{name}-{table}", found, table.capitalize())
        else:
            _say_files(name, rows)


def _say_files(name: str, rows: Sequence[Result], table: str = "") -> None:
    with st.container(horizontal=True):
        _download(f"{table} CSV".lstrip(), f"{name}.csv", partial(as_csv, rows))
        _download(f"{table} JSON".lstrip(), f"{name}.json", partial(as_json, rows))


def as_csv(rows: Sequence[Result]) -> str:
    """A heading and a line a row; what is unknown is empty, what is nested is JSON."""
    dumped = [row.model_dump(mode="json") for row in rows]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dumped[0]) if dumped else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in dumped)
    return out.getvalue()


def as_json(rows: Sequence[Result]) -> str:
    return json.dumps([row.model_dump(mode="json") for row in rows], ensure_ascii=False, indent=1)


def _cell(value: Any) -> Any:
    """Words that a spreadsheet would take for a formula are marked as words."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _download(label: str, file_name: str, made: Callable[[], str]) -> None:
    st.download_button(label, made, file_name=file_name, on_click="ignore", icon=":material/download:")
