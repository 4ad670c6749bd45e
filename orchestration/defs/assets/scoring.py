"""What the answers of an hour are worth."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import dagster as dg

from orchestration.collection.shares import is_in_share, share_names
from orchestration.defs.assets.collection import responses
from orchestration.defs.partitions import benchmark_hours, hours_of, single_run
from orchestration.defs.places import GRADING
from orchestration.defs.resources import (
    ArchiveResource,
    CatalogueResource,
    DatabaseResource,
    ProgressResource,
    ProviderResource,
    RerunResource,
    SandboxResource,
)
from orchestration.defs.shares import is_split, share_of_step, summed_metadata
from orchestration.records import Selection
from orchestration.scoring.grade_hours import Grader
from orchestration.storage.read_back import planned_targets


@dg.op(
    ins={"responses": dg.In(dg.Nothing)},
    out=dg.DynamicOut(dg.Nothing),
    description="Cuts the answers of the hours into shares: each target alone for workers, all in one process.",
)
def score_shares(context: dg.OpExecutionContext, database: DatabaseResource) -> Iterator[dg.DynamicOutput[None]]:
    with database.connect() as connection:
        targets = planned_targets(connection, hours_of(context))
    for share in share_names(targets, is_split=is_split()):
        yield dg.DynamicOutput(None, mapping_key=share)


@dg.op(
    ins={"share": dg.In(dg.Nothing)},
    out=dg.Out(dg.Nothing),
    pool=None if is_split() else GRADING,
    description="Grades the answers of a share. A machine grades as much at once as it has workers.",
)
def grade_share(
    context: dg.OpExecutionContext,
    catalogue: CatalogueResource,
    provider: ProviderResource,
    rerun: RerunResource,
    archive: ArchiveResource,
    sandbox: SandboxResource,
    database: DatabaseResource,
    progress: ProgressResource,
) -> None:
    hours, share, loaded = hours_of(context), share_of_step(context), catalogue.load()
    wanted = rerun.selection(provider.targets(), loaded)
    with database.connect() as connection:
        planned = planned_targets(connection, hours)
    targets = [target for target in planned if is_in_share(target, share) and wanted.includes_target(target)]
    part = Selection(frozenset(targets), wanted.scenario_ids)
    with sandbox.open() as cells, database.turns("grading", targets), database.connect() as connection:
        grader = Grader(archive.open(), loaded.variant, cells, part)
        summary = grader.grade_hours(connection, hours if targets else (), partial(progress.report, "grading"))
    context.add_output_metadata(
        {
            "graded_now": summary.graded_count,
            "without_score": summary.null_count,
            "outcomes": dict(summary.outcomes),
        }
    )


@dg.op(
    ins={"shares": dg.In(dg.Nothing)},
    out=dg.Out(dg.Nothing),
    description="Says what the grading of all shares came to.",
)
def sum_up_scores(context: dg.OpExecutionContext) -> None:
    context.add_output_metadata(summed_metadata(context, grade_share))


@dg.graph_asset(
    key=["raw", "scores"],
    group_name="scoring",
    ins={"responses": dg.AssetIn(responses.key, dagster_type=dg.Nothing)},
    partitions_def=benchmark_hours,
    backfill_policy=single_run,
    kinds={"python", "postgres"},
)
def scores(responses: Any) -> Any:
    """One row per answer, scorer version and grading: 0-10 with its checks, or null with a reason. Makes no call."""
    return sum_up_scores(shares=score_shares(responses=responses).map(grade_share).collect())
