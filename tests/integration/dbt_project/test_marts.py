"""What the marts hold of two weeks of drawn history, and how fast they are built and read."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from statistics import fmean, median_low, stdev
from typing import TYPE_CHECKING, Any

import polars as pl
import psycopg
import pytest
import yaml

from orchestration.stats.paired import all_pairs, paired_difference
from orchestration.stats.repeated_attempts import pass_at_k_interval, pass_hat_k_interval
from orchestration.storage.projection_rows import read_daily_costs
from tests.support.day_clusters import percentile_bounds, ratio_bounds, share_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from conftest import Row, Warehouse

START = datetime(2026, 11, 1, tzinfo=UTC)
STOP = START + timedelta(days=14)
MODELS_DIR = Path(__file__).resolve().parents[3] / "dbt_project" / "models"
LONGEST_BUILD_S = 400  # both groups took 212 s beside twenty other programs on two cores

CALLS = """
select
    planned.target_id, scenarios.family, planned.benchmark_hour, planned.scenario_id, responses.status,
    responses.is_late, responses.latency_ms, responses.cost_usd, scores.score, responses.error_code
from raw.planned_calls as planned
inner join raw.scenarios using (scenario_id, scenario_version)
left join raw.responses using (benchmark_hour, call_id)
left join raw.scores using (benchmark_hour, call_id, attempt)
"""

MOVES = """
select target_id, score_change, score_change_ci95_lower, score_change_ci95_upper, p_value, scenario_count
from marts.fct_score_moves where family = 'all'
"""
NEWEST_ANSWERS = f"""
select distinct on (answered.target_id, answered.scenario_id)
    answered.target_id, answered.scenario_id, answered.benchmark_hour, scores.score
from raw.responses as answered
inner join raw.scores as scores using (benchmark_hour, call_id, attempt)
where answered.status = 'answered' and answered.benchmark_hour >= '{STOP - timedelta(days=7):%Y-%m-%dT%H}:00Z'
order by answered.target_id, answered.scenario_id, answered.benchmark_hour desc
"""
PRICE_OF_FIRST = """
insert into raw.prices (
    price_id, provider, model, valid_from, input_usd_per_mtok, output_usd_per_mtok, source, checked_on
)
select
    %(name)s, provider, model, %(valid_from)s, input_usd_per_mtok * %(factor)s, output_usd_per_mtok, 'test', checked_on
from raw.prices
where (provider, model) in (select provider, model from raw.targets where target_id = 'sim-1')
order by valid_from
limit 1
"""


@pytest.fixture(scope="module")
def published(warehouse: Warehouse) -> Warehouse:
    """24,192 calls of 6 targets, one attempt each, all the way to the marts."""
    warehouse.draw_history(START, STOP, targets=6, scenarios=12)
    started = time.monotonic()
    warehouse.build("resolved")
    resolved = time.monotonic()
    warehouse.compute_intervals()
    computed = time.monotonic()
    warehouse.build("published")
    ended = time.monotonic()
    steps = {"resolved": resolved - started, "intervals": computed - resolved, "published": ended - computed}
    print({step: f"{seconds:.1f} s" for step, seconds in steps.items()})
    assert steps["resolved"] + steps["published"] <= LONGEST_BUILD_S
    return warehouse


@pytest.fixture(scope="module")
def calls(published: Warehouse) -> list[Row]:
    return published.rows(CALLS)


def measures_of(calls: Iterable[Row]) -> dict[str, Any]:
    """The measures of a mart row, computed from its calls by hand."""
    rows = list(calls)
    timely = [row for row in rows if row[4] == "answered" and not row[5]]
    scored = [row for row in timely if row[8] is not None]
    scenarios: dict[str, list[float]] = {}
    for row in scored:
        scenarios.setdefault(row[3], []).append(row[8])
    means = [fmean(scores) for scores in scenarios.values()]
    return {
        "planned_count": len(rows),
        "answered_count": sum(row[4] == "answered" for row in rows),
        "failed_count": sum(row[4] == "failed" for row in rows),
        "scored_count": len(scored),
        "scenario_count": len(scenarios),
        "score_mean": pytest.approx(fmean(means)) if means else None,
        "score_sd": pytest.approx(stdev(means)) if len(means) > 1 else None,
        "latency_p50_ms": median_low(row[6] for row in timely) if timely else None,
        "cost_usd": sum(row[7] or 0 for row in rows) if any(row[4] for row in rows) else None,
    }


def rows_of_target(warehouse: Warehouse, mart: str, order: str) -> list[dict[str, Any]]:
    query = f"select * from marts.{mart} where target_id = 'sim-2' and family in ('all', 'family-1') order by {order}"
    with warehouse.database.connect() as connection, connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        return cursor.execute(query.encode()).fetchall()


def of_family(calls: list[Row], family: str) -> list[Row]:
    return [row for row in calls if row[0] == "sim-2" and family in {"all", row[1]}]


def assert_measures(row: dict[str, Any], calls: list[Row]) -> None:
    expected = measures_of(calls)
    assert {name: row[name] for name in expected} == expected


def test_every_hour_of_every_series_is_a_row_with_the_measures_of_its_calls(
    published: Warehouse, calls: list[Row]
) -> None:
    rows = rows_of_target(published, "fct_scores_hourly", "family, benchmark_hour")
    assert len(rows) == 2 * 14 * 24
    by_hour: dict[tuple[str, datetime], list[Row]] = {}
    for family in ("all", "family-1"):
        for call in of_family(calls, family):
            by_hour.setdefault((family, call[2]), []).append(call)
    for row in rows:
        assert_measures(row, by_hour[row["family"], row["benchmark_hour"]])


def test_every_day_has_the_measures_of_its_calls(published: Warehouse, calls: list[Row]) -> None:
    rows = rows_of_target(published, "fct_scores_daily", "family, score_date")
    assert len(rows) == 2 * 14
    for row in rows:
        of_day = [call for call in of_family(calls, row["family"]) if call[2].date() == row["score_date"]]
        assert_measures(row, of_day)
        assert row["planned_hour_count"] == 24
        assert row["measured_hour_count"] == len({call[2] for call in of_day if call[8] is not None and not call[5]})


def test_every_week_has_the_sums_of_its_calls_and_the_mean_over_its_scenarios(
    published: Warehouse, calls: list[Row]
) -> None:
    rows = rows_of_target(published, "fct_scores_weekly", "family, score_week")
    assert [row["score_week"].isoformat() for row in rows] == 2 * ["2026-10-26", "2026-11-02", "2026-11-09"]
    for row in rows:
        of_week = [
            call
            for call in of_family(calls, row["family"])
            if row["score_week"] <= call[2].date() < row["score_week"] + timedelta(days=7)
        ]
        expected = measures_of(of_week)
        shown = ("planned_count", "answered_count", "scored_count", "scenario_count", "score_mean", "score_sd")
        assert {name: row[name] for name in shown} == {name: expected[name] for name in shown}
        assert row["planned_hour_count"] == len({call[2] for call in of_week})
        assert (row["status"], row["reason"]) == ("measured", None)


def test_a_standing_has_the_measures_of_its_window(published: Warehouse, calls: list[Row]) -> None:
    rows = rows_of_target(published, "fct_leaderboard", "family, window_name")
    assert {row["window_name"] for row in rows} == {"24h", "7d", "30d", "90d"}
    for row in rows:
        within = [
            call for call in of_family(calls, row["family"]) if row["window_start"] <= call[2] < row["window_end"]
        ]
        timely = [call for call in within if call[4] is not None and not call[5]]
        expected = measures_of(within)
        for name in ("scored_count", "scenario_count", "score_mean", "score_sd", "latency_p50_ms"):
            assert row[name] == expected[name]
        assert row["window_end"] == STOP
        assert row["error_rate"] == pytest.approx(fmean(call[4] == "failed" for call in timely))
        latencies = sorted(call[6] for call in timely if call[4] == "answered")
        assert row["latency_p95_ms"] == latencies[ceil(0.95 * len(latencies)) - 1]
        costs = [call[7] for call in timely if call[4] == "answered"]
        assert float(row["cost_per_task_usd"]) == pytest.approx(float(fmean(costs)))
        assert row["is_preliminary"] == (row["family"] != "all")


def bounds(row: dict[str, Any], name: str) -> Any:
    ends = row[f"{name}_ci95_lower"], row[f"{name}_ci95_upper"]
    return tuple(None if end is None else pytest.approx(end, rel=1e-5, abs=1e-9) for end in ends)


def test_what_is_told_of_a_standings_calls_has_its_count_and_an_interval_with_days_as_clusters(
    published: Warehouse, calls: list[Row]
) -> None:
    rows = rows_of_target(published, "fct_leaderboard", "family, window_name")
    for row in rows:
        days: dict[date, list[Row]] = {}
        for call in of_family(calls, row["family"]):
            if row["window_start"] <= call[2] < row["window_end"] and call[4] in {"answered", "failed"} and not call[5]:
                days.setdefault(call[2].date(), []).append(call)
        asked = [len(of_day) for of_day in days.values()]
        answers = [[call for call in of_day if call[4] == "answered"] for of_day in days.values()]
        times = [[call[6] for call in of_day] for of_day in answers]
        answered = [len(of_day) for of_day in answers]
        costs = [float(sum(call[7] for call in of_day)) for of_day in answers]
        failed = [all_of - found for all_of, found in zip(asked, answered, strict=True)]
        assert (row["asked_count"], row["response_count"]) == (sum(asked), sum(answered))
        assert row["priced_count"] == row["streamed_count"] == sum(answered)
        assert share_bounds(failed, asked) == bounds(row, "error_rate")
        assert ratio_bounds(costs, answered) == bounds(row, "cost_per_task")
        assert percentile_bounds(times, 0.5, is_median=True) == bounds(row, "latency_p50")
        assert percentile_bounds(times, 0.95) == bounds(row, "latency_p95")
    assert {row["window_name"] for row in rows if row["latency_p95_ci95_upper"] is not None} == {"7d", "30d", "90d"}
    assert all(row["time_to_first_token_p50_ci95_lower"] for row in rows if row["window_name"] != "24h")


def test_the_percentiles_of_a_week_are_those_of_all_its_answers(published: Warehouse, calls: list[Row]) -> None:
    rows = rows_of_target(published, "fct_latency_weekly", "family, latency_week")
    assert [row["latency_week"].isoformat() for row in rows] == 2 * ["2026-10-26", "2026-11-02", "2026-11-09"]
    for row in rows:
        times = sorted(
            call[6]
            for call in of_family(calls, row["family"])
            if row["latency_week"] <= call[2].date() < row["latency_week"] + timedelta(days=7)
            and call[4] == "answered"
            and not call[5]
        )
        assert row["answered_count"] == len(times)
        for percent in (50, 90, 95, 99):
            assert row[f"latency_p{percent}_ms"] == times[ceil(percent * len(times) / 100) - 1]


def test_the_centre_of_every_interval_is_the_mean_that_is_shown(published: Warehouse) -> None:
    shown = "score_ci95_lower is not null and abs((score_ci95_lower + score_ci95_upper) / 2 - score_mean) > 1e-9"
    for mart in ("fct_scores_hourly", "fct_scores_daily", "fct_scores_weekly", "fct_leaderboard"):
        assert published.rows(f"select * from marts.{mart} where {shown}") == []
    ((intervals,),) = published.rows("select count(score_ci95_lower) from marts.fct_scores_hourly where family = 'all'")
    assert intervals > 0.95 * 6 * 14 * 24


def window_scores(calls: list[Row], days: int) -> dict[str, dict[str, list[float]]]:
    """Target to scenario to the timely scores of the last days."""
    scores: dict[str, dict[str, list[float]]] = {}
    for call in calls:
        if call[2] >= STOP - timedelta(days=days) and call[4] == "answered" and not call[5] and call[8] is not None:
            scores.setdefault(call[0], {}).setdefault(call[3], []).append(float(call[8]))
    return scores


def test_every_two_targets_are_compared_on_the_scenarios_of_their_window(
    published: Warehouse, calls: list[Row]
) -> None:
    means = {
        target: {scenario: fmean(scores) for scenario, scores in scenarios.items()}
        for target, scenarios in window_scores(calls, 7).items()
    }
    expected = {(pair.first, pair.second): pair for pair in all_pairs(means)}
    query = """
        select target_id, other_target_id, score_difference, score_difference_ci95_lower, p_value, holm_p_value,
            scenario_count, compared_count, is_simulated
        from marts.fct_pairwise where window_name = '7d' and family = 'all'
    """
    rows = published.rows(query)
    assert {row[:2] for row in rows} == set(expected)
    assert len(rows) == 6 * 5 / 2
    for first, second, *values in rows:
        pair = expected[first, second]
        found = pair.difference
        assert values[:4] == pytest.approx([found.mean, found.lower, found.p_value, pair.holm_p_value])
        assert values[4:] == [12, 15, True]


def test_a_standing_has_its_rank_range_and_both_readings_of_its_interval(published: Warehouse) -> None:
    rows = rows_of_target(published, "fct_leaderboard", "family, window_name")
    suite = {row["window_name"]: row for row in rows if row["family"] == "all"}
    for row in suite.values():
        assert 1 <= row["rank_ci95_lower"] <= row["rank_ci95_upper"] <= row["ranked_count"] == 6
    assert suite["24h"]["score_suite_ci95_lower"] is None
    week = suite["7d"]
    assert week["score_ci95_lower"] < week["score_suite_ci95_lower"] < week["score_mean"]
    assert week["score_mean"] * 2 == pytest.approx(week["score_suite_ci95_lower"] + week["score_suite_ci95_upper"])
    assert {row["rank_ci95_lower"] for row in rows if row["family"] != "all"} == {None}


def test_pass_rates_count_full_scores_of_every_scenario(published: Warehouse, calls: list[Row]) -> None:
    query = """
        select target_id, attempt_count, pass_at_k_rate, pass_hat_k_rate, scenario_count
        from marts.fct_pass_rates where window_name = '7d' and family = 'all'
    """
    rates = {row[:2]: row[2:] for row in published.rows(query)}
    scores = window_scores(calls, 7)
    assert set(rates) == {(target, k) for target in scores for k in (1, 3, 5, 10)}
    for target, scenarios in scores.items():
        attempts = [(len(values), values.count(10.0)) for values in scenarios.values()]
        for k in (1, 10):
            expected = (pass_at_k_interval(attempts, k).share, pass_hat_k_interval(attempts, k).share, 12)
            assert rates[target, k] == pytest.approx(expected)
    assert any(0 < once < 1 for once, _, _ in rates.values())


def test_a_move_is_the_paired_difference_of_two_weeks(published: Warehouse, calls: list[Row]) -> None:
    moves = {row[0]: row[1:] for row in published.rows(MOVES)}
    weeks = window_scores(calls, 7), window_scores([call for call in calls if call[2] < STOP - timedelta(days=7)], 14)
    assert set(moves) == set(weeks[0])
    for target, (change, lower, upper, p_value, count) in moves.items():
        now, before = ({name: fmean(scores) for name, scores in week[target].items()} for week in weeks)
        expected = paired_difference(now, before)
        assert expected is not None
        assert (change, lower, upper, p_value) == pytest.approx(
            (expected.mean, expected.lower, expected.upper, expected.p_value)
        )
        assert count == 12


def test_evidence_is_the_newest_graded_answer_to_each_public_variant(published: Warehouse) -> None:
    rows = published.rows("select target_id, scenario_id, benchmark_hour, score from marts.fct_public_evidence")
    expected = published.rows(NEWEST_ANSWERS)
    assert sorted(rows, key=repr) == sorted(expected, key=repr)
    assert len(rows) == 6 * 12


def test_a_projection_rests_on_the_whole_days_and_holds_their_mean(published: Warehouse) -> None:
    rows = published.rows("select * from marts.fct_cost_projections where family = 'all' and horizon_day_count = 30")
    costs = dict(
        published.rows("""
            select target_id, sum(cost_usd) / sum(answered_count)
            from marts.fct_costs_daily where family = 'all' group by target_id
        """)
    )
    assert len(rows) == 6
    told = published.rows("select distinct suite_versions from marts.fct_cost_projections")
    assert told == published.rows("select distinct suite || ':' || suite_version from marts.fct_leaderboard")
    for target_id, _, _, first, last, day_count, _, cost, lower, upper, *_ in rows:
        assert (first, last, day_count) == (START.date(), STOP.date() - timedelta(days=1), 14)
        assert lower < cost < upper
        assert float(cost) == pytest.approx(float(costs[target_id]), rel=0.01)


def test_days_before_a_change_of_price_say_nothing_of_what_a_task_will_cost(published: Warehouse) -> None:
    changes = [("doubled", STOP - timedelta(days=4, hours=12), 2), ("to come", STOP + timedelta(hours=1), 3)]
    with published.database.connect() as connection, connection.transaction(force_rollback=True):
        for name, valid_from, factor in changes:
            connection.execute(PRICE_OF_FIRST, {"name": name, "valid_from": valid_from, "factor": factor})
        days = read_daily_costs(connection, STOP.date() - timedelta(days=1))
    first = dict(days.group_by("target_id").agg(pl.col("cost_date").min()).iter_rows())
    changed = {target for target, day in first.items() if day != START.date()}
    assert len(first) == 6
    assert {first[target] for target in changed} == {STOP.date() - timedelta(days=4)}
    assert changed == {"sim-1"}


def test_reasons_say_why_an_hour_was_not_measured(published: Warehouse) -> None:
    reasons = dict(published.rows("select distinct reason, status from marts.fct_scores_hourly"))
    assert reasons == {
        None: "measured", "late": "late", "timeout": "missing", "not_scored": "missing", "not_answered": "missing",
    }  # fmt: skip


def test_the_api_reads_marts_and_nothing_else(published: Warehouse) -> None:
    with published.database.connect("aibaas_api") as connection:
        for mart in ("dim_targets", "dim_scenarios", "fct_scores_hourly", "fct_scores_daily", "fct_leaderboard"):
            assert connection.execute(f"select count(*) > 0 from marts.{mart}".encode()).fetchone() == (True,)
    for hidden in ("intermediate.int_calls_resolved", "staging.stg_scoring__scores", "raw.scores"):
        with (
            published.database.connect("aibaas_api") as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(f"select 1 from {hidden}".encode())


@pytest.mark.parametrize(
    "query",
    [
        """
        select * from marts.fct_pairwise
        where window_name = '7d' and family = 'all' and target_id = 'sim-1' and other_target_id = 'sim-2'
        """,
        "select * from marts.fct_scores_weekly where target_id = 'sim-2' and family = 'all' order by score_week",
        "select * from marts.fct_leaderboard where window_name = '7d' and family = 'all'",
        """
        select * from marts.fct_pass_rates
        where window_name = '7d' and family = 'all' and target_id = 'sim-1' and attempt_count = 3
        """,
        "select * from marts.fct_score_moves where suite = 'canary' and suite_version = 1 and family = 'all'",
        "select * from marts.fct_public_evidence where scenario_id = 'family-1/task-2' and scenario_version = 1",
        "select * from marts.fct_cost_projections where horizon_day_count = 30 and family = 'all'",
        "select * from marts.dim_suites where scenario_id = 'family-1/task-2'",
        """
        select * from marts.fct_scores_hourly
        where target_id = 'sim-2' and family = 'all' and benchmark_hour >= '2026-11-10Z' order by benchmark_hour
        """,
        "select * from marts.fct_scores_daily where target_id = 'sim-2' and family = 'all' order by score_date",
    ],
)
def test_the_queries_of_the_api_have_an_index(published: Warehouse, query: str) -> None:
    with published.database.connect() as connection:
        connection.execute("set local enable_seqscan = off")
        plan = "\n".join(str(row[0]) for row in connection.execute(f"explain {query}".encode()).fetchall())
    assert "Index" in plan
    assert "Seq Scan" not in plan


def test_a_price_that_is_valid_now_stands_with_its_target(published: Warehouse) -> None:
    query = """
        select input_usd_per_mtok::int, first_answered_at >= %s and last_answered_at < %s
        from marts.dim_targets where target_id = 'sim-2'
    """
    with published.database.connect() as connection:
        assert connection.execute(query, (START, STOP + timedelta(hours=4))).fetchall() == [(2, True)]


def test_every_column_of_every_model_is_described(published: Warehouse) -> None:
    query = """
        select table_schema, table_name, column_name from information_schema.columns
        where table_schema in ('staging', 'intermediate', 'marts')
    """
    described = {
        (file.relative_to(MODELS_DIR).parts[0], model["name"], column["name"])
        for file in MODELS_DIR.rglob("_*__models.yml")
        for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]
        for column in model["columns"]
    }
    assert set(published.rows(query)) == described


def test_sources_that_stand_still_are_told(published: Warehouse) -> None:
    with pytest.raises(AssertionError) as failure:
        published.dbt("source", "freshness", "--select", "source:collection", "source:scoring")
    assert "stale" in str(failure.value).lower() or "freshness" in str(failure.value).lower()


def test_the_unit_tests_of_the_models_pass_also_with_touched_hours(published: Warehouse) -> None:
    published.dbt("test", "--select", "test_type:unit")
    hours = ["--event-time-start", "2026-11-01", "--event-time-end", "2026-11-02"]
    published.dbt("build", "--select", "test_type:unit", *hours)


def test_half_a_range_of_touched_hours_is_refused(published: Warehouse) -> None:
    with pytest.raises(AssertionError, match="event-time"):
        published.dbt("build", "--selector", "resolved", "--event-time-start", "2026-11-01")


def test_a_call_of_an_unknown_target_fails_by_name_and_leaves_the_marts(published: Warehouse) -> None:
    before = published.tables()
    rename = "update raw.planned_calls set target_id = %(new)s where benchmark_hour = %(hour)s and target_id = %(old)s"
    published.change(rename, {"hour": START, "old": "sim-1", "new": "sim-nobody"})
    touched = (START, START + timedelta(hours=1))
    try:
        with pytest.raises(AssertionError, match="calls_ask_a_known_target"):
            published.build("resolved", touched=touched)
    finally:
        published.change(rename, {"hour": START, "old": "sim-nobody", "new": "sim-1"})
    marts = {name: rows for name, rows in published.tables().items() if name.startswith("marts.")}
    assert marts == {name: before[name] for name in marts}


def test_planned_calls_are_answered_or_have_a_reason(published: Warehouse, calls: list[Row]) -> None:
    counted = published.rows(
        "select target_id, benchmark_hour, outcome, sum(call_count), sum(scored_count)"
        " from marts.fct_coverage group by 1, 2, 3"
    )
    expected: Counter[tuple[str, datetime, str]] = Counter()
    scored: Counter[tuple[str, datetime, str]] = Counter()
    for target, _, hour, _, status, is_late, _, _, score, _ in calls:
        outcome = "missing" if status != "answered" else "late" if is_late else "answered"
        expected[target, hour, outcome] += 1
        scored[target, hour, outcome] += score is not None and outcome == "answered"
    assert {(target, hour, outcome): count for target, hour, outcome, count, _ in counted} == expected
    assert {row[:3]: row[4] for row in counted} == scored
    reasons = published.rows(
        "select reason, sum(call_count) from marts.fct_coverage where outcome = 'missing' group by 1"
    )
    assert {reason for reason, _ in reasons} >= {call[9] for call in calls if call[9] and not call[5]}


def test_a_day_costs_what_its_calls_cost(published: Warehouse, calls: list[Row]) -> None:
    rows = published.rows(
        "select family, cost_date, cost_usd, answered_count, solved_count, cost_per_solved_task_usd"
        " from marts.fct_costs_daily where target_id = 'sim-2' and family in ('all', 'family-1')"
    )
    assert len(rows) == 2 * 14
    for family, date, cost, answered, solved, per_solved in rows:
        of_day = [call for call in of_family(calls, family) if call[2].date() == date]
        assert cost == sum(call[7] or 0 for call in of_day)
        assert answered == sum(call[4] == "answered" for call in of_day)
        assert solved == sum(call[8] == 10 for call in of_day)
        assert per_solved is None if not solved else float(per_solved) == pytest.approx(float(cost) / solved)
