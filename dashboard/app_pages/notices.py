"""What a page says when it can't show data, or when data are not what they seem.

Not here: the filters' complaints about the address (address).
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.api_client.errors import ApiError
from dashboard.app_pages.wording import STALE_AFTER, count_of, day, escaped, freshness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from dashboard.api_client.client import ApiClient

NO_NUMBERS = "No model has numbers for this choice. Fewer filters, or other words, show more."
NOTHING_YET = "Nothing has been measured yet. `./aibaas demo` fills 14 simulated days; `./aibaas up` collects hourly."


def say_none(api: ApiClient, otherwise: str) -> None:
    """Over a view without rows: that nothing has been measured yet, or else what is true of this view."""
    st.info(NOTHING_YET if api.status().newest_benchmark_hour is None else otherwise)


@contextmanager
def explained() -> Iterator[None]:
    """An ApiError within ends the page with one line and a way to ask again."""
    try:
        yield
    except ApiError as error:
        st.error(escaped(str(error)))
        st.button("Try again")
        st.stop()


def say_freshness(newest: datetime | None, now: datetime, coverage: str = "", *, is_day: bool = False) -> None:
    """Says how old the newest hour is, or which day is the newest; warns when there should be a newer one."""
    if newest is None:
        age = "Nothing was measured in this span"
    else:
        age = f"Newest day {day(newest)} UTC" if is_day else freshness(newest, now)
    st.caption(f"{age}; {coverage}" if coverage else age)
    due = STALE_AFTER + timedelta(days=is_day)
    if newest is not None and now - newest > due:
        st.warning("No newer hour has been measured: is collection running? `./aibaas status` says so.")


def say_simulated(flags: Sequence[bool]) -> None:
    """The banner over whatever rests on simulated models."""
    simulated = sum(flags)
    if not simulated:
        return
    if simulated == len(flags):
        which = "This model is" if len(flags) == 1 else f"All {count_of(len(flags), 'model')} here are"
    else:
        which = f"{simulated} of {count_of(len(flags), 'model')} here {'is' if simulated == 1 else 'are'}"
    st.info(f"{which} **simulated**: answers come from a built-in imitation, not from a real provider.")
