"""What the answers of an hour are worth."""

from functools import partial
from typing import Any

import dagster as dg

from orchestration.defs.assets.collection import responses
from orchestration.defs.partitions import benchmark_hours, hours_of, single_run
from orchestration.defs.resources import (
    ArchiveResource,
    CatalogueResource,
    DatabaseResource,
    ProgressResource,
    ProviderResource,
    RerunResource,
    SandboxResource,
)
from orchestration.scoring.grade_hours import Grader


@dg.asset(
    key=["raw", "scores"],
    group_name="scoring",
    deps=[responses],
    partitions_def=benchmark_hours,
    backfill_policy=single_run,
    pool="grading",
    kinds={"python", "postgres"},
)
def scores(
    context: dg.AssetExecutionContext,
    catalogue: CatalogueResource,
    provider: ProviderResource,
    rerun: RerunResource,
    archive: ArchiveResource,
    sandbox: SandboxResource,
    database: DatabaseResource,
    progress: ProgressResource,
) -> dg.MaterializeResult[Any]:
    """One row per answer, scorer version and grading: 0-10 with its checks, or null with a reason. Makes no call."""
    hours, loaded = hours_of(context), catalogue.load()
    wanted = rerun.selection(provider.targets(), loaded)
    with sandbox.open() as cells, database.connect() as connection:
        grader = Grader(archive.open(), loaded.variant, cells, wanted)
        summary = grader.grade_hours(connection, hours, partial(progress.report, "grading"))
    return dg.MaterializeResult(
        metadata={
            "graded_now": summary.graded_count,
            "without_score": summary.null_count,
            "outcomes": dict(summary.outcomes),
        }
    )
