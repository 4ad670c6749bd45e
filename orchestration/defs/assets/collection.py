"""The calls of an hour: what was planned, what was answered, and what is otherwise than in the hour before."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Any

import dagster as dg

from orchestration.collection.collect import Collector
from orchestration.collection.extra_calls import confirming_calls
from orchestration.collection.forecast import installed_budget
from orchestration.collection.plan import askable_calls, plan_hour
from orchestration.collection.runner import RunLimits
from orchestration.collection.selection import partial_plan, selected_calls
from orchestration.collection.shares import planned_share, share_names
from orchestration.defs.assets.catalog import prices, targets
from orchestration.defs.partitions import benchmark_hours, hours_of, single_run
from orchestration.defs.places import WAREHOUSE, host_places
from orchestration.defs.resources import (
    ArchiveResource,
    CatalogueResource,
    DatabaseResource,
    ProgressResource,
    ProviderResource,
    RerunResource,
)
from orchestration.defs.shares import is_split, share_of_step, summed_metadata
from orchestration.pricing.price_book import PriceBook
from orchestration.records import PlannedCall
from orchestration.settings import settings
from orchestration.storage.archive_loading import load_archived_hour
from orchestration.storage.change_rows import record_observed_changes, record_stated_changes
from orchestration.storage.raw_tables import record_plan
from orchestration.storage.read_back import planned_hours, planned_targets, read_plan, read_prices


@dg.asset(
    key=["raw", "planned_calls"],
    group_name="collection",
    deps=[["raw", "scenarios"], ["raw", "suites"], targets],
    partitions_def=benchmark_hours,
    backfill_policy=single_run,
    kinds={"postgres"},
)
def planned_calls(
    context: dg.AssetExecutionContext,
    catalogue: CatalogueResource,
    provider: ProviderResource,
    rerun: RerunResource,
    database: DatabaseResource,
) -> dg.MaterializeResult[Any]:
    """One row per call that ought to happen in an hour. An hour is planned once; a rerun finds the plan it had."""
    hours = hours_of(context)
    loaded, known, rotation = catalogue.load(), provider.targets(), catalogue.rotation()
    wanted = rerun.selection(known, loaded)
    with database.connect() as connection:
        new = sorted(set(hours) - planned_hours(connection, hours))
        plans = (
            plan_hour(hour, loaded, suite, known, spare_past=provider.spare_past, rotation=rotation)
            for hour in new
            for suite in catalogue.due(loaded, hour)
        )
        planned = list(chain.from_iterable(plans))
        extra = confirming_calls(connection, planned, settings().confirming_calls)
        record_plan(connection, partial_plan([*planned, *extra.calls], wanted))
    metadata = {"hours": len(hours), "planned_now": len(new), "calls": len(planned)}
    return dg.MaterializeResult(metadata=metadata | extra.told())


@dg.op(
    ins={"planned_calls": dg.In(dg.Nothing), "prices": dg.In(dg.Nothing)},
    out=dg.DynamicOut(dg.Nothing),
    description="Cuts the hours into shares: each target alone for workers, everything at once in one process.",
)
def response_shares(
    context: dg.OpExecutionContext,
    archive: ArchiveResource,
    catalogue: CatalogueResource,
    provider: ProviderResource,
    rerun: RerunResource,
    database: DatabaseResource,
) -> Iterator[dg.DynamicOutput[None]]:
    hours, answers = hours_of(context), archive.open()
    if warning := rerun.warning(provider, catalogue, hours):
        context.log.warning(warning)
    with database.connect() as connection:
        shares = share_names(planned_targets(connection, hours), is_split=is_split())
    for hour in hours:
        answers.seal_others(hour, {archive.open(share).share for share in shares})
    for share in shares:
        yield dg.DynamicOutput(None, mapping_key=share)


@dg.op(
    ins={"share": dg.In(dg.Nothing)},
    out=dg.Out(dg.Nothing),
    description="Asks what the archive lacks of a share, with a place in the pool of each host that an hour asks.",
)
def collect_share(
    context: dg.OpExecutionContext,
    catalogue: CatalogueResource,
    provider: ProviderResource,
    rerun: RerunResource,
    archive: ArchiveResource,
    database: DatabaseResource,
    progress: ProgressResource,
) -> None:
    share, loaded_catalogue, known = share_of_step(context), catalogue.load(), provider.targets()
    wanted = rerun.selection(known, loaded_catalogue)
    with database.connect() as connection:
        plans = planned_share(read_plan(connection, hours_of(context)), share)
        book = PriceBook.from_rows(read_prices(connection))
    plans = {hour: selected_calls(calls, wanted) for hour, calls in plans.items()}
    askable = {hour: askable_calls(calls, loaded_catalogue) for hour, calls in plans.items()}
    hosts = {target.target_id: target.host for target in known if target.is_enabled}
    places: dict[str, int] = {}

    @contextmanager
    def turn_for(calls: Sequence[PlannedCall]) -> Iterator[None]:
        """A place at every host that an hour asks, and the turn of every target: nobody else collects it meanwhile."""
        asked = {call.target_id for call in calls}
        by_name = {hosts[target].name: hosts[target] for target in asked & hosts.keys()}
        with host_places(context, database, by_name) as held, database.turns("collecting", asked):
            places.update(held)
            yield

    with database.connect() as connection:
        collector = Collector(
            targets=known,
            client=provider.client(places),
            archive=archive.open(share),
            price_book=book,
            variants=loaded_catalogue.variant,
            limits=RunLimits(concurrency=settings().concurrency, deadline_s=settings().hour_deadline_s),
            budget=installed_budget(
                settings(), connection, known, book, loaded_catalogue.variant, reconnect=database.open
            ),
            forced_by=rerun.forced_by(context.run),
        )
        told = partial(progress.report, "asking")
        summaries = asyncio.run(collector.collect_hours(askable, progress=told, turn_for=turn_for))
    context.add_output_metadata(
        {
            "planned": sum(len(calls) for calls in plans.values()),
            "answered_now": sum(summary.answered_count for summary in summaries),
            "failed_now": sum(summary.failed_count for summary in summaries),
            "left_out_by_budget": sum(summary.budget_count for summary in summaries),
            "beyond_upper_bound": {call: float(usd) for summary in summaries for call, usd in summary.overruns.items()},
            "spent_usd": float(sum(summary.cost_usd for summary in summaries)),
        }
    )


@dg.op(
    ins={"shares": dg.In(dg.Nothing)},
    out=dg.Out(dg.Nothing),
    description="Loads the measurements of what the archive holds of the hours.",
)
def load_responses(context: dg.OpExecutionContext, archive: ArchiveResource, database: DatabaseResource) -> None:
    answers = archive.open()
    with database.connect() as connection:
        hours = hours_of(context)
        loaded = sum(load_archived_hour(connection, answers, hour, run_id=context.run_id) for hour in hours)
    context.add_output_metadata({**summed_metadata(context, collect_share), "loaded": loaded})


@dg.graph_asset(
    key=["raw", "responses"],
    group_name="collection",
    ins={
        "planned_calls": dg.AssetIn(planned_calls.key, dagster_type=dg.Nothing),
        "prices": dg.AssetIn(prices.key, dagster_type=dg.Nothing),
    },
    partitions_def=benchmark_hours,
    backfill_policy=single_run,
    kinds={"postgres", "parquet"},
)
def responses(planned_calls: Any, prices: Any) -> Any:
    """One row per call and attempt: the answer is in the archive, its measurements are here. Asks what is missing."""
    shares = response_shares(planned_calls=planned_calls, prices=prices)
    return load_responses(shares=shares.map(collect_share).collect())


@dg.asset(
    key=["raw", "changes"],
    group_name="collection",
    deps=[targets, responses],
    partitions_def=benchmark_hours,
    backfill_policy=single_run,
    pool=WAREHOUSE,
    kinds={"postgres"},
)
def changes(context: dg.AssetExecutionContext, database: DatabaseResource) -> dg.MaterializeResult[Any]:
    """One row per change of what a target's answers or definitions show; prices, listings, enrolments write theirs."""
    noticed_at = datetime.now(UTC)
    with database.connect() as connection:
        observed = record_observed_changes(connection, hours_of(context), noticed_at)
        stated = record_stated_changes(connection, noticed_at)
    return dg.MaterializeResult(metadata={"observed": observed, "stated": stated})
