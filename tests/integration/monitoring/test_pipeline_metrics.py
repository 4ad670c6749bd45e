"""The pipeline's figures as Prometheus scrapes them, over a real database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest
from dagster import DagsterInstance, DagsterRunStatus
from dagster._core.test_utils import create_run_for_test
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from orchestration.monitoring.pipeline_metrics import PipelineMetrics
from orchestration.settings import Settings
from orchestration.storage.raw_tables import load_responses
from tests.support.marts import create_marts, insert_rows
from tests.support.product import free_ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orchestration.records import Response
    from orchestration.storage.database import Database

ROOT = Path(__file__).resolve().parents[3]
Labels = frozenset[tuple[str, str]]
Scrape = dict[tuple[str, Labels], float]


def parsed(text: str) -> Scrape:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(found: Scrape, metric: str, **labels: str) -> float | None:
    return found.get((metric, frozenset(labels.items())))


class Exporter:
    """The collector of one process, scraped without its cache."""

    def __init__(self, config: Settings) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(PipelineMetrics(config, cached_s=0))

    def scrape(self) -> Scrape:
        return parsed(generate_latest(self.registry).decode())


def settings_of(database: Database, home: Path, **more: Any) -> Settings:
    return Settings(DATABASE_URL=database.url, home=home, **more)


@pytest.fixture
def exporter(database: Database, tmp_path: Path) -> Exporter:
    return Exporter(settings_of(database, tmp_path, budget_day_usd=Decimal("2.5")))


def record(database: Database, *responses: Response) -> None:
    with database.connect() as connection:
        load_responses(connection, responses, archive_file="a.parquet", run_id="run-1")


def test_calls_retries_and_costs_are_lifetime_sums_by_target_and_outcome(
    exporter: Exporter, database: Database, make_response: Callable[..., Response]
) -> None:
    real = {"target_id": "acme-ohm", "is_simulated": False}
    answered = make_response(0, cost_usd=Decimal("0.25"), try_count=1, **real)
    retried = make_response(1, cost_usd=Decimal("0.5"), try_count=3, **real)
    unpriced = make_response(2, cost_usd=None, price_id=None, try_count=1, **real)
    record(database, answered, retried, unpriced)
    failed = {"status": "failed", "error_code": "timeout", "answer": None}
    record(database, make_response(3, **failed, cost_usd=None, try_count=2, **real))

    found = exporter.scrape()

    ohm = {"target": "acme-ohm", "simulated": "false"}
    assert of(found, "aibaas_calls_total", outcome="answered", **ohm) == 3
    assert of(found, "aibaas_calls_total", outcome="timeout", **ohm) == 1
    assert of(found, "aibaas_call_retries_total", **ohm) == 3
    assert of(found, "aibaas_spend_usd_total", **ohm) == pytest.approx(0.75)
    assert of(found, "aibaas_calls_of_unknown_cost_total", **ohm) == 1


def test_a_counter_is_the_same_whether_rows_were_settled_or_new_and_never_falls(
    exporter: Exporter, database: Database, tmp_path: Path, make_response: Callable[..., Response]
) -> None:
    record(database, *(make_response(number) for number in range(6)))
    first = exporter.scrape()
    with database.connect() as connection:
        connection.execute("update raw.responses set recorded_at = recorded_at - interval '1 day'")
    grown = Exporter(settings_of(database, tmp_path))
    assert calls_of(grown.scrape()) == calls_of(first)
    record(database, *(make_response(number, attempt=2) for number in range(3)))
    after = calls_of(grown.scrape())
    assert all(after[labels] >= count for labels, count in calls_of(first).items())
    assert sum(after.values()) == 9
    assert after == calls_of(grown.scrape()) == calls_of(Exporter(settings_of(database, tmp_path)).scrape())


def calls_of(found: Scrape) -> dict[Labels, float]:
    return {labels: value for (name, labels), value in found.items() if name == "aibaas_calls_total"}


def test_a_row_whose_transaction_ended_late_is_counted(
    database: Database, tmp_path: Path, make_response: Callable[..., Response]
) -> None:
    exporter = Exporter(settings_of(database, tmp_path))
    with database.connect() as slow:
        slow.execute("select now()")
        load_responses(slow, [make_response(0)], archive_file="a.parquet", run_id="run-1")
        record(database, make_response(1))
        assert sum(calls_of(exporter.scrape()).values()) == 1
    assert sum(calls_of(exporter.scrape()).values()) == 2


def test_the_lag_is_since_the_newest_hour_with_a_score(exporter: Exporter, database: Database) -> None:
    assert of(exporter.scrape(), "aibaas_pipeline_lag_seconds") is None
    newest = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    with psycopg.connect(database.url) as connection:
        create_marts(connection)
        insert_rows(connection, "fct_leaderboard", iter([{"target_id": "sim-atlas", "last_benchmark_hour": newest}]))
    found = exporter.scrape()
    lag = (datetime.now(UTC) - newest).total_seconds()
    assert of(found, "aibaas_pipeline_lag_seconds") == pytest.approx(lag, abs=10)
    assert of(found, "aibaas_newest_benchmark_hour_timestamp_seconds") == newest.timestamp()


def test_spending_of_the_current_periods_stands_beside_the_budgets(exporter: Exporter, database: Database) -> None:
    with database.connect() as connection:
        connection.execute(
            "insert into raw.spending (grain, period_start, target_id, spent_usd) values"
            " ('day', date_trunc('day', now(), 'UTC'), '', 1.25),"
            " ('day', date_trunc('day', now(), 'UTC'), 'acme-ohm', 0.75),"
            " ('day', date_trunc('day', now() - interval '1 day', 'UTC'), '', 99)"
        )
    found = exporter.scrape()
    assert of(found, "aibaas_period_spend_usd", period="day", target="all") == 1.25
    assert of(found, "aibaas_period_spend_usd", period="day", target="acme-ohm") == 0.75
    assert of(found, "aibaas_period_spend_usd", period="month", target="all") == 0
    assert of(found, "aibaas_budget_usd", period="day", target="all") == 2.5
    assert of(found, "aibaas_budget_usd", period="hour", target="all") is None


@contextmanager
def dagster_of(database: Database) -> Iterator[DagsterInstance]:
    name = f"{database.name}_dagster"
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        storage = {"storage": {"postgres": {"postgres_url": database.dagster_url}}}
        pools = {"concurrency": {"pools": {"default_limit": 1}}}
        try:
            with DagsterInstance.local_temp(overrides=storage | pools) as instance:
                yield instance
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_the_queue_is_that_of_dagster(exporter: Exporter, database: Database) -> None:
    assert of(exporter.scrape(), "aibaas_runs", status="queued") is None
    with dagster_of(database) as instance:
        waiting = [create_run_for_test(instance).run_id for _ in range(2)]
        with psycopg.connect(database.dagster_url) as connection:
            connection.execute("update runs set status = 'QUEUED' where run_id = any(%s)", (waiting,))
        create_run_for_test(instance, status=DagsterRunStatus.SUCCESS)
        running = create_run_for_test(instance, status=DagsterRunStatus.STARTED)
        pools = instance.event_log_storage
        pools.set_concurrency_slots("warehouse", 1)
        pools.claim_concurrency_slot("warehouse", running.run_id, "scores")
        pools.claim_concurrency_slot("warehouse", running.run_id, "resolved_models")
        found = exporter.scrape()
    assert of(found, "aibaas_runs", status="queued") == 2
    assert of(found, "aibaas_runs", status="started") == 1
    assert of(found, "aibaas_runs", status="starting") == 0
    assert of(found, "aibaas_runs", status="success") == 1
    assert 0 <= (of(found, "aibaas_oldest_queued_run_age_seconds") or 0) < 60
    assert of(found, "aibaas_pool_slots", pool="warehouse", state="limit") == 1
    assert of(found, "aibaas_pool_slots", pool="warehouse", state="taken") == 1
    assert of(found, "aibaas_pool_steps_waiting", pool="warehouse") == 1


def test_the_archive_is_measured(exporter: Exporter, tmp_path: Path) -> None:
    place = tmp_path / "archive" / "responses" / "date=2026-11-01"
    place.mkdir(parents=True)
    (place / "attempt=1.parquet").write_bytes(b"x" * 1000)
    found = exporter.scrape()
    assert of(found, "aibaas_archive_bytes") == 1000
    assert of(found, "aibaas_archive_files") == 1
    assert (of(found, "aibaas_disk_free_bytes") or 0) > 0


def test_a_lost_database_is_said_and_no_figure_outlives_it(
    database: Database, tmp_path: Path, make_response: Callable[..., Response]
) -> None:
    record(database, make_response(0))
    config = settings_of(database, tmp_path)
    collector = PipelineMetrics(config, cached_s=0)
    registry = CollectorRegistry()
    registry.register(collector)
    assert of(parsed(generate_latest(registry).decode()), "aibaas_up") == 1
    collector._config = Settings(DATABASE_URL="postgresql://a:secret-word@127.0.0.1:1/aibaas", home=tmp_path)
    found = parsed(generate_latest(registry).decode())
    assert {name for name, _ in found} == {
        "aibaas_up", "aibaas_disk_free_bytes", "aibaas_budget_usd", "aibaas_targets",
    }  # fmt: skip
    assert of(found, "aibaas_up") == 0


def test_a_mistake_in_the_targets_file_hides_no_other_figure(database: Database, tmp_path: Path) -> None:
    broken = tmp_path / "targets.yaml"
    broken.write_text("hosts: [nothing\n")
    found = Exporter(settings_of(database, tmp_path, targets_file=broken)).scrape()
    assert of(found, "aibaas_up") == 1
    assert of(found, "aibaas_period_spend_usd", period="day", target="all") == 0
    assert not {name for name, _ in found} & {"aibaas_budget_usd", "aibaas_targets"}


def test_scrapes_in_quick_succession_share_one_reading(database: Database, tmp_path: Path) -> None:
    registry = CollectorRegistry()
    registry.register(PipelineMetrics(settings_of(database, tmp_path), cached_s=60))
    first = generate_latest(registry)
    with database.connect() as connection:
        connection.execute("insert into raw.spending values ('day', date_trunc('day', now(), 'UTC'), '', 7)")
    assert generate_latest(registry) == first


@contextmanager
def started(home: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    (port,) = free_ports(1)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIBAAS_", "DATABASE_URL"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "metrics"],
        cwd=ROOT, env=clean | {"AIBAAS_HOME": str(home), "AIBAAS_METRICS_PORT": str(port)} | environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}/metrics", process
    finally:
        process.kill()
        process.communicate()


def scraped(url: str, process: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        try:
            return httpx.get(url, trust_env=False, timeout=20).text
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("nothing answers")


def test_the_service_answers_with_and_without_its_database(database: Database, tmp_path: Path) -> None:
    with started(tmp_path, DATABASE_URL=database.url) as (url, process):
        assert of(parsed(scraped(url, process)), "aibaas_up") == 1
    nowhere = "postgresql://someone:secret-word@127.0.0.1:1/aibaas"
    with started(tmp_path, DATABASE_URL=nowhere, AIBAAS_LOG_FORMAT="json") as (url, process):
        assert of(parsed(scraped(url, process)), "aibaas_up") == 0
        process.terminate()
        said = "".join(process.communicate(timeout=60))
    assert "no figures" in said
    assert "secret-word" not in said


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with started(tmp_path, DATABASE_URL="postgresql://a@127.0.0.1:1/aibaas") as (url, process):
        scraped(url, process)
        port = url.rpartition(":")[2].partition("/")[0]
        with started(tmp_path, AIBAAS_METRICS_PORT=port) as (_, second):
            said = second.communicate(timeout=60)[1]
    assert second.returncode == 2
    assert "AIBAAS_METRICS_PORT" in said
    assert said.count("\n") == 1
