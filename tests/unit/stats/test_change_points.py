"""What the detector promises whatever the series: its properties on drawn ones, few enough for every run.

How often it errs is measured by tests/benchmarks/detector_rates.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from orchestration.stats.cells import Cells
from orchestration.stats.change_points import detect, resume
from orchestration.stats.detection_metrics import COST, ERRORS, LATENCY, METRICS, QUALITY
from orchestration.stats.run_rows import alarms, checked_runs, series_of
from tests.support.drawn_runs import EVENTS, draw_runs
from tests.support.other_noise import COURSES, draw_other

if TYPE_CHECKING:
    from orchestration.stats.detection_metrics import Metric
    from orchestration.stats.incidents import Change
    from tests.support.drawn_runs import Runs

QUIET = (4242, 2)


def cells(runs: Runs, metric: Metric = QUALITY) -> Cells:
    return next(series_of(checked_runs(runs.frame()), [metric.name])).streams[metric.name]


def changes(found: Cells, metric: Metric = QUALITY) -> list[Change]:
    return list(detect(found, metric).changes)


def struck(found: Cells, hours: slice, value: float) -> Cells:
    values = found.values.copy()
    part = values[hours]
    part[np.isfinite(part)] = value
    return replace(found, values=values)


@pytest.mark.parametrize(
    ("event", "within_hours"),
    [("quality -1.0", 24), ("quality -2.0", 6), ("1 of 20 scenarios", 72), ("latency x 3", 6), ("cost x 1.3", 6)],
)
def test_a_change_is_found_once_with_its_sign_and_onset(event: str, within_hours: int) -> None:
    happening = EVENTS[event]
    runs = draw_runs((1005, 2), happening)
    found = changes(cells(runs, METRICS[happening.metric]), METRICS[happening.metric])
    assert runs.event_hour is not None
    assert [change.sign for change in found] == [-1 if happening.metric == "quality" else 1]
    assert 0 <= found[0].raised_hour - runs.event_hour <= within_hours
    assert abs(found[0].onset_hour - runs.event_hour) <= 6
    assert found[0].is_final


def test_a_lasting_level_is_accepted_after_a_week_and_an_end_is_resolved() -> None:
    lasting = changes(cells(draw_runs((1005, 2), EVENTS["quality -1.0"])))
    assert (lasting[0].state, lasting[0].accepted_hour) == ("accepted", lasting[0].raised_hour + 168)
    passing = draw_runs((1005, 2), EVENTS["incident -1.5 for 18 h"])
    found = changes(cells(passing))
    assert [change.state for change in found] == ["resolved"]
    assert found[0].resolved_hour is not None
    assert passing.event_hour is not None
    assert 0 <= found[0].resolved_hour - (passing.event_hour + 18) <= 12


def test_the_hour_in_which_a_level_is_accepted_raises_none_of_its_scenarios() -> None:
    """Their evidence against the level before had gathered again: in this series it suffices in that very hour."""
    rng = np.random.default_rng([7, 0])
    hour, scenario = np.divmod(np.arange(28 * 24 * 6), 6)
    scores = np.clip(np.round(rng.normal(8 - 0.3 * scenario - 2.5 * (hour >= 485), 1.2), 1), 0, 10).reshape(-1, 6)
    names = tuple(f"s{number}" for number in range(6))
    (change,) = changes(Cells(scores, np.ones_like(scores), names, ("1",) * 6))
    assert (change.accepted_hour, len(change.scenarios)) == (change.raised_hour + 168, 6)


def test_a_second_step_and_a_late_recovery_are_changes_of_their_own() -> None:
    double = draw_other((21, 4), COURSES["double step -1.0, -2.0 after 4 d"])
    assert [change.sign for change in changes(cells(double))] == [-1, -1]
    late = draw_other((21, 4), COURSES["-1.0, recovered after 10 d"])
    assert [change.sign for change in changes(cells(late))] == [-1, 1]


def test_a_scenario_that_fell_is_named_and_the_rest_goes_on_without_it() -> None:
    runs = draw_runs((1005, 2), EVENTS["1 of 20 scenarios"])
    found = changes(cells(runs))
    means = [np.nanmean(runs.score[hours], axis=0) for hours in (slice(runs.event_hour), slice(runs.event_hour, None))]
    assert [change.scenarios for change in found] == [(f"s{np.argmin(means[1] - means[0])}",)]


def test_a_constant_added_to_all_cells_changes_nothing() -> None:
    for metric, shift in ((LATENCY, 3.0), (COST, -1.0), (QUALITY, 0.25)):
        event = {"latency": "latency x 1.5", "cost": "cost x 1.3", "quality": "quality -2.0"}[metric.name]
        plain = cells(draw_runs((1005, 3), EVENTS[event]), metric)
        moved = replace(plain, values=plain.values + shift)
        first, second = changes(plain, metric), changes(moved, metric)
        assert len(first) == 1
        assert [(c.key, c.onset_hour, c.state) for c in first] == [(c.key, c.onset_hour, c.state) for c in second]


def test_an_hour_of_total_failure_hardly_ever_raises_and_two_always() -> None:
    quiet, rng = cells(draw_runs(QUIET)), np.random.default_rng(7)
    assert changes(quiet) == []
    observed = np.isfinite(quiet.values).sum(axis=1) >= 15
    pairs = np.flatnonzero(observed[:-1] & observed[1:])
    alone, together = [], []
    for hour in rng.choice(pairs[(pairs > 360) & (pairs < 1000)], 40, replace=False).tolist():
        until = quiet.until(hour + 30)
        alone.append(bool(changes(struck(until, slice(hour, hour + 1), 0.0))))
        together.append([change.raised_hour for change in changes(struck(until, slice(hour, hour + 2), 0.0))])
        assert together[-1] == [hour + 1]
    assert sum(alone) <= 1


@pytest.mark.parametrize("start", [500, 700, 901])
def test_a_day_of_nothing_raises_nothing(start: int) -> None:
    quiet = cells(draw_runs(QUIET))
    assert changes(struck(quiet, slice(start, start + 24), np.nan)) == []


@pytest.mark.parametrize("share", [1, 5, 20])
def test_a_revision_alone_raises_nothing(share: int) -> None:
    """The revised scenarios are three points easier, or as hard as can be."""
    runs = draw_runs(QUIET)
    for moved in (3.0, -3.0):
        versions, score = runs.versions.copy(), runs.score.copy()
        versions[600:, :share] = 2
        score[600:, :share] = np.clip(score[600:, :share] + moved, 0, 10)
        assert changes(cells(replace(runs, versions=versions, score=score))) == []


def test_a_change_is_found_among_new_versions_after_their_week() -> None:
    runs = draw_runs((1005, 2), EVENTS["quality -2.0"])
    assert runs.event_hour is not None
    versions = runs.versions.copy()
    versions[runs.event_hour - 200 :] = 2
    found = changes(cells(replace(runs, versions=versions)))
    assert [change.sign for change in found] == [-1]
    assert found[0].raised_hour - runs.event_hour <= 12


def test_too_little_is_said_to_be_too_little() -> None:
    whole = cells(draw_runs(QUIET))
    assert detect(whole, QUALITY).is_sufficient
    assert not detect(whole.until(330), QUALITY).is_sufficient
    assert not detect(struck(whole.until(500), slice(40, 400), np.nan), QUALITY).is_sufficient


def test_alarms_until_an_hour_are_the_same_whatever_comes_later() -> None:
    rng = np.random.default_rng(11)
    for seed, course in enumerate(("double step -1.0, -2.0 after 4 d", "-1.5, recovered after 3 d")):
        whole = cells(draw_other((21, seed + 3), COURSES[course]))
        found = changes(whole)
        assert found
        hours = [*rng.integers(340, whole.hours, 6), *(change.raised_hour + 1 for change in found)]
        for hour in map(int, hours):
            early = changes(whole.until(hour))
            assert [change.key for change in early] == [change.key for change in found if change.raised_hour < hour]
            for one, later in zip(early, found, strict=False):
                if later.raised_hour + 24 < hour:
                    assert (one.onset_hour, one.severity) == (later.onset_hour, later.severity)
                if later.resolved_hour is not None and later.resolved_hour < hour:
                    assert one.resolved_hour == later.resolved_hour


def test_late_hours_replay_from_a_checkpoint_as_from_the_start() -> None:
    whole = cells(draw_runs((1005, 2), EVENTS["quality -1.0"]))
    early = struck(whole.until(700), slice(650, 652), np.nan)
    first = detect(early, QUALITY)
    again = resume(first, whole, 650)
    assert again.changes == detect(whole, QUALITY).changes
    assert first.changes[0].accepted_hour is None, "what was found before stays as it was"


def test_an_alarm_that_a_rescored_hour_takes_back_is_retracted_and_not_deleted() -> None:
    quiet = cells(draw_runs(QUIET)).until(700)
    wrong = struck(quiet, slice(600, 604), 0.0)
    published = detect(wrong, QUALITY)
    assert [change.state for change in published.changes] == ["resolved"]
    corrected = resume(published, quiet, 600)
    assert [(change.key, change.state) for change in corrected.changes] == [(published.changes[0].key, "retracted")]


def test_the_order_of_arrival_makes_no_difference_to_the_state() -> None:
    whole = cells(draw_runs((1005, 3), EVENTS["quality -0.5"])).until(900)
    late = [610, 505, 720]
    state = detect(struck_hours(whole, late), QUALITY)
    for position, hour in enumerate(late):
        state = resume(state, struck_hours(whole, late[position + 1 :]), hour)
    kept = [change for change in state.changes if change.state != "retracted"]
    assert kept == list(detect(whole, QUALITY).changes)


def struck_hours(found: Cells, hours: list[int]) -> Cells:
    values = found.values.copy()
    values[hours] = np.nan
    return replace(found, values=values)


def test_a_rising_rate_of_errors_is_a_change() -> None:
    runs = draw_runs(QUIET)
    rng = np.random.default_rng(5)
    attempted = runs.answered > 0
    for usual, later in ((0.0, 0.15), (0.02, 0.2), (0.1, 0.4)):
        chance = np.where(np.arange(len(runs.score)) < 800, usual, later)[:, None]
        broken = attempted & (rng.random(runs.score.shape) < chance)
        failed, answered = np.where(broken, 1, 0), np.where(attempted & ~broken, 1, 0)
        found = changes(cells(replace(runs, failed=failed, answered=answered), ERRORS), ERRORS)
        assert [change.sign for change in found] == [1]
        assert 0 <= found[0].raised_hour - 800 <= 24


def test_the_order_of_rows_and_duplicates_change_nothing() -> None:
    frame = draw_runs((1005, 2), EVENTS["quality -1.0"]).frame()
    plain = alarms(checked_runs(frame))
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=1)
    doubled = shuffled.vstack(shuffled.head(5000)).sample(fraction=1.0, shuffle=True, seed=2)
    assert len(plain) > 0
    assert alarms(checked_runs(shuffled)).equals(plain)
    assert alarms(checked_runs(doubled)).equals(plain)


def test_a_series_may_begin_in_any_hour() -> None:
    frame = draw_runs((1005, 2), EVENTS["quality -1.0"]).frame()
    plain = alarms(checked_runs(frame))
    moved = alarms(checked_runs(frame.with_columns(hour=frame["hour"] + 168 * 2900)))
    hours = ["raised_hour", "onset_hour", "resolved_hour"]
    assert moved.with_columns(moved[name] - 168 * 2900 for name in hours).equals(plain)
