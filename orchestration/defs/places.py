"""The places in Dagster's pools that a step holds while it asks hosts: one in the pool of each host.

Not here: how a host's limits are kept within one step (providers.host_gate).

Pools of ops are fixed when the code is loaded, and one op asks many hosts; so the step claims its places itself, with
what Dagster's executors use. The places are shown on the UI's page of concurrency and are freed with the run's others.
A step that is done again after its worker was lost finds the places that it had.
"""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dagster as dg

from orchestration.defs.resources import MOST_RETURNS, DatabaseResource
from orchestration.providers.targets import Host
from orchestration.settings import settings

GRADING, LISTINGS = "grading", "listings"
WAREHOUSE = "warehouse"
"""The pool, and in the database the turn, that lets one step at a time build tables."""

POOLS_OF_OPS = (GRADING, LISTINGS, WAREHOUSE)
"""Pools that ops name themselves."""

POLL_S = 1.0
RETURN_S = 15
"""A step in a worker's hands does not wait there: the step that it waits for may need that worker."""


def make_pools(instance: dg.DagsterInstance) -> None:
    """Make the pools of ops before a step claims a place: where two claims make a pool at once, both get its place."""
    storage = instance.event_log_storage
    known = {limit.name for limit in storage.get_pool_limits()}
    for pool in POOLS_OF_OPS:
        if pool not in known:
            storage.initialize_concurrency_limit_to_default(pool)


def pool_of(host_name: str) -> str:
    return f"host_{re.sub(r'[^A-Za-z0-9_]', '_', host_name)}"


@contextmanager
def host_places(
    context: dg.OpExecutionContext, database: DatabaseResource, hosts: Mapping[str, Host]
) -> Iterator[dict[str, int]]:
    """Hold one place in the pool of each host; gives by the host's name how many places its pool has.

    Claims are made in sorted order, so that no two steps wait for each other.
    """
    storage = context.instance.event_log_storage
    if not storage.supports_global_concurrency_limits:
        yield dict.fromkeys(hosts, 1)
        return
    step_key = context.get_step_execution_context().step.key
    try:
        in_order = sorted(hosts.values(), key=lambda host: pool_of(host.name))
        yield {host.name: _claim(context, database, host, step_key) for host in in_order}
    finally:
        database.wait()
        storage.free_concurrency_slot_for_step(context.run_id, step_key)


def _claim(context: dg.OpExecutionContext, database: DatabaseResource, host: Host, step_key: str) -> int:
    """Wait for a place; returns how many the pool has.

    Claims take turns: Dagster's looks for a free place in one transaction and takes it in another, and two at once
    were given the same one.
    """
    storage, pool, is_told = context.instance.event_log_storage, pool_of(host.name), False
    while True:
        with database.turns("claiming", [pool]):
            count = _place_count(context.instance, host)
            if storage.claim_concurrency_slot(pool, context.run_id, step_key).is_claimed:
                return count
        if not is_told:
            context.log.info("waiting for a place in the pool %s", pool)
            is_told = True
        if settings().executor == "celery":
            raise dg.RetryRequested(max_retries=MOST_RETURNS, seconds_to_wait=RETURN_S)
        time.sleep(POLL_S)


def _place_count(instance: dg.DagsterInstance, host: Host) -> int:
    """The places of the host's pool, made where there are none; never more than calls that may be under way at once."""
    storage, pool = instance.event_log_storage, pool_of(host.name)
    wanted, most = settings().host_places, host.limits.max_concurrency
    known = {limit.name: limit for limit in storage.get_pool_limits()}.get(pool)
    if known is not None and not known.from_default:
        wanted = known.limit
    if known is None and wanted == 1:
        storage.initialize_concurrency_limit_to_default(pool)
    elif known is None or known.limit != min(wanted, most):
        storage.set_concurrency_slots(pool, min(wanted, most))
    return max(1, min(wanted, most))
