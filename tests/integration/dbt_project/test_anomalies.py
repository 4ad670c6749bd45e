"""From raw rows to anomalies: found once, with evidence and a cause, the same whether hour by hour or at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from orchestration.detection.detect import detect_anomalies
from orchestration.stats.change_points import DETECTOR_VERSION
from orchestration.storage.anomaly_rows import Anomaly

if TYPE_CHECKING:
    from tests.integration.dbt_project.conftest import Warehouse

START = datetime(2026, 9, 7, tzinfo=UTC)
"""A Monday."""
HOURS, SCENARIOS = 18 * 24, 5
DROP = 16 * 24 + 5
DROPPED = ("model-1", "model-2", "model-3")
"""Three of one host's four models get worse in the same hour; so does a model of another host, alone."""
TARGETS = {"t-1": "model-1", "t-2": "model-2", "t-3": "model-3", "t-4": "model-4", "u-1": "other-1", "u-2": "other-2"}
NOW = datetime(2026, 10, 10, tzinfo=UTC)

CATALOGUE = """
insert into raw.targets (
    target_id, definition_sha256, recorded_at, label, provider, model, host, sampling, is_simulated, is_open_weights,
    lifecycle, is_enabled
)
select
    target_id, 'd', '2020-01-01Z', target_id, provider, model, provider || '.example', '{}', true, false, 'active', true
from unnest(%(targets)s::text[], %(providers)s::text[], %(models)s::text[]) as given (target_id, provider, model);
insert into raw.scenarios (
    scenario_id, scenario_version, content_sha256, family, difficulty, language, title, licence, created_on,
    max_output_tokens, recorded_at
)
select 'sql/task-' || number, 1, 'c', 'sql', 'easy', 'sql', 'Task', 'MIT', '2020-01-01', 800, '2020-01-01Z'
from generate_series(0, %(scenarios)s - 1) as number;
insert into raw.suites (suite, suite_version, cadence, scenario_id, scenario_version, recorded_at)
select 'canary', 1, 'hourly', scenario_id, scenario_version, '2020-01-01Z' from raw.scenarios;
select raw.ensure_partitions(%(start)s, %(start)s + interval '40 days');
"""
CELLS = """
create temp table drawn as
select
    %(start)s::timestamptz + number * interval '1 hour' as benchmark_hour,
    md5(concat_ws('/', given.target_id, number, scenario, %(sample)s))::uuid as call_id,
    given.target_id, 'sql/task-' || scenario as scenario_id, score, latency, cost
from unnest(
    %(targets)s::text[], %(hours)s::integer[], %(numbers)s::integer[], %(scores)s::float8[], %(latencies)s::float8[],
    %(costs)s::float8[]
) as given (target_id, number, scenario, score, latency, cost);
insert into raw.planned_calls (
    benchmark_hour, call_id, suite, suite_version, target_id, scenario_id, scenario_version, variant_seed, sample_index,
    is_simulated, status, planned_at
)
select benchmark_hour, call_id, 'canary', 1, target_id, scenario_id, 1, 0, %(sample)s, true, 'planned', benchmark_hour
from drawn;
insert into raw.responses (
    benchmark_hour, call_id, attempt, target_id, scenario_id, scenario_version, variant_seed, sample_index,
    is_simulated, is_late, scheduled_for, started_at, finished_at, status, try_count, answer_sha256, answer_bytes,
    requested_model, finish_reason, latency_ms, cost_usd, prompt_sha256, harness_version, archive_file, run_id
)
select
    benchmark_hour, call_id, 1, target_id, scenario_id, 1, 0, %(sample)s, true, false, benchmark_hour, benchmark_hour,
    benchmark_hour + interval '2 seconds', 'answered', 1, 'answer', 100, target_id, 'stop', latency, cost, 'prompt',
    '1', 'archive', 'run'
from drawn;
insert into raw.scores (
    benchmark_hour, call_id, attempt, scorer, scorer_version, grading_attempt, score, outcome, is_refusal, is_truncated,
    is_format_ok, checks_id, sandbox_level, graded_at
)
select
    benchmark_hour, call_id, 1, 'sql', 1, 1, score, 'ok', false, false, true, gen_random_uuid(), 'process',
    benchmark_hour
from drawn;
drop table drawn
"""
RESCORE = """
insert into raw.scores (
    benchmark_hour, call_id, attempt, scorer, scorer_version, grading_attempt, score, outcome, is_refusal, is_truncated,
    is_format_ok, checks_id, sandbox_level, graded_at
)
select
    benchmark_hour, call_id, attempt, scorer, 1, 2, %(score)s, 'ok', false, false, true, gen_random_uuid(), 'process',
    now()
from raw.scores inner join raw.responses using (benchmark_hour, call_id, attempt)
where target_id = %(target)s and benchmark_hour >= %(first)s and grading_attempt = 1
"""
PUBLISHED = """
select target_id, metric, direction, is_worse, cause, state, onset_hour, is_simulated from marts.fct_anomalies
order by target_id, metric
"""


def draw(first: int, stop: int) -> dict[str, Any]:
    """Scores, latencies and costs of all targets in [first, stop), the same whatever the range that they are in."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("targets", "hours", "numbers", "scores", "latencies", "costs")
    }
    hour, scenario = np.divmod(np.arange(HOURS * SCENARIOS), SCENARIOS)
    inside = (hour >= first) & (hour < stop)
    for number, (target, model) in enumerate(TARGETS.items()):
        rng = np.random.default_rng([7, number])
        fallen = (hour >= DROP) * (2.5 if model in {*DROPPED, "other-1"} else 0.0)
        scores = np.clip(np.round(rng.normal(8 - 0.3 * scenario - fallen, 1.2), 1), 0, 10)
        slower = np.where((hour >= DROP) & (model == "other-2"), 2.0, 1.0)
        latencies = np.round(1000 * slower * np.exp(0.3 * rng.standard_normal(len(hour))))
        costs = np.round(0.001 * np.exp(0.1 * rng.standard_normal(len(hour))), 9)
        columns["targets"] += [target] * int(inside.sum())
        for name, values in zip(
            ("hours", "numbers", "scores", "latencies", "costs"),
            (hour, scenario, scores, latencies, costs),
            strict=True,
        ):
            columns[name] += values[inside].tolist()
    return columns | {"start": START, "sample": 0}


def answered(hour: int, score: float, sample: int = 0) -> dict[str, Any]:
    """What one target says in an hour, to each scenario the same."""
    scenarios = list(range(SCENARIOS))
    return {
        "targets": ["t-4"] * SCENARIOS, "hours": [hour] * SCENARIOS, "numbers": scenarios,
        "scores": [score - 0.3 * number for number in scenarios], "latencies": [1000.0] * SCENARIOS,
        "costs": [0.001] * SCENARIOS, "start": START, "sample": sample,
    }  # fmt: skip


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def note(warehouse: Warehouse, kind: str, subject: str, hour: int) -> None:
    insert = "insert into raw.changes values (%(kind)s, %(subject)s, %(at)s, '{}', '{\"is\": \"new\"}', 'test', %(at)s)"
    warehouse.change(insert, {"kind": kind, "subject": subject, "at": at(hour)})


def detected(warehouse: Warehouse, touched: tuple[int, int] | None, *, asks: bool = False) -> None:
    hours = None if touched is None else (at(touched[0]), at(touched[1]))
    with warehouse.database.connect() as connection:
        detect_anomalies(connection, hours, NOW, asks=asks)


def measured_hours(warehouse: Warehouse, first: int, stop: int) -> None:
    """What an hourly run does after the scores."""
    warehouse.build("resolved", touched=(at(first), at(stop)))
    detected(warehouse, (first, stop), asks=True)


def anomalies(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    names = ", ".join(name for name in Anomaly.__slots__ if name not in {"computed_at", "revision"})
    query = f"select distinct on (anomaly_id) {names} from raw.anomalies order by anomaly_id, revision desc"
    return warehouse.rows(query)


@pytest.fixture(scope="module")
def measured(warehouse: Warehouse) -> Warehouse:
    """Eighteen days, of which fifteen are there when the detector first looks."""
    providers = ["acme" if target.startswith("t") else "other" for target in TARGETS]
    given = {
        "targets": list(TARGETS),
        "providers": providers,
        "models": list(TARGETS.values()),
    }
    warehouse.change(CATALOGUE, {**given, "scenarios": SCENARIOS, "start": START})
    warehouse.change(CELLS, draw(0, DROP - 30))
    note(warehouse, "served_model", "u-1", DROP)
    note(warehouse, "price", "other/other-2", DROP)
    warehouse.build("resolved")
    detected(warehouse, None)
    return warehouse


@dataclass(frozen=True)
class Found:
    """All anomalies and how many revisions they have: before the drop, by the hours that hold it, by a replay."""

    before: list[tuple[Any, ...]]
    by_hours: list[tuple[Any, ...]]
    by_replay: list[tuple[Any, ...]]
    revisions_by_hours: list[tuple[Any, ...]]
    revisions_by_replay: list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def found(measured: Warehouse) -> Found:
    revisions = "select count(*), max(revision) from raw.anomalies"
    before = anomalies(measured)
    for first, stop in ((DROP - 30, DROP + 8), (DROP + 8, HOURS)):
        measured.change(CELLS, draw(first, stop))
        measured.build("resolved", touched=(at(first), at(stop)))
        detected(measured, (first, stop))
    by_hours, revisions_by_hours = anomalies(measured), measured.rows(revisions)
    detected(measured, None)
    return Found(before, by_hours, anomalies(measured), revisions_by_hours, measured.rows(revisions))


@pytest.fixture(scope="module")
def published(measured: Warehouse, found: Found) -> Warehouse:
    """With the marts of what was found, which the tests change no more."""
    assert found.by_replay
    measured.compute_intervals()
    measured.build("published")
    return measured


def test_what_hours_add_is_what_a_replay_of_all_finds(found: Found) -> None:
    assert found.before == []
    assert sorted((row[1], row[4], row[5]) for row in found.by_hours) == [
        ("t-1", "quality", -1), ("t-2", "quality", -1), ("t-3", "quality", -1), ("u-1", "quality", -1),
        ("u-2", "latency", 1),
    ]  # fmt: skip
    assert found.by_replay == found.by_hours
    assert found.revisions_by_replay == found.revisions_by_hours


def test_each_has_its_cause_and_the_mart_says_so(published: Warehouse) -> None:
    told = published.rows(PUBLISHED)
    assert [row[:5] for row in told] == [
        ("t-1", "quality", "down", True, "provider_incident"),
        ("t-2", "quality", "down", True, "provider_incident"),
        ("t-3", "quality", "down", True, "provider_incident"),
        ("u-1", "quality", "down", True, "model"),
        ("u-2", "latency", "up", True, "unknown"),
    ]
    assert all(abs(row[6] - at(DROP)) <= timedelta(hours=3) and row[7] for row in told)
    before, after, effect, lower, upper, detectable = published.rows(
        "select before_value, after_value, effect, effect_ci95_lower, effect_ci95_upper, detectable_effect"
        " from marts.fct_anomalies where target_id = 'u-2'"
    )[0]
    assert (before, after, effect) == pytest.approx((1000, 2000, 2), rel=0.1)
    assert lower < 2 < upper
    assert 1 < detectable < 1.5
    statuses = "select metric, status, count(*) from marts.fct_watched_streams group by 1, 2 order by 1, 2"
    assert published.rows(statuses) == [(metric, "watched", 6) for metric in ("cost", "errors", "latency", "quality")]


def test_quiet_hours_need_no_cells_of_past_days(published: Warehouse) -> None:
    """A target on which nothing is open goes on from its kept state: without its history it comes to the same."""
    kept = """
        select state_hour, state, detector_version from raw.detection_states where target_id = 't-4'
        order by state_hour desc limit 2
    """
    of_replay = published.rows(kept)
    assert of_replay[0][2] == DETECTOR_VERSION
    published.change(
        "delete from intermediate.int_calls_resolved where target_id = 't-4' and benchmark_hour < %(hour)s",
        {"hour": at(HOURS - 100)},
    )
    detected(published, (HOURS - 50, HOURS))
    assert published.rows(kept) == of_replay
    status = "select distinct status from raw.watched_streams where target_id = 't-4'"
    assert published.rows(status) == [("watched",)]


def test_an_alarm_that_rescored_hours_take_back_is_retracted_and_stays(published: Warehouse) -> None:
    published.change(RESCORE, {"score": 8, "target": "u-1", "first": at(DROP - 1)})
    published.build("resolved", touched=(at(DROP - 1), at(HOURS)))
    detected(published, (DROP - 1, HOURS))
    revisions = published.rows(
        "select revision, state from raw.anomalies where target_id = 'u-1' and sign = -1 order by row_number"
    )
    assert revisions[-1][1] == "retracted"
    assert [row[0] for row in revisions] == list(range(1, len(revisions) + 1))


VERDICTS = """
select metric, sign, is_alarm, verdict, answer_count, hour_count, signal_hour from raw.confirmations
where target_id = 't-4' order by signal_hour, metric
"""
NEWEST = """
select distinct on (anomaly_id) verdict, confirming_answer_count, confirming_effect from raw.anomalies
where target_id = 't-4' order by anomaly_id, revision desc
"""


def test_an_alarm_waits_for_extra_answers_and_says_on_how_many_it_rests(measured: Warehouse) -> None:
    for hour in (HOURS, HOURS + 1):
        measured.change(CELLS, answered(hour, 3.0))
    measured_hours(measured, HOURS, HOURS + 2)
    assert measured.rows(VERDICTS) == [("quality", -1, True, "pending", 0, 0, at(HOURS + 1))]
    assert measured.rows(NEWEST) == [("pending", 0, None)]
    measured_hours(measured, HOURS, HOURS + 2)
    assert len(measured.rows(VERDICTS)) == 1, "the same hour asks once, however often it is run"
    measured.change(CELLS, answered(HOURS + 2, 3.0))
    for sample in range(1, 7):
        measured.change(CELLS, answered(HOURS + 2, 2.5, sample))
    measured_hours(measured, HOURS + 2, HOURS + 3)
    assert [row[3:6] for row in measured.rows(VERDICTS)] == [("degraded", 30, 1)]
    ((verdict, answers, effect),) = measured.rows(NEWEST)
    assert (verdict, answers) == ("degraded", 30)
    assert effect == pytest.approx(-5.5, abs=0.7)
    revisions = measured.rows("select count(*) from raw.anomalies")
    detected(measured, None)
    assert measured.rows("select count(*) from raw.anomalies") == revisions, "a replay of all says the same"


def test_what_nobody_answers_is_inconclusive_two_hours_later(measured: Warehouse) -> None:
    pending = "update raw.confirmations set verdict = 'pending', answer_count = 0, hour_count = 0, effect = null"
    measured.change(pending + ", effect_ci95_lower = null, effect_ci95_upper = null", {})
    measured.change("delete from raw.planned_calls where sample_index > 0", {})
    measured.change(CELLS, answered(HOURS + 3, 3.0))
    measured_hours(measured, HOURS + 2, HOURS + 4)
    assert [row[3:6] for row in measured.rows(VERDICTS)] == [("inconclusive", 0, 0)]
    assert measured.rows(NEWEST) == [("inconclusive", 0, None)]


def test_no_mart_but_money_and_coverage_holds_extra_answers(measured: Warehouse) -> None:
    measured.publish()
    before = measured.tables()
    for sample in range(1, 4):
        measured.change(CELLS, answered(HOURS - 5, 0.0 + 1.2, sample))
    measured.publish()
    after = measured.tables()
    differing = {name.split(".")[1] for name in before if before[name] != after[name]}
    assert differing == {"int_calls_resolved", "fct_coverage", "fct_costs_daily"}
    told = "select verdict, answer_count from marts.fct_confirmations where target_id = 't-4'"
    assert measured.rows(told) == [("inconclusive", 0)]


def test_suites_that_are_not_asked_every_hour_are_said_not_to_be_watched(measured: Warehouse) -> None:
    measured.change("update raw.suites set cadence = 'daily'", {})
    detected(measured, (HOURS - 5, HOURS))
    statuses = (
        "select distinct status, launch_value from raw.watched_streams where target_id = 't-4' and metric = 'cost'"
    )
    assert measured.rows(statuses) == [("not_hourly", None)]
