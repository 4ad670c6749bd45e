"""A year of operation on one measured hour: columns that a release brings, and months that a policy drops.

Not here: the text of answers (storage.test_archive_care), months ahead (storage.test_partitions).
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest

from orchestration.definitions import build_defs
from orchestration.defs.run_log import RUN_LOG
from orchestration.settings import PROJECT_ROOT, settings
from orchestration.simulator.serving import serving
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.installation import Installation, made
from tests.support.shared_hour import CountedModels

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.e2e, pytest.mark.soak]

HOUR, MONTHS = "2026-05-10T05", "4"
TABLES = "planned_calls", "responses", "scores"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An old hour of simulated models."""
    with serving(CountedModels().app()) as address:
        port = int(address.removesuffix("/v1").rpartition(":")[2])
        installation = made(tmp_path_factory.mktemp("upkeep") / "home", port, HOUR, HOUR)
        try:
            installation.measure()
            yield installation
        finally:
            EmbeddedPostgres(installation.home).stop()


def refused(installation: Installation, *arguments: str, **more: str) -> str:
    """The last line of a command that ends with exit code 2."""
    done = subprocess.run(
        [*installation.command[:3], *arguments],
        cwd=PROJECT_ROOT, env=installation.environment | more, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    return done.stderr.splitlines()[-1]


@pytest.mark.timeout(600)
def test_marts_of_another_release_are_named_and_rebuilt_to_what_they_were(measured: Installation) -> None:
    intervals, marts = measured.raw(is_same_execution=True)["raw.score_intervals"], measured.marts()
    measured.execute("ALTER TABLE marts.fct_scores_hourly DROP COLUMN scorer_versions")
    assert "the marts have other columns than this release: run ./aibaas rebuild" in refused(
        measured, *measured.command[3:]
    )
    measured.command_line("rebuild")
    assert measured.marts() == marts
    assert measured.raw(is_same_execution=True)["raw.score_intervals"] == intervals
    assert measured.run_states() == ["FAILURE", "SUCCESS", "SUCCESS"]


@pytest.mark.timeout(600)
def test_months_are_dropped_by_policy_once_archive_and_marts_have_them(
    measured: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = measured.marts()
    assert retention(measured, monkeypatch)["policy"] == "measurements are kept for ever"
    measured.execute("CREATE TABLE kept AS SELECT * FROM marts.fct_coverage; DELETE FROM marts.fct_coverage")
    (left,) = retention(measured, monkeypatch, MONTHS)["left"]
    assert left == "2026-05: the marts lack calls of it: build its hours with ./aibaas rescore"
    assert 0 not in counts(measured)
    measured.execute("INSERT INTO marts.fct_coverage SELECT * FROM kept")

    done = retention(measured, monkeypatch, MONTHS)

    assert (done["dropped"], done["left"]) == (["2026-05"], [])
    assert counts(measured) == [0, 0, 0]
    assert measured.marts() == before
    measured.command_line("archive", "verify")
    assert "to build them all anew would lose them" in refused(measured, "rebuild")
    older = refused(measured, *measured.command[3:], AIBAAS_MEASUREMENTS_KEPT_MONTHS=MONTHS)
    assert f"{HOUR} is older than measurements are kept" in older
    assert measured.marts() == before


def retention(installation: Installation, monkeypatch: pytest.MonkeyPatch, months: str = "") -> dict[str, Any]:
    """What retention_job says of the dropping of months; run through Dagster."""
    for name, value in (installation.environment | {"AIBAAS_MEASUREMENTS_KEPT_MONTHS": months}).items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    try:
        with dg.instance_for_test() as instance:
            job = build_defs().resolve_job_def("retention_job")
            result = job.execute_in_process(instance=instance, run_config=RUN_LOG)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert result.success
    (output,) = [event for event in result.events_for_node("drop_old_measurements") if event.is_successful_output]
    return {name: value.value for name, value in output.step_output_data.metadata.items()}


def counts(installation: Installation) -> list[object]:
    return [installation.read(f"SELECT count(*) FROM raw.{table}")[0][0] for table in TABLES]
