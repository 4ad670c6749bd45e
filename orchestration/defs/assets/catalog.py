"""What is measured, what it costs and what hosts offer besides: scenarios, suites, targets, prices, listed models."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from orchestration.collection.catalogue_rows import scenario_rows, suite_rows, target_rows
from orchestration.collection.discover import ask_hosts, record_listings
from orchestration.collection.enrolment import enrol_by_rule
from orchestration.defs.places import LISTINGS
from orchestration.defs.resources import CatalogueResource, DatabaseResource, ProviderResource
from orchestration.storage.operation_rows import record_budgets
from orchestration.storage.raw_tables import (
    record_changes,
    record_prices,
    record_scenarios,
    record_suites,
    record_targets,
)
from orchestration.storage.read_back import newest_price_changes, newest_targets, read_prices


@dg.multi_asset(
    name="scenarios",
    group_name="catalog",
    specs=[
        dg.AssetSpec(["raw", "scenarios"], description="One row per scenario version and content.", kinds={"yaml"}),
        dg.AssetSpec(["raw", "suites"], description="One row per suite version and scenario version.", kinds={"yaml"}),
    ],
)
def scenarios(catalogue: CatalogueResource, database: DatabaseResource) -> Iterator[dg.MaterializeResult[Any]]:
    """The catalogue of scenarios, as its files describe them now."""
    loaded = catalogue.load()
    recorded_at = datetime.now(UTC)
    with database.connect() as connection:
        changed = record_scenarios(connection, scenario_rows(loaded, recorded_at))
        record_suites(connection, suite_rows(loaded, recorded_at))
    counts = {"scenarios": len(loaded.scenarios), "changed": changed}
    yield dg.MaterializeResult(asset_key=["raw", "scenarios"], metadata=counts)
    yield dg.MaterializeResult(asset_key=["raw", "suites"], metadata={"suites": len(loaded.suites)})


@dg.asset(key=["raw", "targets"], group_name="catalog", kinds={"yaml"})
def targets(
    context: dg.AssetExecutionContext, provider: ProviderResource, database: DatabaseResource
) -> dg.MaterializeResult[Any]:
    """One row per target and definition: model, host, quantisation, effort, sampling, and whether it can be asked."""
    known, faults = provider.targets(), provider.faults()
    for fault in faults:
        context.log.warning("skipped: %s", fault)
    with database.connect() as connection:
        before = newest_targets(connection, [target.target_id for target in known])
        changed = record_targets(connection, target_rows(known, before, datetime.now(UTC)))
    disabled = {target.target_id: target.disabled_reason for target in known if not target.is_enabled}
    return dg.MaterializeResult(
        metadata={"enabled": len(known) - len(disabled), "disabled": disabled, "changed": changed, "faults": faults}
    )


@dg.asset(key=["raw", "budgets"], group_name="catalog", deps=[targets], kinds={"yaml"})
def budgets(provider: ProviderResource, database: DatabaseResource) -> dg.MaterializeResult[Any]:
    """One row per target and change of what it may cost; the one without a name is all real targets together."""
    stated = provider.budgets(datetime.now(UTC))
    with database.connect() as connection:
        changed = record_budgets(connection, stated)
    return dg.MaterializeResult(metadata={"changed": changed})


class PriceWatchConfig(dg.Config):
    """Which hosts that publish prices are asked: all, or those of a target that has none (as every hour does)."""

    asks_all_hosts: bool = False


@dg.asset(key=["raw", "prices"], group_name="catalog", deps=[targets], kinds={"yaml"})
def prices(
    context: dg.AssetExecutionContext, config: PriceWatchConfig, provider: ProviderResource, database: DatabaseResource
) -> dg.MaterializeResult[Any]:
    """One row per model and moment from which a price holds: sourced rows, and what hosts publish themselves."""
    targets_now, now = provider.targets(), datetime.now(UTC)
    with database.connect() as connection:
        stored, newest = read_prices(connection), newest_price_changes(connection)
    asking = provider.prices(targets_now, stored, newest, now, asks_all_hosts=config.asks_all_hosts)
    known = asyncio.run(asking)
    unpriced = known.unpriced(targets_now, now)
    for host, reason in known.silent_hosts.items():
        context.log.warning("%s publishes no prices now: %s", host, reason)
    for fault in (*known.faults, *unpriced):
        context.log.warning("%s", fault)
    with database.connect() as connection:
        changed = record_prices(connection, known.book.rows)
        changes = record_changes(connection, known.changes(now))
    return dg.MaterializeResult(
        metadata={
            "prices": len(known.book.rows),
            "changed": changed,
            "changes": changes,
            "silent_hosts": known.silent_hosts,
            "faults": known.faults,
            "unpriced": unpriced,
            "suspected": [change.subject for change in known.noted],
        }
    )


@dg.asset(key=["raw", "listed_models"], group_name="catalog", pool=LISTINGS, kinds={"postgres"})
def listed_models(
    context: dg.AssetExecutionContext, provider: ProviderResource, database: DatabaseResource
) -> dg.MaterializeResult[Any]:
    """One row per host and model that it ever listed: first and last seen, gone since when. Enrols what rules allow."""
    listings = asyncio.run(ask_hosts(provider.hosts(), provider.client()))
    for host, reason in listings.silent_hosts.items():
        context.log.warning("%s lists no models now: %s", host, reason)
    with database.connect() as connection:
        changes = record_listings(connection, listings)
        proposals = provider.proposals(connection)
        enrolled = enrol_by_rule(connection, proposals)
    return dg.MaterializeResult(
        metadata={
            "listed": {listing.host.name: len(listing.models) for listing in listings.answered},
            "changes": len(changes),
            "enrolled": [enrolment.target_id for enrolment in enrolled],
            "proposed": {one.target_id: one.reason for one in proposals if not one.is_enrolled_at_once},
            "silent_hosts": listings.silent_hosts,
        }
    )
