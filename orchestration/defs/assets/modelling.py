"""From raw rows to marts: dbt before and after the one step that SQL does not do well."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets

from orchestration.defs.dbt_translator import ModelTranslator, build_directory
from orchestration.defs.partitions import touched_hours
from orchestration.defs.resources import DatabaseResource
from orchestration.stats.intervals import interval_table
from orchestration.storage.interval_rows import read_gaps, read_scenario_means, replace_gaps, replace_intervals

WAREHOUSE = "warehouse"
"""The pool that lets one run at a time build tables."""


def build_arguments(context: dg.AssetExecutionContext) -> list[str]:
    """`dbt build` over the touched hours of the run; over everything when the run names none."""
    build = ["build", "--exclude-resource-type", "unit_test"]
    if (hours := touched_hours(context)) is None:
        return build
    first, end = (hour.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") for hour in hours)
    return [*build, "--event-time-start", first, "--event-time-end", end]


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
    def resolved_models(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        yield from dbt.cli(build_arguments(context), context=context, target_path=build_directory()).stream()

    @dg.asset(
        key=["raw", "score_intervals"],
        group_name="modelling",
        deps=[["intermediate", "int_scenario_period_scores"]],
        pool=WAREHOUSE,
        kinds={"python", "postgres"},
    )
    def score_intervals(context: dg.AssetExecutionContext, database: DatabaseResource) -> dg.MaterializeResult[Any]:
        """One row per period, target, suite version and family: mean score with its interval clustered by scenario."""
        with database.connect() as connection:
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
        with database.connect() as connection:
            gaps = interval_table(read_gaps(connection), datetime.now(UTC))
            replace_gaps(connection, gaps)
        return dg.MaterializeResult(metadata={"gaps": gaps.height})

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        selector="published",
        name="published_models",
        dagster_dbt_translator=ModelTranslator(),
        pool=WAREHOUSE,
    )
    def published_models(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        yield from dbt.cli(build_arguments(context), context=context, target_path=build_directory()).stream()

    return [resolved_models, score_intervals, variant_gaps, published_models]
