"""The pipeline's figures under the names that Prometheus scrapes, read from the database when it asks.

Not here: the statements (storage.pipeline_figures). Labels are targets, outcomes, periods, states and pools: no ids.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from typing import TYPE_CHECKING, Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from orchestration.collection.installation import known_targets, overall_budget
from orchestration.monitoring.lifetime_counts import LifetimeCounts
from orchestration.settings import OperatorError
from orchestration.storage.database import Database
from orchestration.storage.pipeline_figures import FiguresUnavailableError, read_queue, reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from prometheus_client.metrics_core import Metric

    from orchestration.providers.target_file import Budget
    from orchestration.settings import Settings
    from orchestration.storage.pipeline_figures import FigureReader, Moment, PoolUse, RunCount

CACHED_S: Final = 10.0
ALL_TARGETS: Final = "all"
WAITING = ("QUEUED", "NOT_STARTED", "STARTING", "STARTED", "CANCELING")
"""States of runs that have not ended: 0 is said of them too, so that an alert has a series."""

logger = logging.getLogger(__name__)


class PipelineMetrics(Collector):
    """Reads at most once in `cached_s` seconds, however often it is scraped."""

    def __init__(self, config: Settings, *, cached_s: float = CACHED_S) -> None:
        self._config = config
        self._cached_s = cached_s
        self._counts = LifetimeCounts()
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._read: list[Metric] = []

    def describe(self) -> Iterable[Metric]:
        """Nothing: a registry that is being filled asks no database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            if time.monotonic() - self._read_at >= self._cached_s:
                self._read = self._figures()
                self._read_at = time.monotonic()
            yield from self._read

    def _figures(self) -> list[Metric]:
        """What can be read now. Of a database that does not answer nothing is told but that."""
        own = [*_home_metrics(self._config.home, self._config.archive_dir), *_stated_metrics(self._config)]
        try:
            found = list(self._database_metrics(Database.from_settings(self._config)))
        except (FiguresUnavailableError, OperatorError) as error:
            logger.warning("no figures: %s", error)
            return [_gauge("aibaas_up", "Whether the database answered in time.", 0), *own]
        return [_gauge("aibaas_up", "Whether the database answered in time.", 1), *found, *own]

    def _database_metrics(self, database: Database) -> Iterator[Metric]:
        with reading(database) as reader:
            moment = reader.moment()
            yield from _freshness_metrics(moment)
            yield from self._count_metrics(reader, moment)
            yield from _spending_metrics(reader)
        if (queue := read_queue(database)) is not None:
            yield from _queue_metrics(*queue)

    def _count_metrics(self, reader: FigureReader, moment: Moment) -> Iterator[Metric]:
        calls, scores = self._counts.read(reader, moment.now)
        yield from _call_metrics(calls)
        gradings = CounterMetricFamily("aibaas_scores", "Gradings by outcome.", labels=["outcome", "scored"])
        for (outcome, is_scored), count in sorted(scores.items()):
            gradings.add_metric([outcome, _flag(is_scored)], count)
        yield gradings


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _freshness_metrics(moment: Moment) -> Iterator[Metric]:
    if moment.newest_hour is not None:
        yield _gauge(
            "aibaas_newest_benchmark_hour_timestamp_seconds",
            "When the newest measured hour began.",
            moment.newest_hour.timestamp(),
        )
        lag = (moment.now - moment.newest_hour).total_seconds()
        yield _gauge("aibaas_pipeline_lag_seconds", "Since the newest measured hour began.", lag)


def _call_metrics(calls: dict[tuple[str, bool, str], tuple[int, int, float, int]]) -> Iterator[Metric]:
    made = CounterMetricFamily("aibaas_calls", "Attempts by outcome.", labels=["target", "simulated", "outcome"])
    retries = CounterMetricFamily(
        "aibaas_call_retries", "Requests beyond the first of an attempt.", labels=["target", "simulated"]
    )
    spend = CounterMetricFamily("aibaas_spend_usd", "Known costs of attempts.", labels=["target", "simulated"])
    unknown = CounterMetricFamily(
        "aibaas_calls_of_unknown_cost", "Answered attempts of unknown cost.", labels=["target", "simulated"]
    )
    sums: dict[tuple[str, str], list[float]] = {}
    for (target, is_simulated, outcome), (count, retry_count, cost, unknown_count) in sorted(calls.items()):
        labels = (target, _flag(is_simulated))
        made.add_metric([*labels, outcome], count)
        before = sums.get(labels, [0, 0, 0])
        sums[labels] = [a + b for a, b in zip(before, (retry_count, cost, unknown_count), strict=True)]
    for labels, values in sums.items():
        for family, value in zip((retries, spend, unknown), values, strict=True):
            family.add_metric(list(labels), value)
    yield from (made, retries, spend, unknown)


def _spending_metrics(reader: FigureReader) -> Iterator[Metric]:
    spending = reader.spending()
    if spending is None:
        return
    spent = GaugeMetricFamily(
        "aibaas_period_spend_usd",
        "Spent or set aside in the current hour, day or month; target all is every real one.",
        labels=["period", "target"],
    )
    known = {(one.grain, one.target_id or ALL_TARGETS): float(one.spent_usd) for one in spending}
    for period, target in sorted({(period, ALL_TARGETS) for period in ("hour", "day", "month")} | known.keys()):
        spent.add_metric([period, target], known.get((period, target), 0.0))
    yield spent


def _stated_metrics(config: Settings) -> list[Metric]:
    """What the targets file and the settings state; nothing while there is a mistake in them."""
    try:
        return list(_budget_metrics(config))
    except OperatorError as error:
        logger.warning("no budgets: %s", error)
        return []


def _budget_metrics(config: Settings) -> Iterator[Metric]:
    """A budget that is not set has no sample: nothing limits it."""
    limits = GaugeMetricFamily("aibaas_budget_usd", "What may be spent.", labels=["period", "target"])
    budgets: list[tuple[str, Budget]] = [(ALL_TARGETS, overall_budget(config))]
    targets = known_targets(config)
    budgets += [(target.target_id, target.budget) for target in targets if target.budget]
    for target_id, budget in budgets:
        amounts = {"hour": budget.usd_per_hour, "day": budget.usd_per_day, "month": budget.usd_per_month}
        for period, amount in amounts.items():
            if amount is not None:
                limits.add_metric([period, target_id], float(amount))
    yield limits
    states = GaugeMetricFamily("aibaas_targets", "Targets of the targets file.", labels=["state"])
    measured = sum(target.is_enabled for target in targets)
    states.add_metric(["measured"], measured)
    states.add_metric(["skipped"], len(targets) - measured)
    yield states


def _queue_metrics(runs: list[RunCount], pools: list[PoolUse]) -> Iterator[Metric]:
    known = {run.status: run for run in runs}
    counts = GaugeMetricFamily("aibaas_runs", "Dagster's runs by state.", labels=["status"])
    for status in sorted({*WAITING, *known}):
        counts.add_metric([status.lower()], known[status].run_count if status in known else 0)
    yield counts
    queued = known.get("QUEUED")
    yield _gauge(
        "aibaas_oldest_queued_run_age_seconds",
        "How long the oldest queued run has waited; 0 when none does.",
        queued.oldest_age_s if queued else 0,
    )
    slots = GaugeMetricFamily("aibaas_pool_slots", "Places of a concurrency pool.", labels=["pool", "state"])
    waiting = GaugeMetricFamily("aibaas_pool_steps_waiting", "Steps that wait for a place.", labels=["pool"])
    for pool in sorted(pools, key=lambda pool: pool.pool):
        slots.add_metric([pool.pool, "limit"], pool.limit)
        slots.add_metric([pool.pool, "taken"], pool.taken_count)
        waiting.add_metric([pool.pool], pool.waiting_count)
    yield slots
    yield waiting


def _home_metrics(home: Path, archive: Path) -> Iterator[Metric]:
    if not home.is_dir():
        return
    yield _gauge("aibaas_disk_free_bytes", "Room left on the disk of the home folder.", shutil.disk_usage(home).free)
    if archive.is_dir():
        sizes = list(_file_sizes(archive))
        yield _gauge("aibaas_archive_bytes", "Size of the archive's files.", sum(sizes))
        yield _gauge("aibaas_archive_files", "Files of the archive.", len(sizes))


def _file_sizes(folder: Path) -> Iterator[int]:
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                yield os.stat(os.path.join(place, name)).st_size  # noqa: PTH116, PTH118 - an archive has many files
            except FileNotFoundError:
                continue
