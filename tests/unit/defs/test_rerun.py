"""What an operator may tell a run in the launchpad."""

from datetime import UTC, datetime

import dagster as dg
import pytest

from orchestration.defs.partitions import begun_hours
from orchestration.defs.resources import RerunResource
from orchestration.settings import OperatorError


def seen_by_an_asset(config: dict[str, object], tags: dict[str, str] | None = None) -> tuple[object, ...]:
    seen: list[tuple[object, ...]] = []

    @dg.asset
    def asking(context: dg.AssetExecutionContext, rerun: RerunResource) -> None:
        own = rerun.forced_by(context.run) == context.run.run_id
        seen.append((rerun.only.targets, rerun.only.scenarios, rerun.forced_by(context.run) and own))

    run_config = {"resources": {"rerun": {"config": config}}} if config else {}
    assert dg.materialize([asking], resources={"rerun": RerunResource()}, run_config=run_config, tags=tags).success
    return seen[0]


def test_without_a_word_a_run_is_whole_and_forces_nothing() -> None:
    assert seen_by_an_asset({}) == ([], [], None)


def test_a_part_and_force_are_set_once_for_the_run() -> None:
    config = {"only": {"targets": ["sim-atlas"], "scenarios": ["sql/join"]}, "force": True}
    assert seen_by_an_asset(config) == (["sim-atlas"], ["sql/join"], True)


def test_a_misspelt_setting_is_refused_before_anything_runs() -> None:
    with pytest.raises(dg.DagsterInvalidConfigError, match="target"):
        seen_by_an_asset({"only": {"target": ["sim-atlas"]}})


def test_a_retry_forces_in_the_name_of_the_first_run() -> None:
    rerun = RerunResource(force=True)
    first = dg.DagsterRun(job_name="any", run_id="first")
    again = dg.DagsterRun(job_name="any", run_id="second", root_run_id="first", parent_run_id="first")
    assert rerun.forced_by(first) == rerun.forced_by(again) == "first"


def test_an_hour_that_has_not_begun_by_this_clock_is_refused_by_name() -> None:
    now = datetime(2026, 11, 23, 20, 59, tzinfo=UTC)
    assert begun_hours(["2026-11-23-20:00", "2026-11-23-19:00"], now)[0].hour == 19
    with pytest.raises(OperatorError, match=r"range of this run ends before it begins: exchange the tags"):
        begun_hours([], now)
    with pytest.raises(OperatorError, match=r"2026-11-23T21 has not begun by the clock of this machine"):
        begun_hours(["2026-11-23-20:00", "2026-11-23-21:00"], now)
