"""A model that a host lists becomes a target that the next hour measures, through the assets that Dagster runs.

Not here: the commands (integration.cli), nor every way in which models come and go (integration.collection).
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.defs.assets.catalog import listed_models, prices, scenarios, targets
from orchestration.defs.assets.collection import changes, planned_calls, responses
from orchestration.defs.assets.reporting import reports
from orchestration.defs.jobs import discover_models_job, run_hourly_benchmark_job
from orchestration.defs.schedules import daily_discovery_schedule
from orchestration.settings import settings
from orchestration.simulator.server import build_app
from orchestration.simulator.serving import serving
from orchestration.simulator.simulated_models import simulated_models
from tests.support.listing_server import Fault, ListingServer
from tests.support.materialised import materialised, metadata_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import dagster as dg

    from orchestration.storage.database import Database

ASSETS = [scenarios, targets, prices, listed_models, planned_calls, responses, changes]
FILE = """
hosts:
  simulator: {provider: simulator, address: simulator, protocol: openai, is_simulated: true, price_source: published}
  broken: {provider: broken, address: broken, protocol: openai, base_url: BROKEN}
targets: []
discovery:
  - {host: simulator, pattern: "[ab]*", decision: enrol, budget: {usd_per_day: BUDGET}}
"""
HOURS = ("2026-11-20-05:00", "2026-11-20-06:00")


@pytest.fixture
def installation(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database, a simulator and a proxy that answers HTML, as the environment names them."""
    models = simulated_models(settings().scenarios_dir, events_anchor=date(2026, 11, 23))
    proxy = ListingServer([], fault=Fault())
    with serving(build_app(models)) as simulator, serving(proxy.app()) as broken:
        file = tmp_path / "targets.yaml"
        file.write_text(FILE.replace("BROKEN", broken).replace("BUDGET", "40"))
        for name, value in {
            "DATABASE_URL": database.url,
            "AIBAAS_HOME": str(tmp_path),
            "AIBAAS_TARGETS_FILE": str(file),
            "AIBAAS_SIMULATOR_PORT": simulator.rpartition(":")[2].removesuffix("/v1"),
            "AIBAAS_SUITES": "canary",
        }.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        yield database
    settings.cache_clear()


def metadata(*assets: dg.AssetsDefinition, hour: str | None = None) -> dict[str, Any]:
    """Materialises the assets in their order; returns what the last one says of itself."""
    return metadata_of(materialised(ASSETS, hour=hour, selection=list(assets)), assets[-1])


def test_what_is_enrolled_today_is_measured_in_the_next_hour(installation: Database) -> None:
    first = metadata(scenarios, targets, prices, planned_calls, responses, changes, hour=HOURS[0])
    assert first == {"observed": 0, "stated": 0}
    found = metadata(listed_models)
    assert found["listed"] == {"simulator": 6}
    assert (found["changes"], found["enrolled"]) == (6, ["simulator-atlas", "simulator-borealis"])
    assert found["proposed"] == dict.fromkeys(
        ("simulator-cobalt", "simulator-dynamo", "simulator-ember", "simulator-flint"), "left to a person"
    )
    assert found["silent_hosts"]["broken"].startswith("not JSON (text/html")
    answered = metadata(scenarios, targets, prices, planned_calls, responses, hour=HOURS[1])
    assert (answered["planned"], answered["loaded"]) == (24, 24)
    assert answered["spent_usd"] > 0
    with installation.connect() as connection:
        asked = connection.execute("SELECT DISTINCT target_id FROM raw.responses ORDER BY 1").fetchall()
        kinds = connection.execute("SELECT kind, count(*) FROM raw.changes GROUP BY kind ORDER BY kind").fetchall()
    assert asked == [("simulator-atlas",), ("simulator-borealis",)]
    assert kinds == [("enrolment", 2), ("listing", 6), ("price", 1)]
    again = metadata(listed_models)
    assert (again["changes"], again["enrolled"], len(again["proposed"])) == (0, [], 4)


@pytest.mark.usefixtures("installation")
def test_what_the_budget_has_no_room_for_is_proposed_with_the_figures(tmp_path: Path) -> None:
    file = tmp_path / "targets.yaml"
    file.write_text(file.read_text().replace("usd_per_day: 40", "usd_per_day: 0.01"))
    metadata(scenarios, targets, prices)
    found = metadata(listed_models)
    assert found["enrolled"] == []
    figures = (
        r"about (\d+\.\d{4}) USD a day for 288 calls: the target's own budget per day leaves 0\.0100 of 0\.01 USD, "
        r"\1 are needed"
    )
    assert re.fullmatch(figures, found["proposed"]["simulator-atlas"])
    assert found["proposed"]["simulator-flint"] == "left to a person"


def test_the_hourly_job_leaves_discovery_to_its_own_schedule() -> None:
    hourly, daily = run_hourly_benchmark_job.selection, discover_models_job.selection
    keys = {asset.key for asset in ASSETS[1:]}
    resolved = hourly.resolve([*ASSETS, reports])
    assert resolved >= keys - {listed_models.key}
    assert not resolved & {listed_models.key, reports.key}
    assert daily.resolve(ASSETS) == {listed_models.key}
    assert daily_discovery_schedule.cron_schedule == "40 3 * * *"
