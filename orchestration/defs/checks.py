"""Properties of the data that Dagster asserts after each run.

Not here: what dbt's tests assert; they appear as checks of their models.

A check blocks where wrong rows would flow on into scores and marts; the others warn of what the marts show themselves,
as a missing call, or of what no longer can be undone, as money that was spent.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.collection.budget import periods_of
from orchestration.defs.partitions import touched_hours
from orchestration.defs.resources import ArchiveResource, DatabaseResource, ProviderResource
from orchestration.storage.archive_verification import verify_hour
from orchestration.storage.coverage import read_coverage
from orchestration.storage.faulty_rows import (
    doubled_responses,
    planned_hours_of,
    scores_out_of_range,
    scores_without_answer,
    unplanned_responses,
)
from orchestration.storage.marts import newest_measured_hour
from orchestration.storage.reported_costs import read_reported_costs
from orchestration.storage.spending import targets_below_costs

RESPONSES, SCORES, INTERVALS = ["raw", "responses"], ["raw", "scores"], ["raw", "score_intervals"]
FRESH_FOR = timedelta(minutes=90)
"""From the start of an hour until its scores are published: the hour itself, and a run's time."""

NO_TIME = timedelta()


@dg.asset_check(
    asset=RESPONSES,
    description="Every planned call of the run's hours has a response or a failure with its reason.",
)
def responses_cover_plan(context: dg.AssetCheckExecutionContext, database: DatabaseResource) -> dg.AssetCheckResult:
    with database.connect() as connection:
        coverage = read_coverage(connection, touched_hours(context))
    return dg.AssetCheckResult(
        passed=coverage.missing_count == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"planned": coverage.planned_count, "missing": coverage.missing_count},
    )


@dg.asset_check(
    asset=RESPONSES,
    blocking=True,
    description="No attempt of a call stands twice, and no response answers what nobody planned.",
)
def responses_stand_once(context: dg.AssetCheckExecutionContext, database: DatabaseResource) -> dg.AssetCheckResult:
    hours = touched_hours(context)
    with database.connect() as connection:
        found = {
            "doubled": doubled_responses(connection, hours),
            "unplanned": unplanned_responses(connection, hours),
        }
    return _faultless(found)


@dg.asset_check(
    asset=RESPONSES,
    blocking=True,
    description="The archive and raw.responses hold the same attempts, with the same answers and costs.",
)
def archive_equals_responses(
    context: dg.AssetCheckExecutionContext, archive: ArchiveResource, database: DatabaseResource
) -> dg.AssetCheckResult:
    answers, hours = archive.open(), touched_hours(context)
    with database.connect() as connection:
        verified = [verify_hour(connection, answers, hour) for hour in planned_hours_of(connection, hours)]
    return _faultless({"faults": [str(fault) for found in verified for fault in found.faults]})


@dg.asset_check(
    asset=RESPONSES,
    description="What a host says that it charged is within 1% of what our price makes of the call.",
)
def reported_costs_agree(context: dg.AssetCheckExecutionContext, database: DatabaseResource) -> dg.AssetCheckResult:
    with database.connect() as connection:
        compared = read_reported_costs(connection, touched_hours(context))
    differing = [costs for costs in compared if costs.differing_count]
    return dg.AssetCheckResult(
        passed=not differing,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "compared": sum(costs.call_count for costs in compared),
            "differing": sum(costs.differing_count for costs in differing),
            "worst": {
                costs.target_id: f"{costs.differing_count} of {costs.call_count} calls, up to "
                f"{costs.worst_difference or 0:.1%}: {costs.cost_usd} USD here, {costs.reported_cost_usd} there"
                for costs in differing[:10]
            },
        },
    )


@dg.asset_check(
    asset=RESPONSES,
    description="No account holds more than its budget now, and none of this month less than its calls cost.",
)
def spending_keeps_budgets(database: DatabaseResource, provider: ProviderResource) -> dg.AssetCheckResult:
    now = datetime.now(UTC)
    with database.connect() as connection:
        exceeded = provider.exceeded_budgets(connection, now)
        short = targets_below_costs(connection, periods_of(now)["month"])
    return dg.AssetCheckResult(
        passed=not (exceeded or short),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"exceeded": exceeded, "below_costs": short},
    )


@dg.asset_check(
    asset=SCORES,
    blocking=True,
    description="A score is 0 to 10, or null with its reason, and is that of an answer.",
)
def scores_are_of_answers(context: dg.AssetCheckExecutionContext, database: DatabaseResource) -> dg.AssetCheckResult:
    hours = touched_hours(context)
    with database.connect() as connection:
        found = {
            "out_of_range": scores_out_of_range(connection, hours),
            "without_answer": scores_without_answer(connection, hours),
        }
    return _faultless(found)


@dg.asset_check(
    asset=INTERVALS,
    description="The newest measured hour began at most 90 minutes ago, and not in the future.",
)
def measurements_are_fresh(database: DatabaseResource) -> dg.AssetCheckResult:
    with database.connect() as connection:
        newest = newest_measured_hour(connection)
    age = None if newest is None else datetime.now(UTC) - newest
    return dg.AssetCheckResult(
        passed=age is not None and NO_TIME <= age <= FRESH_FOR,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "newest_hour": "nothing was measured yet" if newest is None else newest.isoformat(),
            "age_minutes": "unknown" if age is None else round(age.total_seconds() / 60),
        },
    )


def _faultless(found: Mapping[str, Sequence[str]]) -> dg.AssetCheckResult:
    """Passed when nothing was found; what was found is told, and stops what builds upon it."""
    return dg.AssetCheckResult(
        passed=not any(found.values()),
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={name: list(rows) for name, rows in found.items()},
    )


CHECKS = [
    responses_cover_plan,
    responses_stand_once,
    archive_equals_responses,
    reported_costs_agree,
    spending_keeps_budgets,
    scores_are_of_answers,
    measurements_are_fresh,
]
