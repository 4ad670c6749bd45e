"""How much of what was planned has been answered.

Not here: why something is missing; the marts say so call by call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.storage.bulk_insert import Connection

# A look-up per planned call: it is quick before the planner knows anything of rows that were just loaded.
_COVERAGE = """
select count(*), count(*) filter (where not exists (
    select from raw.responses as response
    where response.benchmark_hour = planned.benchmark_hour and response.call_id = planned.call_id
))
from raw.planned_calls as planned
where planned.status = 'planned' and planned.benchmark_hour >= %s and planned.benchmark_hour < %s
"""
_BEGINNING, _END = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Planned calls, and those of them without any response."""

    planned_count: int
    missing_count: int


def read_coverage(connection: Connection, hours: tuple[datetime, datetime] | None) -> Coverage:
    """Coverage of the hours from the first to before the second; of every hour when None."""
    row = connection.execute(_COVERAGE, hours or (_BEGINNING, _END)).fetchone()
    return Coverage(*row) if row else Coverage(0, 0)
