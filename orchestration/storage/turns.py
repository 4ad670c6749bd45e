"""Turns: of several processes, on whatever machines, one at a time works on what bears a name.

Not here: what they do in their turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestration.storage.bulk_insert import Connection

# A session whose machine is gone is ended by the server after a minute, and its turns with it.
_NOTICE_LOSS = """
SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3
"""
_TAKE = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"


def take_turns(connection: Connection, names: Iterable[str]) -> None:
    """Wait for the turn of every name, in sorted order; they are kept until the session of the connection ends."""
    connection.execute(_NOTICE_LOSS)
    for name in sorted(set(names)):
        connection.execute(_TAKE, (name,))
    connection.commit()
