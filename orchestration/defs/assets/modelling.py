"""From raw rows to marts: dbt before and after the one step that SQL does not do well."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from pydantic import Field

from orchestration.defs.dbt_translator import ModelTranslator, build_directory
from orchestration.defs.partitions import touched_hours
from orchestration.defs.places import WAREHOUSE
from orchestration.defs.resources import DatabaseResource
from orchestration.settings import OperatorError
from orchestration.stats.comparisons import move_table, pair_table, pass_rate_table, standing_table
from orchestration.stats.contamination import cutoff_gap_table, variant_gap_table
from orchestration.stats.intervals import interval_table
from orchestration.stats.task_costs import projection_table
from orchestration.storage.comparison_rows import (
    CUTOFF_GAPS,
    PAIRED_DIFFERENCES,
    PASS_RATES,
    SCORE_MOVES,
    STANDINGS,
    read_public_scores,
    read_window_days,
    replace_rows,
)
from orchestration.storage.interval_rows import read_gaps, read_scenario_means, replace_gaps, replace_intervals
from orchestration.storage.measurement_retention import first_hour_only_in_marts
from orchestration.storage.projection_rows import (
    last_whole_day,
    projected_until,
    read_daily_costs,
    replace_projections,
)
from orchestration.storage.published_events import record_published

COMPARISONS = {
    PAIRED_DIFFERENCES: (
        pair_table,
        "One row per window, family and two comparable targets: their difference, paired.",
    ),
    STANDINGS: (
        standing_table,
        "One row per window, family and target: its rank range, its mean on exactly these tasks.",
    ),
    PASS_RATES: (
        pass_rate_table,
        "One row per window, family, target and k: how often one, or each, of k attempts solves.",
    ),
    SCORE_MOVES: (
        move_table,
        "One row per family and target: how far its mean of seven days moved from that of the seven before.",
    ),
}
"""Tables of the comparisons in a window, with what computes them."""


class BuildConfig(dg.Config):
    """How dbt builds."""

    is_full_refresh: bool = Field(default=False, description="Make the tables anew, with the columns of this release.")


def build_arguments(context: dg.AssetExecutionContext, config: BuildConfig) -> list[str]:
    """`dbt build` over the touched hours of the run; over everything when the run names none."""
    build = ["build", "--exclude-resource-type", "unit_test"]
    if config.is_full_refresh:
        return [*build, "--full-refresh"]
    if (hours := touched_hours(context)) is None:
        return build
    first, end = (hour.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") for hour in hours)
    return [*build, "--event-time-start", first, "--event-time-end", end]


def built(
    context: dg.AssetExecutionContext, config: BuildConfig, dbt: DbtCliResource, database: DatabaseResource
) -> Iterator[Any]:
    """What dbt says of the models and tests of a step, as it builds them.

    Raises OperatorError when the tables are those of another release, and when to build all hours would lose some.
    """
    with database.turns("building", [WAREHOUSE]):
        if touched_hours(context) is None:
            refuse_to_lose_hours(database)
        try:
            yield from dbt.cli(
                build_arguments(context, config), context=context, target_path=build_directory()
            ).stream()
        except DagsterDbtCliRuntimeError as error:
            if "out of sync" not in str(error):
                raise
            raise OperatorError("the marts have other columns than this release: run ./aibaas rebuild") from None


def refuse_to_lose_hours(database: DatabaseResource) -> None:
    """Raises OperatorError when the marts have hours whose raw rows were dropped."""
    with database.connect() as connection:
        first = first_hour_only_in_marts(connection)
    if first is not None:
        raise OperatorError(
            f"the marts have hours from {first:%Y-%m-%dT%H} on whose raw rows were dropped "
            "(AIBAAS_MEASUREMENTS_KEPT_MONTHS): to build them all anew would lose them"
        )


@dg.asset(
    key=["raw", "cost_projections"],
    group_name="modelling",
    deps=[["intermediate", "int_calls_resolved"]],
    pool=WAREHOUSE,
    kinds={"python", "postgres"},
)
def cost_projections(context: dg.AssetExecutionContext, database: DatabaseResource) -> dg.MaterializeResult[Any]:
    """One row per target, family and horizon: what a task will cost. Rests on whole days: one computation a day."""
    with database.turns("building", [WAREHOUSE]), database.connect() as connection:
        last_day = last_whole_day(connection)
        if last_day is None or (touched_hours(context) and last_day == projected_until(connection)):
            return dg.MaterializeResult(metadata={"projections": "unchanged"})
        projections = projection_table(read_daily_costs(connection, last_day), datetime.now(UTC))
        replace_projections(connection, projections)
    return dg.MaterializeResult(metadata={"projections": projections.height})


def modelling_assets(project: DbtProject) -> list[dg.AssetsDefinition]:
    """The assets of the stage `modelling`, in the order in which they are built."""

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        selector="resolved",
        name="resolved_models",
        dagster_dbt_translator=ModelTranslator(),
        pool=WAREHOUSE,
    )
    def resolved_models(
        context: dg.AssetExecutionContext, config: BuildConfig, dbt: DbtCliResource, database: DatabaseResource
    ) -> Iterator[Any]:
        yield from built(context, config, dbt, database)

    @dg.asset(
        key=["raw", "score_intervals"],
        group_name="modelling",
        deps=[["intermediate", "int_scenario_period_scores"]],
        pool=WAREHOUSE,
        kinds={"python", "postgres"},
    )
    def score_intervals(context: dg.AssetExecutionContext, database: DatabaseResource) -> dg.MaterializeResult[Any]:
        """One row per period, target, suite version and family: mean score with its interval clustered by scenario."""
        with database.turns("building", [WAREHOUSE]), database.connect() as connection:
            touched = touched_hours(context)
            means = read_scenario_means(connection, touched)
            intervals = interval_table(means, datetime.now(UTC))
            replace_intervals(connection, intervals, touched)
        return dg.MaterializeResult(metadata={"scenario_means": means.height, "intervals": intervals.height})

    @dg.asset(
        key=["raw", "variant_gaps"],
        group_name="modelling",
        deps=[["intermediate", "int_variant_scores"]],
        pool=WAREHOUSE,
        kinds={"python", "postgres"},
    )
    def variant_gaps(database: DatabaseResource) -> dg.MaterializeResult[Any]:
        """One row per window, target, suite version and family: public minus fresh score, paired by scenario."""
        with database.turns("building", [WAREHOUSE]), database.connect() as connection:
            gaps = variant_gap_table(read_gaps(connection), datetime.now(UTC))
            replace_gaps(connection, gaps)
        return dg.MaterializeResult(metadata={"gaps": gaps.height})

    @dg.asset(
        key=["raw", CUTOFF_GAPS.name],
        group_name="modelling",
        deps=[["intermediate", "int_variant_scores"]],
        pool=WAREHOUSE,
        kinds={"python", "postgres"},
    )
    def cutoff_gaps(database: DatabaseResource) -> dg.MaterializeResult[Any]:
        """One row per window, family and target: older minus newer tasks, beside what other targets score on them."""
        with database.turns("building", [WAREHOUSE]), database.connect() as connection:
            gaps = cutoff_gap_table(read_public_scores(connection), datetime.now(UTC))
            replace_rows(connection, CUTOFF_GAPS, gaps)
        return dg.MaterializeResult(metadata={"gaps": gaps.height})

    @dg.multi_asset(
        name="comparisons",
        specs=[
            dg.AssetSpec(
                ["raw", table.name],
                group_name="modelling",
                deps=[["intermediate", "int_scenario_window_days"]],
                description=text,
                kinds={"python", "postgres"},
            )
            for table, (_, text) in COMPARISONS.items()
        ],
        pool=WAREHOUSE,
    )
    def comparisons(database: DatabaseResource) -> Iterator[dg.MaterializeResult[Any]]:
        with database.turns("building", [WAREHOUSE]), database.connect() as connection:
            days = read_window_days(connection)
            counts = {
                table.name: replace_rows(connection, table, computed(days, datetime.now(UTC)))
                for table, (computed, _) in COMPARISONS.items()
            }
        for name, count in counts.items():
            yield dg.MaterializeResult(["raw", name], metadata={"rows": count})

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        selector="published",
        name="published_models",
        dagster_dbt_translator=ModelTranslator(),
        pool=WAREHOUSE,
    )
    def published_models(
        context: dg.AssetExecutionContext, config: BuildConfig, dbt: DbtCliResource, database: DatabaseResource
    ) -> Iterator[Any]:
        yield from built(context, config, dbt, database)
        with database.connect() as connection:
            count = record_published(connection, touched_hours(context))
        context.log.info("%s events of what changed", count)

    return [
        resolved_models, score_intervals, variant_gaps, cutoff_gaps, comparisons, cost_projections, published_models
    ]  # fmt: skip
