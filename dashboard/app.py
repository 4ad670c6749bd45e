"""Navigation: which pages there are, and the one client that all of them share.

Not here: what a page shows (app_pages), nor how the server starts (__main__).
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import theme
from dashboard.api_client import shared_client
from dashboard.app_pages import leaderboard, model_trend, status
from dashboard.settings import settings

client = shared_client(settings().api_url, settings().api_timeout_s, settings().api_key)
st.set_page_config(page_title="AIBaaS", layout="wide")
st.html(theme.STYLE_SHEET)
st.logo(theme.LOGO, size="large")
page = st.navigation(
    [
        st.Page(partial(leaderboard.show, client), title="Leaderboard", url_path="leaderboard", default=True),
        st.Page(partial(model_trend.show, client), title="Model trend", url_path="model-trend"),
        st.Page(partial(status.show, client), title="Status", url_path="status"),
    ],
    position="top",
)
page.run()
