"""How far what hosts say that they charged lies from what our prices make of the same calls.

Not here: either amount (pricing, providers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psycopg.rows import class_row

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from orchestration.storage.bulk_insert import Connection

TOLERANCE: Final = 0.01
_COMPARED = """
select
    target_id,
    count(*) as call_count,
    sum(cost_usd) as cost_usd,
    sum(reported_cost_usd) as reported_cost_usd,
    count(*) filter (where abs(cost_usd - reported_cost_usd) > %(tolerance)s * reported_cost_usd) as differing_count,
    max(abs(cost_usd - reported_cost_usd) / nullif(greatest(reported_cost_usd, cost_usd), 0))::double precision
        as worst_difference
from raw.responses
where reported_cost_usd is not null and cost_usd is not null
    and (%(first)s::timestamptz is null or benchmark_hour >= %(first)s)
    and (%(end)s::timestamptz is null or benchmark_hour < %(end)s)
group by target_id
order by worst_difference desc nulls last, target_id
"""


@dataclass(frozen=True, slots=True)
class ReportedCosts:
    """The answers of a target that both amounts are known of; a difference above 1% is one that counts."""

    target_id: str
    call_count: int
    cost_usd: Decimal
    reported_cost_usd: Decimal
    differing_count: int
    worst_difference: float | None


def read_reported_costs(connection: Connection, hours: tuple[datetime, datetime] | None) -> list[ReportedCosts]:
    """By target, the worst first; of the hours from the first to before the second, of every hour when None."""
    first, end = hours or (None, None)
    with connection.cursor(row_factory=class_row(ReportedCosts)) as cursor:
        return cursor.execute(_COMPARED, {"first": first, "end": end, "tolerance": TOLERANCE}).fetchall()
