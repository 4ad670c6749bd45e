"""Navigation: which pages there are, and the one way to the API that all of them share.

Not here: what a page shows (app_pages), nor how the server starts (__main__).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import theme
from dashboard.api_client.client import ApiClient, shared_transport
from dashboard.app_pages import (
    account,
    compare,
    cost_and_speed,
    degradations,
    leaderboard,
    live,
    methodology,
    model_trend,
    recommend,
    scenarios,
    status,
    tables,
)
from dashboard.settings import settings

if TYPE_CHECKING:
    from types import ModuleType

SECTIONS: dict[str, dict[str, ModuleType]] = {
    "Choose": {
        "Leaderboard": leaderboard,
        "Compare": compare,
        "Cost and speed": cost_and_speed,
        "Recommend": recommend,
    },
    "Understand": {"Scenarios": scenarios, "Methodology": methodology},
    "Watch": {"Trends": model_trend, "Degradations": degradations, "Status": status},
    "You": {"Account": account},
}
"""Title and module of every page; a page's address is its module's name."""

chosen = settings()
transport = shared_transport(chosen.api_url, chosen.api_timeout_s, chosen.dashboard_fresh_for_s)
key = None if chosen.api_key is None else chosen.api_key.get_secret_value()
client = ApiClient(transport, key, st.session_state.get(account.KEY))


def page_of(title: str, module: ModuleType) -> st.Page:
    address = module.__name__.rpartition(".")[2].replace("_", "-")
    return st.Page(partial(module.show, client), title=title, url_path=address, default=module is leaderboard)


st.set_page_config(page_title=chosen.brand_name, layout="wide")
st.html(theme.style_sheet(chosen))
st.html(tables.FOLLOW_LINKS, unsafe_allow_javascript=True)
st.logo(theme.logo(chosen), size="large")
live.note_shown(client)
pages = {section: [page_of(*page) for page in modules.items()] for section, modules in SECTIONS.items()}
try:
    st.navigation(pages, position="top").run()
finally:  # a page that can't show its data stops the script, and comes back by itself all the same
    live.follow(client)
