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
from tests.support.raw_cells import CATALOGUE, CELLS, START, at

if TYPE_CHECKING:
    from tests.integration.dbt_project.conftest import Warehouse

HOURS, SCENARIOS = 18 * 24, 5
DROP = 16 * 24 + 5
DROPPED = ("model-1", "model-2", "model-3")
"""Three of one host's four models get worse in the same hour; so does a model of another host, alone."""
TARGETS = {"t-1": "model-1", "t-2": "model-2", "t-3": "model-3", "t-4": "model-4", "u-1": "other-1", "u-2": "other-2"}
NOW = datetime(2026, 10, 10, tzinfo=UTC)

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
LAUNCHED = """
select target_id, metric, launch_level, jsonb_array_length(versions) from raw.launch_baselines order by 1, 2
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


def note(warehouse: Warehouse, kind: str, subject: str, hour: int) -> None:
    insert = "insert into raw.changes values (%(kind)s, %(subject)s, %(at)s, '{}', '{\"is\": \"new\"}', 'test', %(at)s)"
    warehouse.change(insert, {"kind": kind, "subject": subject, "at": at(hour)})


def detected(warehouse: Warehouse, touched: tuple[int, int] | None, now: datetime = NOW) -> None:
    hours = None if touched is None else (at(touched[0]), at(touched[1]))
    with warehouse.database.connect() as connection:
        detect_anomalies(connection, hours, now)


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
    """All anomalies, how many revisions they have, and launch levels: by the hours that hold the drop, by a replay."""

    before: list[tuple[Any, ...]]
    by_hours: list[tuple[Any, ...]]
    by_replay: list[tuple[Any, ...]]
    revisions_by_hours: list[tuple[Any, ...]]
    revisions_by_replay: list[tuple[Any, ...]]
    launched_by_hours: list[tuple[Any, ...]]
    launched_by_replay: list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def found(measured: Warehouse) -> Found:
    revisions = "select count(*), max(revision) from raw.anomalies"
    before = anomalies(measured)
    for first, stop in ((DROP - 30, DROP + 8), (DROP + 8, HOURS)):
        measured.change(CELLS, draw(first, stop))
        measured.build("resolved", touched=(at(first), at(stop)))
        detected(measured, (first, stop))
    by_hours, revisions_by_hours, launched = anomalies(measured), measured.rows(revisions), measured.rows(LAUNCHED)
    detected(measured, None)
    return Found(
        before, by_hours, anomalies(measured), revisions_by_hours, measured.rows(revisions), launched,
        measured.rows(LAUNCHED),
    )  # fmt: skip


@pytest.fixture(scope="module")
def published(measured: Warehouse, found: Found) -> Warehouse:
    """With the marts of what was found, which the tests change no more."""
    assert found.by_replay
    measured.compute_intervals()
    measured.build("published")
    return measured


def test_what_hours_add_is_what_a_replay_of_all_finds(found: Found) -> None:
    assert found.before == []
    assert sorted((row[1], row[5], row[6]) for row in found.by_hours) == [
        ("t-1", "quality", -1), ("t-2", "quality", -1), ("t-3", "quality", -1), ("u-1", "quality", -1),
        ("u-2", "latency", 1),
    ]  # fmt: skip
    assert found.by_replay == found.by_hours
    assert found.revisions_by_replay == found.revisions_by_hours
    assert found.launched_by_replay == found.launched_by_hours
    assert len(found.launched_by_hours) == 4 * len(TARGETS)
    assert {versions for *_, versions in found.launched_by_hours} == {SCENARIOS}


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


FAIL = """
update raw.responses set
    status = 'failed', error_code = case when benchmark_hour < %(first)s then 'overloaded' else 'timeout' end,
    error_detail = 'test', answer_sha256 = null, answer_bytes = null, finish_reason = null, cost_usd = null
where target_id = %(target)s and (
    benchmark_hour >= %(first)s and scenario_id <> 'sql/task-0'
    or benchmark_hour = %(first)s - interval '50 hours' and scenario_id = 'sql/task-1'
)
"""


def test_more_failed_calls_are_counted_by_their_reasons(published: Warehouse) -> None:
    published.change(FAIL, {"target": "u-2", "first": at(DROP)})
    published.build("resolved", touched=(at(DROP - 60), at(HOURS)))
    detected(published, (DROP - 60, HOURS))
    ((cause, evidence, onset),) = published.rows(
        "select distinct on (anomaly_id) cause, evidence, onset_hour from raw.anomalies"
        " where target_id = 'u-2' and metric = 'errors' order by anomaly_id, revision desc"
    )
    (entry,) = (entry for entry in evidence if entry["kind"] == "error_codes")
    assert (cause, onset) == ("unknown", at(DROP))
    assert entry["before"] == {"overloaded": 1}
    assert entry["after"].keys() == {"timeout"}
    assert entry["after"]["timeout"] >= 4


def test_an_alarm_that_rescored_hours_take_back_is_retracted_and_stays(published: Warehouse) -> None:
    published.change(RESCORE, {"score": 8, "target": "u-1", "first": at(DROP - 1)})
    published.build("resolved", touched=(at(DROP - 1), at(HOURS)))
    detected(published, (DROP - 1, HOURS))
    revisions = published.rows(
        "select revision, state from raw.anomalies where target_id = 'u-1' and sign = -1 order by row_number"
    )
    assert revisions[-1][1] == "retracted"
    assert [row[0] for row in revisions] == list(range(1, len(revisions) + 1))


def test_an_incident_is_one_still_when_the_first_of_its_changes_is_no_news_any_more(published: Warehouse) -> None:
    """Causes are looked for again for two weeks, and the last of an incident is not left alone then."""
    published.change(
        "update raw.anomalies set onset_hour = onset_hour - interval '4 hours' where target_id = 't-1'", {}
    )
    kept = """
        select distinct on (target_id) target_id, cause, incident_id is not null, onset_hour, revision
        from raw.anomalies where metric = 'quality' and target_id like 't-%' order by target_id, revision desc
    """
    before = published.rows(kept)
    first, *others = (onset for *_, onset, _ in before)
    assert first < min(others) - timedelta(hours=1)
    detected(published, (HOURS + 10, HOURS + 11), first + timedelta(days=14, hours=1))
    after = published.rows(kept)
    assert [row[:4] for row in after] == [row[:4] for row in before]
    assert {row[1:3] for row in after} == {("provider_incident", True)}
