"""Compares what the archive and raw.responses hold of an hour, attempt by attempt.

Not here: whether the archive's files are whole; reading a broken one raises OperatorError.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from orchestration.records import Response
    from orchestration.storage.archive import Archive
    from orchestration.storage.bulk_insert import Connection

Attempt = tuple["UUID", int]

_STORED = """
SELECT call_id, attempt, status, answer_sha256, cost_usd FROM raw.responses WHERE benchmark_hour = %s
"""


@dataclass(slots=True)
class Difference:
    """Attempts of an hour that one side lacks, that the archive has twice, and that the sides tell apart."""

    benchmark_hour: datetime
    archived_count: int
    only_archived: list[Attempt] = field(default_factory=list)
    only_stored: list[Attempt] = field(default_factory=list)
    archived_twice: list[Attempt] = field(default_factory=list)
    told_apart: list[Attempt] = field(default_factory=list)

    @property
    def is_none(self) -> bool:
        return not (self.only_archived or self.only_stored or self.archived_twice or self.told_apart)

    def __str__(self) -> str:
        counts = {
            "only in the archive": self.only_archived,
            "only in raw.responses": self.only_stored,
            "twice in the archive": self.archived_twice,
            "not the same in both": self.told_apart,
        }
        told = ", ".join(f"{len(found)} {words}" for words, found in counts.items() if found)
        return f"{self.benchmark_hour:%Y-%m-%d %H}:00 UTC: {told or f'{self.archived_count} attempts in both'}"


def compare_hour(connection: Connection, archive: Archive, hour: datetime) -> Difference:
    """What differs in status, answer's hash or cost. Raises OperatorError for an archive file that can't be read."""
    responses = archive.read(hour)
    archived = {(response.call_id, response.attempt): _told(response) for response in responses}
    stored = {(row[0], row[1]): tuple(row[2:]) for row in connection.execute(_STORED, (hour,))}
    return Difference(
        hour,
        len(archived),
        only_archived=sorted(archived.keys() - stored.keys()),
        only_stored=sorted(stored.keys() - archived.keys()),
        archived_twice=_repeated(responses),
        told_apart=sorted(key for key in archived.keys() & stored.keys() if archived[key] != stored[key]),
    )


def _told(response: Response) -> tuple[object, ...]:
    return response.status, response.answer_sha256, response.cost_usd


def _repeated(responses: Iterable[Response]) -> list[Attempt]:
    counts = Counter((response.call_id, response.attempt) for response in responses)
    return sorted(key for key, count in counts.items() if count > 1)
