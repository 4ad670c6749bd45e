"""Kept states go on as the ones that they were made from, whatever they hold."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from orchestration.stats.change_points import Detection, detect, resume
from orchestration.stats.detection_metrics import COST, LATENCY, QUALITY
from orchestration.stats.run_rows import checked_runs, series_of
from orchestration.stats.state_codec import from_bytes, to_bytes
from tests.support.drawn_runs import EVENTS, draw_runs

SERIES = {
    "quality -1.0": QUALITY,
    "incident -1.5 for 18 h": QUALITY,
    "1 of 20 scenarios": QUALITY,
    "3 of 20 scenarios": QUALITY,
    "latency x 3": LATENCY,
    "cost x 1.3": COST,
}
DRAWN = {
    name: next(series_of(checked_runs(draw_runs((1005, 2), EVENTS[name]).frame()), [metric.name])).streams[metric.name]
    for name, metric in SERIES.items()
}


@given(name=st.sampled_from(sorted(SERIES)), day=st.integers(0, 44), data=st.data())
@settings(max_examples=20, deadline=None)
def test_any_hours_added_after_any_kept_day_give_what_a_replay_of_all_gives(
    name: str, day: int, data: st.DataObject
) -> None:
    cells, metric = DRAWN[name], SERIES[name]
    stop = data.draw(st.integers(max(day * 24, 1), cells.hours))
    earlier = detect(cells.until(stop), metric)
    state = max(
        (kept for kept in earlier.checkpoints if kept.hour <= day * 24), key=lambda kept: kept.hour, default=None
    )
    kept = Detection.at(from_bytes(to_bytes({metric.name: state}))[metric.name], metric) if state else earlier
    whole = detect(cells, metric)
    assert resume(kept, cells, day * 24).changes == whole.changes
    assert resume(earlier, cells, stop).changes == whole.changes


@pytest.mark.parametrize("stop", [547, 549, 551, 552])
def test_the_evidence_of_an_alarm_is_that_of_its_hour_however_many_follow(stop: int) -> None:
    cells = DRAWN["cost x 1.3"]
    earlier, whole = detect(cells.until(stop), COST), detect(cells, COST)
    assert [change.raised_hour for change in whole.changes] == [546]
    assert resume(earlier, cells, stop).changes == whole.changes


def test_the_bytes_do_not_grow_with_the_history() -> None:
    found = detect(DRAWN["quality -1.0"], QUALITY)
    assert found.newest.watch is not None
    before = len(to_bytes({QUALITY.name: found.newest}))
    values = found.newest.watch.values
    values.raw = np.concatenate([np.full(8760, np.nan), values.raw])
    assert len(to_bytes({QUALITY.name: found.newest})) < before + 100


def test_other_bytes_are_refused() -> None:
    for data in (b"", b"\x00" * 40, b"\x02\0\0\0\0\0\0\0{}", to_bytes({})[:-3]):
        with pytest.raises(ValueError, match="no states"):
            from_bytes(data)
