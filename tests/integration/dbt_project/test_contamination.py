"""Whether a target that knows the published variants better than fresh ones is told from one that does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from orchestration.stats.intervals import stratified_interval

if TYPE_CHECKING:
    from conftest import Warehouse

START = datetime(2026, 11, 1, tzinfo=UTC)
STOP = START + timedelta(hours=24)

MEMORISED = """
update raw.planned_calls set variant_seed = 3 where extract(hour from benchmark_hour at time zone 'UTC')::int %% 2 = 1;
update raw.responses set variant_seed = 3 where extract(hour from benchmark_hour at time zone 'UTC')::int %% 2 = 1;
update raw.scores
set
    score = case
        when r.target_id = 'sim-1' and r.variant_seed = 0 then 9
        when r.target_id = 'sim-1' then 4 + length(r.scenario_id) %% 2 + right(r.scenario_id, 1)::int / 4.0
        else 6 + right(r.scenario_id, 1)::int %% 2 * (case when r.variant_seed = 0 then 0.2 else -0.2 end)
    end,
    reference_overlap = case when r.target_id = 'sim-3' and r.variant_seed = 0 then 0.8 else 0.1 end,
    has_canary = r.target_id = 'sim-3'
from raw.responses as r
where r.benchmark_hour = scores.benchmark_hour and r.call_id = scores.call_id and scores.score is not null;
update raw.targets set training_cutoff = '2024-06-30' where target_id = 'sim-2';
"""
FLAGS = """
select target_id, is_flagged, reasons, scenario_count, scenarios_before_cutoff_count
from marts.fct_contamination where family = 'all' and window_name = '30d' order by target_id
"""


@pytest.fixture(scope="module")
def published(warehouse: Warehouse) -> Warehouse:
    warehouse.draw_history(START, STOP, targets=3, scenarios=8)
    warehouse.change(MEMORISED, {})
    warehouse.publish()
    return warehouse


def test_who_knows_the_public_variants_or_tells_their_files_is_flagged_with_the_reason(
    published: Warehouse,
) -> None:
    assert published.rows(FLAGS) == [
        ("sim-1", True, ["public_scores_higher"], 8, 0),
        ("sim-2", False, [], 8, 8),
        ("sim-3", True, ["reference_told", "canary_told"], 8, 0),
    ]


def test_the_gap_is_paired_by_scenario_and_stratified_by_family(published: Warehouse) -> None:
    families: dict[str, list[float]] = {}
    for number in range(8):
        scenario = f"family-{number // 2}/task-{number}"
        families.setdefault(scenario.partition("/")[0], []).append(9 - (4 + len(scenario) % 2 + number / 4))
    expected = stratified_interval(families)
    ((mean, lower, upper, method),) = published.rows(
        "select gap_mean, gap_ci95_lower, gap_ci95_upper, interval_method from marts.fct_contamination"
        " where target_id = 'sim-1' and family = 'all' and window_name = '90d'"
    )
    assert (mean, lower, upper) == pytest.approx((expected.mean, expected.lower, expected.upper))
    assert method == expected.method


def test_a_suite_without_fresh_variants_has_no_row(published: Warehouse) -> None:
    published.change("update raw.planned_calls set variant_seed = 0", {})
    published.publish()
    assert published.rows("select count(*) from marts.fct_contamination") == [(0,)]
