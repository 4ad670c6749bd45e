"""What tasks did cost by day, and what they will cost.

Not here: the computation (stats.task_costs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from orchestration.storage.bulk_insert import RawTable, insert_rows

if TYPE_CHECKING:
    from datetime import date

    from orchestration.storage.bulk_insert import Connection

DAYS = 28
"""Whole weeks, as costs follow the days of the week."""

_DAY_COLUMNS: dict[str, Any] = {
    "target_id": pl.String,
    "family": pl.String,
    "cost_date": pl.Date,
    "is_simulated": pl.Boolean,
    "answered_count": pl.Int64,
    "cost_usd": pl.Float64,
    "input_tokens": pl.Int64,
    "output_tokens": pl.Int64,
    "suite_versions": pl.List(pl.String),
}
COST_PROJECTIONS: RawTable[tuple[Any, ...]] = RawTable(
    "cost_projections",
    (
        "target_id",
        "family",
        "horizon_days",
        "first_date",
        "last_date",
        "day_count",
        "answered_count",
        "cost_per_task_usd",
        "cost_per_task_ci95_lower",
        "cost_per_task_ci95_upper",
        "input_tokens_per_task",
        "output_tokens_per_task",
        "suite_versions",
        "is_simulated",
        "computed_at",
    ),
    tuple,
)

_LAST_WHOLE_DAY = """
select ((max(benchmark_hour) + interval '1 hour') at time zone 'UTC')::date - 1 from intermediate.int_calls_resolved
"""

# What two suites plan alike is asked and paid for once. A partial sum is no sum. Days before a model's newest price,
# and the day that it cuts in two, say nothing of today's costs.
_DAILY_COSTS = """
with prices as (
    select
        provider, model, valid_from,
        lag(valid_from) over in_time is not null
        and (
            input_usd_per_mtok, output_usd_per_mtok, cached_input_usd_per_mtok, cache_write_usd_per_mtok,
            reasoning_usd_per_mtok, tiers
        ) is distinct from (
            lag(input_usd_per_mtok) over in_time, lag(output_usd_per_mtok) over in_time,
            lag(cached_input_usd_per_mtok) over in_time, lag(cache_write_usd_per_mtok) over in_time,
            lag(reasoning_usd_per_mtok) over in_time, lag(tiers) over in_time
        ) as is_change
    from raw.prices
    where valid_from < (%(last_day)s::date + 1)::timestamp at time zone 'UTC'
    window in_time as (partition by provider, model order by valid_from, price_id)
),
targets as (
    select distinct on (target_id) target_id, provider, model from raw.targets order by target_id, recorded_at desc
),
changes as (
    select targets.target_id, max(prices.valid_from) as priced_from
    from targets
    inner join prices on targets.provider = prices.provider and targets.model = prices.model
    where prices.is_change
    group by targets.target_id
),
calls as (
    select distinct on (benchmark_hour, call_id) calls.*
    from intermediate.int_calls_resolved as calls
    left join changes on calls.target_id = changes.target_id
    where benchmark_hour >= (%(last_day)s::date + 1 - %(days)s)::timestamp at time zone 'UTC'
        and benchmark_hour < (%(last_day)s::date + 1)::timestamp at time zone 'UTC'
        and (
            changes.priced_from is null
            or date_trunc('day', benchmark_hour, 'UTC') >= changes.priced_from
        )
    order by benchmark_hour, call_id, suite, suite_version
)
select
    target_id, coalesce(family, 'all') as family, (benchmark_hour at time zone 'UTC')::date as cost_date,
    bool_and(is_simulated) as is_simulated, count(*) filter (where response_status = 'answered') as answered_count,
    (
        case when count(*) filter (where attempt is not null and cost_usd is null) = 0 then sum(cost_usd) end
    )::float8 as cost_usd,
    (
        case when count(*) filter (where attempt is not null and input_tokens is null) = 0 then sum(input_tokens) end
    )::bigint as input_tokens,
    (
        case when count(*) filter (where attempt is not null and output_tokens is null) = 0 then sum(output_tokens) end
    )::bigint as output_tokens,
    array_agg(distinct suite || ':' || suite_version) as suite_versions
from calls
group by grouping sets (
    (target_id, (benchmark_hour at time zone 'UTC')::date, family),
    (target_id, (benchmark_hour at time zone 'UTC')::date)
)
"""


def last_whole_day(connection: Connection) -> date | None:
    """The newest day (UTC) of which every hour could be measured; None before the first hour."""
    row = connection.execute(_LAST_WHOLE_DAY).fetchone()
    return None if row is None else row[0]


def projected_until(connection: Connection) -> date | None:
    """The newest day that the projections rest on; None without any."""
    row = connection.execute("select max(last_date) from raw.cost_projections").fetchone()
    return None if row is None else row[0]


def read_daily_costs(connection: Connection, last_day: date) -> pl.DataFrame:
    """A row per target, family (`all` too) and day of the four weeks up to `last_day` with a planned call.

    Of a target whose price has changed, the whole days since then.
    """
    with connection.cursor() as cursor:
        rows = cursor.execute(_DAILY_COSTS.encode(), {"last_day": last_day, "days": DAYS}).fetchall()
    return pl.DataFrame(rows, schema=_DAY_COLUMNS, orient="row")


def replace_projections(connection: Connection, computed: pl.DataFrame) -> int:
    """Write projections in place of all that there are, and return their number."""
    with connection.transaction():
        connection.execute("DELETE FROM raw.cost_projections")
        return insert_rows(connection, COST_PROJECTIONS, computed.select(COST_PROJECTIONS.columns).iter_rows())
