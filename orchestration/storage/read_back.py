"""What later stages of the pipeline read back: plans, prices and definitions of targets.

Not here: writing (raw_tables), intervals (interval_rows), nor what people read (marts).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from psycopg.rows import class_row

from orchestration.records import Change, PlannedCall, PriceRow, PriceTier, TargetRow

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from orchestration.storage.bulk_insert import Connection

# A call's id is a digest: it puts the targets of a scenario in another order every hour, the same whenever it is read.
_PLAN = """
select benchmark_hour, call_id, suite, suite_version, target_id, scenario_id, scenario_version, variant_seed,
       sample_index, is_simulated, status, reason, planned_at, is_partial
from raw.planned_calls
where benchmark_hour = any(%s)
order by benchmark_hour, sample_index > 0, scenario_id, variant_seed, sample_index, call_id, suite
"""

_NEWEST_TARGETS = """
select distinct on (target_id) target_id, definition_sha256, recorded_at, label, provider, model, host, quantisation,
       reasoning_effort, sampling, is_simulated, is_open_weights, lifecycle, training_cutoff, is_enabled,
       disabled_reason, limits, price_source, successor
from raw.targets
where target_id = any(%s)
order by target_id, recorded_at desc
"""

_PRICES = """
select price_id, provider, model, valid_from, input_usd_per_mtok, output_usd_per_mtok, cached_input_usd_per_mtok,
       cache_write_usd_per_mtok, reasoning_usd_per_mtok, source, checked_on, tiers
from raw.prices
"""


_NEWEST_PRICE_CHANGES = """
select distinct on (subject) kind, subject, effective_at, old_value, new_value, source, noticed_at
from raw.changes
where kind = 'price'
order by subject, noticed_at desc, effective_at desc
"""

_MEASURED_TOKENS = """
select target_id, scenario_id, avg(input_tokens)::double precision, avg(output_tokens)::double precision
from raw.responses
where target_id = any(%s) and benchmark_hour >= %s and status = 'answered'
    and input_tokens is not null and output_tokens is not null
group by target_id, scenario_id
"""


def read_plan(connection: Connection, hours: Collection[datetime]) -> dict[datetime, list[PlannedCall]]:
    """The planned calls of each hour that has a plan, oldest hour first, one variant of a scenario after the other.

    No target is first or last for its name: where money ends within a scenario, each loses its call in turn. Extra
    calls, which confirm a change, come after all others: money for them is what these leave.
    """
    plans: dict[datetime, list[PlannedCall]] = {}
    with connection.cursor(row_factory=class_row(PlannedCall)) as cursor:
        for call in cursor.execute(_PLAN, (list(hours),)):
            plans.setdefault(call.benchmark_hour, []).append(call)
    return plans


def planned_hours(connection: Connection, hours: Collection[datetime]) -> set[datetime]:
    """Those of the hours that are planned whole."""
    query = "select distinct benchmark_hour from raw.planned_calls where benchmark_hour = any(%s) and not is_partial"
    return {row[0] for row in connection.execute(query, (list(hours),))}


def newest_targets(connection: Connection, target_ids: Collection[str]) -> dict[str, TargetRow]:
    """The definition of each target that was recorded last."""
    with connection.cursor(row_factory=class_row(TargetRow)) as cursor:
        return {row.target_id: row for row in cursor.execute(_NEWEST_TARGETS, (list(target_ids),))}


def planned_targets(connection: Connection, hours: Collection[datetime]) -> list[str]:
    """The targets that the plans of some hours name."""
    query = "select distinct target_id from raw.planned_calls where benchmark_hour = any(%s)"
    return [row[0] for row in connection.execute(query, (list(hours),))]


def newest_price_changes(connection: Connection) -> list[Change]:
    """The change of price of each model that was noticed last."""
    with connection.cursor(row_factory=class_row(Change)) as cursor:
        return cursor.execute(_NEWEST_PRICE_CHANGES).fetchall()


def measured_tokens(
    connection: Connection, target_ids: Collection[str], since: datetime
) -> dict[tuple[str, str], tuple[float, float]]:
    """Mean input and output tokens of answers since an hour, by target and scenario, where they are known."""
    found = connection.execute(_MEASURED_TOKENS, (list(target_ids), since))
    return {(target, scenario): (given, made) for target, scenario, given, made in found}


def read_prices(connection: Connection) -> list[PriceRow]:
    with connection.cursor(row_factory=class_row(PriceRow)) as cursor:
        found = cursor.execute(_PRICES).fetchall()
    return [replace(row, tiers=tuple(map(_tier, row.tiers))) for row in found]


def _tier(stored: Any) -> PriceTier:
    amounts = {name: value and Decimal(value) for name, value in stored.items() if name.endswith("_usd_per_mtok")}
    return PriceTier(**stored | amounts)
