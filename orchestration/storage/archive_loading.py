"""Brings what the archive holds of an hour into raw.responses.

Not here: writing the archive (archive), nor the statements (raw_tables).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.storage.raw_tables import load_responses, loaded_archive_files

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.storage.archive import Archive
    from orchestration.storage.bulk_insert import Connection


def load_archived_hour(connection: Connection, archive: Archive, hour: datetime, *, run_id: str) -> int:
    """Load the sealed files of the hour that the database lacks. Returns the number of new rows."""
    known = loaded_archive_files(connection, hour)
    return sum(
        load_responses(connection, archive.read_file(name), archive_file=name, run_id=run_id)
        for name in archive.files(hour)
        if name not in known
    )
