"""Published prices are asked for once a day; an hour asks only where it knows none, through the assets of Dagster.

Not here: which prices are believed (unit.pricing).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from orchestration.defs.assets.catalog import listed_models, prices, targets
from orchestration.defs.assets.reporting import reports
from orchestration.defs.jobs import run_hourly_benchmark_job, watch_prices_job
from orchestration.defs.schedules import daily_price_watch_schedule
from orchestration.settings import settings
from orchestration.simulator.serving import serving
from tests.support.listing_server import ListingServer
from tests.support.materialised import executed, materialised, metadata_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import dagster as dg

    from orchestration.storage.database import Database

ASSETS = [targets, prices, listed_models]
FILE = """
hosts:
  router: {provider: router, address: router, protocol: openai, base_url: "ADDRESS", price_source: published}
targets:
  - {target_id: router-one, label: One, host: router, model: one}
"""


@pytest.fixture
def router(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ListingServer]:
    """A host that lists two models with their prices, and an installation with a target on it."""
    server = ListingServer(["one", "two"], pricing={"one": {"prompt": "0.000001", "completion": "0.000002"}})
    with serving(server.app()) as address:
        file = tmp_path / "targets.yaml"
        file.write_text(FILE.replace("ADDRESS", address))
        for name, value in {
            "DATABASE_URL": database.url,
            "AIBAAS_HOME": str(tmp_path),
            "AIBAAS_TARGETS_FILE": str(file),
            "AIBAAS_SIMULATOR": "off",
        }.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        yield server
    settings.cache_clear()


def of_an_hour() -> dict[str, Any]:
    return metadata_of(materialised(ASSETS, hour=None, selection=[targets, prices]), prices)


def of_a_day() -> dict[str, Any]:
    return metadata_of(executed(watch_prices_job, ASSETS), prices)


def recorded_changes(database: Database) -> list[tuple[str, str, str]]:
    query = """
        select subject, old_value ->> 'input_usd_per_mtok', new_value ->> 'input_usd_per_mtok'
        from raw.changes where kind = 'price'
    """
    with database.connect() as connection:
        return connection.execute(query).fetchall()


def test_an_hour_asks_for_a_price_that_nobody_knows_and_the_day_for_all(
    router: ListingServer, database: Database
) -> None:
    first = of_an_hour()
    assert (first["unpriced"], len(router.seen)) == ([], 1)
    assert of_an_hour()["prices"] == first["prices"]
    assert len(router.seen) == 1

    with database.connect() as connection:  # as if that were yesterday: a price of one hour is one price
        connection.execute("UPDATE raw.prices SET valid_from = valid_from - interval '1 day' WHERE provider = 'router'")
    router.pricing = {"one": {"prompt": "0.0000015", "completion": "0.000003"}}
    assert of_an_hour()["changes"] == 0
    assert (len(router.seen), recorded_changes(database)) == (1, [])

    watched = of_a_day()
    assert (watched["changes"], watched["prices"], len(router.seen)) == (1, first["prices"] + 1, 2)
    assert recorded_changes(database) == [("router/one", "1", "1.5")]
    assert of_a_day()["changes"] == 0


def test_rows_of_the_file_are_recorded_by_an_hour_although_no_day_was_watched(
    router: ListingServer, database: Database
) -> None:
    of_an_hour()
    with database.connect() as connection:
        known = connection.execute("SELECT provider, count(*) FROM raw.prices GROUP BY 1 ORDER BY 1").fetchall()
    assert dict(known)["router"] == len(router.seen) == 1
    assert {"openai", "anthropic", "google"} <= dict(known).keys()


def test_the_hourly_job_records_prices_and_the_daily_one_has_its_schedule() -> None:
    def resolved(job: Any) -> set[dg.AssetKey]:
        keys: set[dg.AssetKey] = job.selection.resolve([*ASSETS, reports])
        return keys

    assert resolved(watch_prices_job) == {prices.key}
    assert prices.key in resolved(run_hourly_benchmark_job)
    assert daily_price_watch_schedule.cron_schedule == "30 3 * * *"
