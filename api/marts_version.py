"""The version of what the marts hold, as this process knows it: it follows every build as soon as that is committed.

Not here: what is kept under a version (caching), the hook that raises it (dbt_project/macros/publication.sql), and the
writing of reports, which raises it too (orchestration/storage/report_rows.py).
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, LiteralString

from api.announcements import MARTS
from api.database import DatabaseUnavailableError, MartsUnavailableError, QueryTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.announcements import Announcements
    from api.database import Database

PAUSE_S = 1.0
"""After it could not be read."""

VERSION: LiteralString = """
SELECT
    (sum(publications.version) + (
        SELECT coalesce(extract(epoch FROM max(reports.computed_at)) * 1000000, 0)::bigint
        FROM marts.fct_reports AS reports
    ))::text AS version
FROM marts.fct_publications AS publications
"""
"""Reports are written behind builds, and published as they are written."""


class MartsVersion:
    """`current` changes with every change of a mart. None: not known, as nothing was built or the database is away."""

    def __init__(self, database: Database, announcements: Announcements) -> None:
        self._database = database
        self._announcements = announcements
        self.current: str | None = None

    @asynccontextmanager
    async def followed(self) -> AsyncIterator[None]:
        """For the time of the block, `current` is kept up to date."""
        following = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            following.cancel()
            await asyncio.wait([following])

    async def _follow(self) -> None:
        while True:
            try:
                async with aclosing(self._announcements.hear(MARTS)) as heard:
                    async for _ in heard:
                        self.current = await self._read()
            except (DatabaseUnavailableError, QueryTimeoutError):
                self.current = None
                await asyncio.sleep(PAUSE_S)

    async def _read(self) -> str | None:
        try:
            row = await self._database.fetch_one(VERSION)
        except MartsUnavailableError:
            return None
        return row["version"] if row else None
