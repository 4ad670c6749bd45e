"""Puts sound files in the place of broken or missing ones, from the journal, from what can be read, from raw.responses.

Not here: finding out what is broken (archive_verification).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import dict_row

from orchestration.records import GoneAnswer, Response, TokenUsage
from orchestration.storage.archive import SEALED, hour_of, is_sealed_file
from orchestration.storage.archive_verification import ALL_HOURS, Range
from orchestration.storage.archived_responses import DamagedFileError, to_parquet
from orchestration.storage.raw_tables import RESPONSES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from orchestration.storage.archive import Archive
    from orchestration.storage.archive_verification import Attempt
    from orchestration.storage.bulk_insert import Connection

_USAGE = [field.name for field in fields(TokenUsage)]
_OWN = [field.name for field in fields(Response) if field.name not in {"answer", "usage", "gone"}]
_STORED = "SELECT {columns} FROM raw.responses WHERE benchmark_hour = %s AND archive_file = %s"
_FILES = "SELECT DISTINCT benchmark_hour, archive_file FROM raw.responses WHERE benchmark_hour BETWEEN %s AND %s"


@dataclass(frozen=True, slots=True)
class Mended:
    """A file that was replaced. `lost_count` answers have no text any more, their measurements stay.

    `set_aside` is where the broken one lies now, None where there was none. A file of which raw.responses knows nothing
    is only set aside: `attempt_count` is 0, and the next run of its hour asks its calls again.
    """

    file: str
    set_aside: str | None
    attempt_count: int
    lost_count: int

    def __str__(self) -> str:
        aside = f"the broken one is {self.set_aside}" if self.set_aside else "there was none"
        if not self.attempt_count:
            return f"{self.file}: taken away, {aside}; run its hour again to ask its calls anew"
        return f"{self.file}: {self.attempt_count} attempts, {self.lost_count} of them without answer; {aside}"


def mend(connection: Connection, archive: Archive, hours: Range = ALL_HOURS) -> Iterator[Mended]:
    """Mend file by file. Repeating it changes nothing more."""
    for hour in archive.unsealed_hours():
        if hours[0] <= hour <= hours[1]:
            archive.seal_others(hour, ())
    stored = {(row[0], row[1]) for row in connection.execute(_FILES, hours)}
    there = {(hour_of(name), name) for name in archive.store.names(SEALED) if is_sealed_file(name)}
    for hour, name in sorted(stored | {(hour, name) for hour, name in there if hours[0] <= hour <= hours[1]}):
        measured, known = _stored(connection, hour, name), _readable(archive, name)
        if not known.is_sound or measured.keys() - known.attempts.keys():
            yield _replaced(archive, name, measured, known, is_there=(hour, name) in there)


@dataclass(frozen=True, slots=True)
class _Readable:
    """What can be read of a file; sound is one that holds what was sealed."""

    is_sound: bool
    attempts: dict[Attempt, Response]


def _readable(archive: Archive, name: str) -> _Readable:
    try:
        sealed = archive.read_sealed(name)
    except DamagedFileError:
        return _Readable(is_sound=False, attempts={})
    attempts = {(response.call_id, response.attempt): response for response in sealed.responses}
    return _Readable(sealed.is_as_sealed, attempts)


def _replaced(
    archive: Archive, name: str, measured: dict[Attempt, Response], known: _Readable, *, is_there: bool
) -> Mended:
    """The broken file is copied aside before anything takes its place."""
    rows = {key: _with_text(response, known.attempts.get(key)) for key, response in measured.items()}
    if known.is_sound:
        rows = known.attempts | {key: response for key, response in rows.items() if key not in known.attempts}
    lost = sum(response.gone is not None for response in rows.values())
    aside = archive.copy_aside(name) if is_there else None
    if rows:
        archive.store.write(name, to_parquet(list(rows.values()), gone="lost" if lost else ""), replaces=True)
    else:
        archive.store.remove(name)
    return Mended(name, aside, len(rows), lost)


def _with_text(measured: Response, known: Response | None) -> Response:
    """The measurements of the database, with the file's answer where that is the one that was measured."""
    if known is None or known.answer is None or known.answer_sha256 != measured.answer_sha256:
        return measured
    return replace(measured, answer=known.answer, gone=None)


def _stored(connection: Connection, hour: datetime, name: str) -> dict[Attempt, Response]:
    columns = sql.SQL(", ").join(map(sql.Identifier, RESPONSES.columns))
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql.SQL(_STORED).format(columns=columns), (hour, name)).fetchall()
    return {(row["call_id"], row["attempt"]): _response(row) for row in rows}


def _response(row: dict[str, Any]) -> Response:
    sha256 = row["answer_sha256"]
    return Response(
        **{name: row[name] for name in _OWN},
        answer=None,
        usage=TokenUsage(**{name: row[name] for name in _USAGE}),
        gone=None if sha256 is None else GoneAnswer(sha256, row["answer_bytes"]),
    )
