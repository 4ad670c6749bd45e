"""An hour with a change to confirm: its extra calls are planned, asked and archived as all others are, and once.

Not here: which calls they are (unit.collection), nor what they cost (test_money).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.defs.assets.catalog import prices, scenarios, targets
from orchestration.defs.assets.collection import planned_calls, responses
from orchestration.defs.checks import responses_cover_plan
from orchestration.defs.partitions import partition_key_of
from orchestration.settings import PROJECT_ROOT, settings
from orchestration.simulator.server import build_app
from orchestration.simulator.serving import serving
from orchestration.simulator.simulated_models import simulated_models
from orchestration.storage.confirmation_rows import replace_confirmations
from tests.support.materialised import materialised, metadata_of
from tests.support.signals import signal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import dagster as dg

    from orchestration.storage.database import Database

DEFINITIONS = [scenarios, targets, prices, planned_calls, responses, responses_cover_plan]
HOUR = datetime(2026, 11, 20, 7, tzinfo=UTC)


@pytest.fixture
def installed(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    models = simulated_models(PROJECT_ROOT / "scenarios", events_anchor=HOUR.date())
    with serving(build_app(models)) as address:
        for name, value in {
            "DATABASE_URL": database.url,
            "AIBAAS_HOME": str(tmp_path),
            "AIBAAS_SUITES": "canary",
            "AIBAAS_SIMULATOR_PORT": address.rsplit(":", 1)[1].removesuffix("/v1"),
        }.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        yield database
    settings.cache_clear()


def ask_about(database: Database, **changes: Any) -> None:
    with database.connect("aibaas_collector") as connection:
        replace_confirmations(connection, [signal("sim-atlas", HOUR - timedelta(hours=1), **changes)])


def run(hour: datetime = HOUR) -> dg.ExecuteInProcessResult:
    return materialised(DEFINITIONS, hour=partition_key_of(hour))


def counts(database: Database, table: str) -> dict[tuple[str, int], int]:
    query = f"select target_id, sample_index, count(*) from raw.{table} group by 1, 2"
    with database.connect() as connection:
        return {(target, sample): count for target, sample, count in connection.execute(query.encode()).fetchall()}


def test_the_hour_after_a_signal_asks_its_target_again_and_a_rerun_nothing(installed: Database) -> None:
    ask_about(installed)
    result = run()
    told = metadata_of(result, planned_calls)
    assert (told["calls"], told["confirming_calls"], told["confirmed_signals"]) == (72, 60, 1)
    planned = counts(installed, "planned_calls")
    assert {key for key in planned if key[1]} == {("sim-atlas", number) for number in range(1, 6)}
    assert set(planned.values()) == {12}
    assert counts(installed, "responses") == planned
    assert metadata_of(result, responses)["planned"] == 132
    with installed.connect() as connection:
        answers = connection.execute(
            "select count(distinct answer_sha256), count(distinct latency_ms) from raw.responses"
            " where target_id = 'sim-atlas' and status = 'answered' group by scenario_id"
        ).fetchall()
    assert all(latencies >= 4 for _, latencies in answers), "each call is an answer of its own"
    assert max(texts for texts, _ in answers) > 1
    again = run()
    assert metadata_of(again, responses)["answered_now"] == 0
    assert counts(installed, "responses") == planned


def test_what_has_a_verdict_or_waited_too_long_is_not_asked_about(installed: Database) -> None:
    ask_about(installed, verdict="degraded", answer_count=60, hour_count=1, effect=-1.0)
    ask_about(installed, signal_hour=HOUR - timedelta(hours=3), onset_hour=HOUR - timedelta(hours=5))
    assert metadata_of(run(), planned_calls)["confirming_calls"] == 0


def test_an_operator_may_forbid_extra_calls(installed: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIBAAS_CONFIRMING_CALLS", "0")
    settings.cache_clear()
    ask_about(installed)
    assert metadata_of(run(), planned_calls)["confirming_calls"] == 0
