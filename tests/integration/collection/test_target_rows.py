"""What is recorded of targets while a mistake keeps them from being read: what was known of them, and the reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from orchestration.collection.catalogue_rows import target_rows
from orchestration.providers.targets import load_targets
from orchestration.settings import PROJECT_ROOT
from orchestration.storage.change_rows import record_stated_changes
from orchestration.storage.database import COLLECTOR
from orchestration.storage.raw_tables import record_targets
from orchestration.storage.read_back import newest_targets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.records import TargetRow
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.database import Database

SHIPPED = (PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml").read_text()
COBALT = "    host: simulator\n    model: cobalt\n"
FIRST = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.connect(COLLECTOR) as connection:
        yield connection


def recorded(connection: Connection, tmp_path: Path, text: str, hours: int) -> dict[str, TargetRow]:
    """The newest rows after an hour with this targets file."""
    file, at = tmp_path / "targets.yaml", FIRST + timedelta(hours=hours)
    file.write_text(text)
    targets = load_targets(file, environment={}, simulator_url="http://127.0.0.1:1/v1")
    ids = [target.target_id for target in targets]
    record_targets(connection, target_rows(targets, newest_targets(connection, ids), at))
    assert record_stated_changes(connection, at) == 0
    return newest_targets(connection, ids)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (COBALT, COBALT.replace("simulator", "simulatr"), "no host 'simulatr' in this file"),
        (COBALT, f"{COBALT}    budget: {{usd_per_day: 0}}\n", "budget.usd_per_day: input should be greater than 0"),
        ("    limits: {max_concurrency: 64}\n", "    limits: {max_concurrency: 0}\n", "hosts.simulator.limits"),
    ],
)
def test_a_mistake_changes_whether_a_target_is_asked_and_nothing_else_that_is_known_of_it(
    connection: Connection, tmp_path: Path, before: str, after: str, said: str
) -> None:
    sound = recorded(connection, tmp_path, SHIPPED, 0)["sim-cobalt"]
    broken = recorded(connection, tmp_path, SHIPPED.replace(before, after, 1), 1)["sim-cobalt"]
    assert said in (broken.disabled_reason or "")
    assert (broken.is_enabled, broken.limits) == (False, None)
    names = ("label", "provider", "model", "host", "is_simulated", "is_open_weights", "sampling", "price_source")
    assert [getattr(broken, name) for name in names] == [getattr(sound, name) for name in names]
    mended = recorded(connection, tmp_path, SHIPPED, 2)["sim-cobalt"]
    assert (mended.is_enabled, mended.definition_sha256) == (True, sound.definition_sha256)


def test_of_a_target_that_was_never_read_its_names_are_recorded_and_without_an_id_nothing(
    connection: Connection, tmp_path: Path
) -> None:
    text = SHIPPED.replace(COBALT, COBALT.replace("simulator", "simulatr")).replace("target_id: sim-ember", "id: x")
    rows = recorded(connection, tmp_path, text, 0)
    assert (rows["sim-cobalt"].host, rows["sim-cobalt"].model, rows["sim-cobalt"].is_enabled) == (
        "simulatr", "cobalt", False,
    )  # fmt: skip
    assert len(rows) == 17
    assert not any("ember" in row.label.lower() for row in rows.values())
