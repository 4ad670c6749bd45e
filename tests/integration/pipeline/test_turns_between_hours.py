"""Two runs that ask one host: a run over many hours lets another in after each of them.

Not here: places and turns themselves (test_places, integration.storage.test_turns).
"""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import dagster as dg
import pytest
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager

from orchestration.defs.assets.catalog import prices, scenarios, targets
from orchestration.defs.assets.collection import planned_calls, responses
from orchestration.defs.partitions import partition_key_of, partition_tags
from orchestration.settings import settings
from orchestration.storage.archive import Archive
from tests.integration.pipeline.test_money import PaidHost, canary_of
from tests.support.materialised import materialised, resources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiohttp import web

    from orchestration.storage.database import Database

FIRST = datetime(2026, 11, 20, tzinfo=UTC)
HOURS = [FIRST + timedelta(hours=number) for number in range(8)]
OTHER = FIRST + timedelta(days=1)
DEFINITIONS = [scenarios, targets, prices, planned_calls, responses]
ANSWER_S = 0.4
NO_LOGS = NoOpComputeLogManager
"""Two runs of one process can't both take its output."""


class SlowHost(PaidHost):
    async def complete(self, request: web.Request) -> web.Response:
        await asyncio.sleep(ANSWER_S)
        return await super().complete(request)


@pytest.fixture
def host(database: Database, tmp_path: Path) -> Iterator[SlowHost]:
    slow = SlowHost()
    with canary_of(slow, database, tmp_path, AIBAAS_CONCURRENCY="2"):
        yield slow


@pytest.fixture
def instance(database: Database, tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    overrides = {
        "storage": {"postgres": {"postgres_url": database.url}},
        "concurrency": {"pools": {"default_limit": 1, "granularity": "op"}},
        "compute_logs": {"module": NO_LOGS.__module__, "class": NO_LOGS.__name__},
    }
    with dg.instance_for_test(overrides=overrides, temp_dir=str(tmp_path)) as made:
        yield made


def answered_between(hour: datetime) -> tuple[datetime, datetime]:
    """When the first call of an hour began, and the last."""
    began = [response.started_at for response in Archive.from_settings(settings()).read(hour) if response.started_at]
    return min(began), max(began)


def test_a_run_of_one_hour_waits_for_an_hour_of_a_backfill_and_not_for_all_of_them(
    host: SlowHost, instance: dg.DagsterInstance
) -> None:
    materialised(DEFINITIONS, hour=partition_key_of(OTHER), selection=DEFINITIONS[:-1], instance=instance)
    backfill = threading.Thread(
        target=dg.materialize,
        args=(DEFINITIONS,),
        kwargs={"resources": resources(), "tags": partition_tags(HOURS[0], HOURS[-1]), "instance": instance},
    )
    backfill.start()
    while not host.asked:
        assert backfill.is_alive()
        time.sleep(0.05)
    assert materialised(DEFINITIONS, hour=partition_key_of(OTHER), selection=[responses], instance=instance).success
    assert backfill.is_alive()
    backfill.join(120)
    first, other, last = (answered_between(hour) for hour in (HOURS[0], OTHER, HOURS[-1]))
    assert first[1] < other[0]
    assert other[1] < last[0]
    assert [len(Archive.from_settings(settings()).read(hour)) for hour in HOURS] == [12] * len(HOURS)
