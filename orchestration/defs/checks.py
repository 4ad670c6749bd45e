"""Properties of the data that Dagster asserts after each run.

Not here: what dbt's tests assert; they appear as checks of their models.
"""

import dagster as dg

from orchestration.defs.partitions import touched_hours
from orchestration.defs.resources import DatabaseResource
from orchestration.storage.coverage import read_coverage
from orchestration.storage.reported_costs import read_reported_costs


@dg.asset_check(
    asset=["raw", "responses"],
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
    asset=["raw", "responses"],
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
