"""Properties of the data that Dagster asserts after each run.

Not here: what dbt's tests assert; they appear as checks of their models.
"""

import dagster as dg

from orchestration.defs.partitions import touched_hours
from orchestration.defs.resources import DatabaseResource
from orchestration.storage.coverage import read_coverage


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
