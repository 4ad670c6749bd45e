"""The records, the tables of schema raw and the lists of columns that we copy agree.

Not here: what the columns mean to dbt.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from orchestration import records
from orchestration.stats import comparisons, contamination, task_costs
from orchestration.storage import archived_responses, comparison_rows, raw_tables
from orchestration.storage.alert_rows import (
    ALERT_TABLES,
    AlertDelivery,
    AlertEvent,
    AlertFeedback,
    AlertNotice,
    InAppMessage,
    SubscriptionStop,
)
from orchestration.storage.anomaly_rows import DETECTION_TABLES, Anomaly, DetectionState, WatchedStream
from orchestration.storage.baseline_rows import LAUNCH_BASELINES, BaselineRow
from orchestration.storage.confirmation_rows import CONFIRMATIONS, ConfirmationRow
from orchestration.storage.operation_rows import BUDGETS, RUNS, SeenRun, StatedBudget
from orchestration.storage.projection_rows import COST_PROJECTIONS
from orchestration.storage.published_events import PUBLISHED_EVENTS, PublishedEvent
from orchestration.storage.raw_tables import TABLES as DATA_TABLES
from orchestration.storage.raw_tables import ScoreInterval, Spending, VariantGap
from orchestration.storage.report_rows import REPORTS, Report

if TYPE_CHECKING:
    from orchestration.storage.bulk_insert import RawTable
    from orchestration.storage.database import Database

TABLES = (
    *DATA_TABLES,
    *DETECTION_TABLES,
    CONFIRMATIONS,
    LAUNCH_BASELINES,
    *ALERT_TABLES,
    REPORTS,
    BUDGETS,
    RUNS,
    COST_PROJECTIONS,
    PUBLISHED_EVENTS,
    *comparison_rows.TABLES,
)
USAGE = {field.name for field in fields(records.TokenUsage)}
STORED_BY = {"recorded_at", "row_number"}
RECORDS: dict[str, set[str]] = {
    "targets": {field.name for field in fields(records.TargetRow)},
    "scenarios": {field.name for field in fields(records.ScenarioRow)},
    "suites": {field.name for field in fields(records.SuiteRow)},
    "prices": {field.name for field in fields(records.PriceRow)},
    "listed_models": {field.name for field in fields(records.ModelSighting)},
    "enrolments": {field.name for field in fields(records.Enrolment)},
    "changes": {field.name for field in fields(records.Change)},
    "planned_calls": {field.name for field in fields(records.PlannedCall)},
    "responses": {field.name for field in fields(records.Response)} - {"answer", "usage", "gone"}
    | USAGE
    | {"is_late", "answer_sha256", "answer_bytes", "archive_file", "run_id"},
    "checks": {"checks_id", "checks"},
    "scores": {field.name for field in fields(records.Score)} - {"checks"} | {"checks_id"},
    "score_intervals": {field.name for field in fields(ScoreInterval)},
    "paired_differences": set(comparisons.PAIRS),
    "standings": set(comparisons.STANDINGS),
    "pass_rates": set(comparisons.PASS_RATES),
    "cutoff_gaps": set(contamination.CUTOFF_GAPS),
    "score_moves": set(comparisons.MOVES),
    "cost_projections": set(task_costs.PROJECTIONS),
    "reports": {field.name for field in fields(Report)},
    "budgets": {field.name for field in fields(StatedBudget)},
    "runs": {field.name for field in fields(SeenRun)},
    "published_events": {field.name for field in fields(PublishedEvent)},
    "spending": {field.name for field in fields(Spending)},
    "anomalies": {field.name for field in fields(Anomaly)},
    "watched_streams": {field.name for field in fields(WatchedStream)},
    "detection_states": {field.name for field in fields(DetectionState)},
    "confirmations": {field.name for field in fields(ConfirmationRow)},
    "launch_baselines": {field.name for field in fields(BaselineRow)},
    "alert_events": {field.name for field in fields(AlertEvent)},
    "alert_notices": {field.name for field in fields(AlertNotice)},
    "alert_deliveries": {field.name for field in fields(AlertDelivery)},
    "in_app_messages": {field.name for field in fields(InAppMessage)},
    "subscription_stops": {field.name for field in fields(SubscriptionStop)},
    "alert_feedback": {field.name for field in fields(AlertFeedback)},
    "variant_gaps": {field.name for field in fields(VariantGap)},
}


def table_columns(database: Database, table: str) -> set[str]:
    query = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'raw' AND table_name = %s"
    with database.connect() as connection:
        return {row[0] for row in connection.execute(query, (table,))}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_is_copied_is_what_the_record_holds(table: RawTable[object]) -> None:
    assert len(table.columns) == len(set(table.columns))
    assert set(table.columns) == RECORDS[table.name]


def test_every_table_has_the_columns_that_are_copied_and_the_time_of_recording(database: Database) -> None:
    for table in TABLES:
        columns = table_columns(database, table.name)
        assert columns - STORED_BY == set(table.columns) - STORED_BY, table.name


def test_no_table_of_the_schema_is_unknown_to_the_program(database: Database) -> None:
    with database.connect() as connection:
        query = """
            SELECT relname FROM pg_class
            WHERE relnamespace = 'raw'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        """
        found = connection.execute(query).fetchall()
    assert {row[0] for row in found} == {table.name for table in TABLES} | {"alembic_version"}


def test_the_archive_keeps_every_field_of_a_response() -> None:
    response = {field.name for field in fields(records.Response)} - {"usage", "gone"} | USAGE
    assert set(archived_responses.NAMES) == response | {"answer_sha256", "answer_bytes"}


def test_a_stored_grade_holds_only_what_a_score_holds() -> None:
    assert {field.name for field in fields(raw_tables.StoredGrade)} <= RECORDS["scores"] | RECORDS["checks"]
