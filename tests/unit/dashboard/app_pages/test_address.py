"""Filters over Streamlit's own address, without a page around them."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def stopped_before_it_explains() -> None:
    import streamlit as st  # noqa: PLC0415 - the script of a page

    from dashboard.app_pages.address import Filter, chosen, explain_complaints  # noqa: PLC0415

    chosen(Filter("window", "Window", ("7d", "30d"), "7d"))
    if not st.checkbox("The API is there"):
        st.stop()
    explain_complaints()


def test_what_could_not_be_said_while_the_api_was_away_is_said_once() -> None:
    page = AppTest.from_function(stopped_before_it_explains)
    page.query_params["window"] = "yesterday"
    page.run().run()
    assert not page.warning
    page.checkbox[0].check().run()
    assert [each.value.partition(",")[0] for each in page.warning] == ["The address asks for window yesterday"]
