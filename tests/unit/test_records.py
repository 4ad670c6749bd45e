"""What the pipeline's records know of themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.records import Response


@pytest.mark.parametrize(
    ("started", "is_late"),
    [
        (timedelta(microseconds=-1), True),
        (timedelta(0), False),
        (timedelta(minutes=59, seconds=59, microseconds=999_999), False),
        (timedelta(hours=1), True),
        (timedelta(days=40), True),
    ],
)
def test_a_call_outside_of_its_hour_is_late(
    make_response: Callable[..., Response], started: timedelta, *, is_late: bool
) -> None:
    hour = make_response().benchmark_hour
    assert make_response(started_at=hour + started).is_late is is_late
