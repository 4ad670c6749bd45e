"""The statements behind events.

Not here: how a row is presented (schemas.py), nor who hears of it (hub.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.database import Database, Row

EVENTS_AFTER: LiteralString = """
SELECT
    events.event_number, events.topic, events.kind, events.subject, events.content, events.is_simulated,
    events.recorded_at
FROM marts.fct_events AS events
WHERE events.event_number > %(event_number)s
    AND events.topic = any(%(topics)s)
ORDER BY events.event_number ASC
LIMIT %(row_limit)s
"""

NEWEST_NUMBER: LiteralString = """
SELECT coalesce(max(events.event_number), 0) AS event_number FROM marts.fct_events AS events
"""


async def event_rows(database: Database, *, after: int, topics: Collection[str], row_limit: int) -> list[Row]:
    """Events behind a number, in the order in which they became visible."""
    return await database.fetch_all(
        EVENTS_AFTER, {"event_number": after, "topics": list(topics), "row_limit": row_limit}
    )


async def newest_number(database: Database) -> int:
    """The number of the newest event; 0 before the first."""
    row = await database.fetch_one(NEWEST_NUMBER)
    return row["event_number"] if row else 0
