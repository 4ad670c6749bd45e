"""An hour whose budget does not reach, through Dagster's assets: what is asked, left out, made up for, told.

Not here: the rules of the budget (integration.collection).
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
from aiohttp import web

from orchestration.alerting.change_events import budget_events
from orchestration.cli.execution import PartialRun, warn_of_late_hours
from orchestration.defs.assets.catalog import prices, scenarios, targets
from orchestration.defs.assets.collection import planned_calls, responses
from orchestration.defs.checks import reported_costs_agree, responses_cover_plan
from orchestration.defs.partitions import partition_key_of
from orchestration.defs.resources import ProviderResource, RerunResource
from orchestration.records import benchmark_hour_of
from orchestration.settings import settings
from orchestration.simulator.serving import serving
from orchestration.storage.confirmation_rows import replace_confirmations
from orchestration.storage.spending import SpendingLedger
from tests.support.materialised import materialised, metadata_of
from tests.support.signals import signal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.storage.database import Database

DEFINITIONS = [scenarios, targets, prices, planned_calls, responses, responses_cover_plan, reported_costs_agree]
FILE = """
hosts:
  paid:
    provider: openai
    address: paid
    protocol: openai
    base_url: ADDRESS
    is_key_optional: true
    is_streamed: false
targets:
  - {target_id: paid-luna, label: Luna, host: paid, model: gpt-6-luna}
"""
USAGE = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
COST = 0.000035
"""Of that usage at 0.1 and 0.5 USD per million tokens."""


class PaidHost:
    """Answers everything, and says that it charged `cost` for it."""

    def __init__(self) -> None:
        self.asked = 0
        self.cost = COST

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self.complete)
        return app

    async def complete(self, _: web.Request) -> web.Response:
        self.asked += 1
        message = {"role": "assistant", "content": "42"}
        return web.json_response(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 1,
                "model": "gpt-6-luna",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": USAGE | {"cost": self.cost},
            }
        )


@contextmanager
def canary_of(host: PaidHost, database: Database, home: Path, **more: str) -> Iterator[None]:
    """Settings under which the canary suite asks nobody but this host."""
    with serving(host.app()) as address, pytest.MonkeyPatch.context() as patch:
        file = home / "targets.yaml"
        file.write_text(FILE.replace("ADDRESS", f"{address.removesuffix('/v1')}/v1"))
        for name, value in {
            "DATABASE_URL": database.url,
            "AIBAAS_HOME": str(home),
            "AIBAAS_TARGETS_FILE": str(file),
            "AIBAAS_SUITES": "canary",
            **more,
        }.items():
            patch.setenv(name, value)
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture
def host(database: Database, tmp_path: Path) -> Iterator[PaidHost]:
    paid = PaidHost()
    with canary_of(paid, database, tmp_path):
        yield paid


def run() -> tuple[dict[str, Any], dict[str, dg.AssetCheckEvaluation]]:
    """One run of the current hour: what the responses say of themselves, and the checks by name."""
    hour = partition_key_of(benchmark_hour_of(datetime.now(UTC)))
    result = materialised(DEFINITIONS, hour=hour)
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    return metadata_of(result, responses), checks


def test_what_the_budget_leaves_out_is_a_row_until_it_is_raised(
    host: PaidHost, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIBAAS_BUDGET_DAY_USD", "0.0025")
    settings.cache_clear()
    first, checks = run()
    assert 0 < first["answered_now"] < 12
    assert first["answered_now"] + first["left_out_by_budget"] == first["planned"] == 12
    assert host.asked == first["answered_now"]
    assert all(check.passed for check in checks.values())
    with database.connect() as connection:
        rows = connection.execute("SELECT status, count(*), sum(cost_usd) FROM raw.responses GROUP BY 1").fetchall()
        spent = connection.execute("SELECT DISTINCT spent_usd FROM raw.spending").fetchall()
    counted = {status: count for status, count, _ in rows}
    assert counted == {"answered": host.asked, "budget": 12 - host.asked}
    assert [float(usd) for (usd,) in spent] == [pytest.approx(host.asked * COST)]
    assert told_budgets(database) == [("day", "", "budget_100")]
    again, _ = run()
    assert (again["answered_now"], again["loaded"]) == (0, 0)
    monkeypatch.setenv("AIBAAS_BUDGET_DAY_USD", "5")
    settings.cache_clear()
    rich, _ = run()
    assert (rich["answered_now"], rich["left_out_by_budget"], host.asked) == (12 - first["answered_now"], 0, 12)


def told_budgets(database: Database) -> list[tuple[str, str, str]]:
    """The budgets that people would hear of two hours after the day has ended, and as what."""
    tomorrow = datetime.now(UTC).replace(hour=2) + timedelta(days=1)
    limits = ProviderResource().budget_limits(tomorrow)
    with database.connect("aibaas_collector") as connection:
        ledger = SpendingLedger(connection)
        events = budget_events(ledger.spent(limits), ledger.left_out(limits), limits, tomorrow)
        return [(event.content["grain"], "".join(event.target_ids), event.kind) for event in events]


def test_extra_calls_take_only_what_the_others_leave(
    host: PaidHost, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = benchmark_hour_of(datetime.now(UTC))
    with database.connect("aibaas_collector") as connection:
        replace_confirmations(connection, [signal("paid-luna", hour - timedelta(hours=1), is_simulated=False)])
    monkeypatch.setenv("AIBAAS_BUDGET_DAY_USD", "0.004")
    settings.cache_clear()
    told, _ = run()
    assert told["planned"] == 72
    assert 12 < told["answered_now"] < 72
    with database.connect() as connection:
        answered = dict(
            connection.execute(
                "SELECT sample_index > 0, count(*) FROM raw.responses WHERE status = 'answered' GROUP BY 1"
            ).fetchall()
        )
        spent = connection.execute("SELECT max(spent_usd) FROM raw.spending").fetchone()
    assert answered == {False: 12, True: told["answered_now"] - 12}
    assert spent is not None
    assert float(spent[0]) == pytest.approx(host.asked * COST)


def test_a_past_hour_of_a_real_target_is_forced_with_a_warning(
    host: PaidHost, capsys: pytest.CaptureFixture[str]
) -> None:
    past = benchmark_hour_of(datetime.now(UTC)) - timedelta(hours=3)
    warning = "force makes 1 past hour late for paid-luna: new answers take the place of those on time"
    warn_of_late_hours(past, past, PartialRun(force=True))
    assert warning in capsys.readouterr().err
    warn_of_late_hours(past, past, PartialRun(force=False))
    warn_of_late_hours(past + timedelta(hours=3), past + timedelta(hours=3), PartialRun(force=True))
    assert capsys.readouterr().err == ""
    with dg.DagsterInstance.ephemeral() as instance:
        rerun = RerunResource(force=True)
        result = materialised(DEFINITIONS, hour=partition_key_of(past), rerun=rerun, instance=instance)
        logged = [entry.user_message for entry in instance.all_logs(result.run_id) if entry.level == logging.WARNING]
    assert any(warning in str(message) for message in logged)
    assert host.asked == 12


def test_a_host_that_charges_more_than_our_price_is_told(host: PaidHost) -> None:
    host.cost = 1.02 * COST
    _, checks = run()
    check = checks["reported_costs_agree"]
    assert not check.passed
    assert check.metadata["differing"].value == 12
    assert "12 of 12 calls, up to 2.0%" in check.metadata["worst"].value["paid-luna"]  # type: ignore[index,call-overload]
