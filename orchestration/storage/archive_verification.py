"""Proves that the archive holds what was sealed, and what raw.responses measured: counts, hashes, attempt by attempt.

Not here: mending what is found (archive_mending).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from orchestration.settings import OperatorError
from orchestration.storage.archive import SEALED, SET_ASIDE, hour_of
from orchestration.storage.archived_responses import DamagedFileError
from orchestration.storage.journal import is_held, read_journal
from orchestration.storage.partitions import has_month

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal
    from uuid import UUID

    from orchestration.records import Response
    from orchestration.storage.archive import Archive
    from orchestration.storage.archived_responses import SealedFile
    from orchestration.storage.bulk_insert import Connection

Attempt = tuple["UUID", int]
Measured = tuple[str, "str | None", "Decimal | None"]
"""What both sides must tell alike: status, the answer's hash, cost."""
Range = tuple[datetime, datetime]
"""From the first hour to the last, included."""
ALL_HOURS: Final[Range] = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)

_MEND: Final = "./aibaas archive mend"
_RESTORE: Final = f"restore it from a backup, or run {_MEND}"
_STORED = """
SELECT call_id, attempt, archive_file, status, answer_sha256, cost_usd FROM raw.responses WHERE benchmark_hour = %s
"""
_HOURS = "SELECT DISTINCT benchmark_hour FROM raw.responses WHERE benchmark_hour BETWEEN %s AND %s"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was sealed; `mend` says what to do."""

    file: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}; {self.mend}"


@dataclass(slots=True)
class Verification:
    """What was looked at. What was kept long enough is gone: answers of `expired_count` files, rows of `dropped_count`
    hours.
    """

    hour_count: int = 0
    file_count: int = 0
    attempt_count: int = 0
    expired_count: int = 0
    dropped_count: int = 0
    lost_count: int = 0
    set_aside_count: int = 0
    faults: list[Fault] = field(default_factory=list)


def verify(connection: Connection, archive: Archive, hours: Range = ALL_HOURS) -> Verification:
    """Read every file of the hours and compare. Memory holds one hour at a time."""
    found = Verification(set_aside_count=len(archive.store.names(SET_ASIDE)))
    files = _files_by_hour(archive, hours, found)
    stored = {row[0] for row in connection.execute(_HOURS, hours)}
    for hour in sorted(files.keys() | stored):
        found.hour_count += 1
        _verify_hour(connection, archive, hour, files.get(hour, []), found)
    found.faults += _unsealed(archive, hours)
    return found


def verify_hour(connection: Connection, archive: Archive, hour: datetime) -> Verification:
    """As `verify`, of one hour's sealed files alone."""
    found = Verification(hour_count=1)
    _verify_hour(connection, archive, hour, archive.files(hour), found)
    return found


def _files_by_hour(archive: Archive, hours: Range, found: Verification) -> dict[datetime, list[str]]:
    files: dict[datetime, list[str]] = {}
    for name in archive.store.names(SEALED):
        if name.endswith(".unfinished"):
            found.faults.append(
                Fault(name, "was being written when its program was killed", "delete it, unless a run is sealing now")
            )
            continue
        try:
            hour = hour_of(name)
        except OperatorError:
            found.faults.append(Fault(name, "is no file of the archive", "take it out of its folders"))
            continue
        if hours[0] <= hour <= hours[1]:
            files.setdefault(hour, []).append(name)
    return files


def _verify_hour(
    connection: Connection, archive: Archive, hour: datetime, names: list[str], found: Verification
) -> None:
    stored: dict[str, dict[Attempt, Measured]] = {}
    for call_id, attempt, name, *measured in connection.execute(_STORED, (hour,)):
        stored.setdefault(name, {})[call_id, attempt] = (measured[0], measured[1], measured[2])
    archived: dict[str, list[Response]] = {}
    for name in names:
        found.file_count += 1
        try:
            sealed = archive.read_sealed(name)
        except OperatorError as error:
            found.faults.append(_unreadable(name, error))
            continue
        archived[name] = sealed.responses
        found.attempt_count += len(sealed.responses)
        found.expired_count += sealed.gone == "expired"
        found.lost_count += sealed.gone == "lost"
        found.faults += _changed(name, sealed)
    found.faults += _missing(names, stored)
    found.faults += _twice(archived)
    if not stored and not has_month(connection, hour):
        found.dropped_count += 1
        return
    everywhere = {key: measured for rows in stored.values() for key, measured in rows.items()}
    for name, responses in archived.items():
        found.faults += _differences(name, responses, stored.get(name, {}), everywhere)


def _unreadable(name: str, error: OperatorError) -> Fault:
    if isinstance(error, DamagedFileError):
        return Fault(name, error.reason, _RESTORE)
    return Fault(name, str(error), "nothing of it was compared")


def _changed(name: str, sealed: SealedFile) -> Iterator[Fault]:
    if not sealed.is_as_sealed:
        yield Fault(name, "holds other contents than were sealed", _RESTORE)
    strangers = sum(response.benchmark_hour != hour_of(name) for response in sealed.responses)
    if strangers:
        yield Fault(name, f"has {strangers} attempts of another hour", "restore it from a backup")


def _missing(names: Iterable[str], stored: Mapping[str, Mapping[Attempt, Measured]]) -> Iterator[Fault]:
    for name in sorted(stored.keys() - set(names)):
        yield Fault(
            name,
            f"is missing from the archive, raw.responses has {len(stored[name])} attempts of it",
            _RESTORE,
        )


def _twice(archived: Mapping[str, Iterable[Response]]) -> Iterator[Fault]:
    counts = Counter((response.call_id, response.attempt) for rows in archived.values() for response in rows)
    for name, rows in archived.items():
        doubled = sum(counts[response.call_id, response.attempt] > 1 for response in rows)
        if doubled:
            yield Fault(name, f"{doubled} attempts that are in the archive twice", "keep one of the files")


def _differences(
    name: str,
    responses: Iterable[Response],
    stored: Mapping[Attempt, Measured],
    everywhere: Mapping[Attempt, Measured],
) -> Iterator[Fault]:
    """Attempts of one file that raw.responses lacks, tells otherwise, or has of it in excess."""
    archived = {(response.call_id, response.attempt): _measured(response) for response in responses}
    absent = archived.keys() - everywhere.keys()
    if absent:
        hour = hour_of(name)
        yield Fault(
            name,
            f"{len(absent)} of {len(archived)} attempts are not in raw.responses",
            f"load them by running the hour again: ./aibaas run --hour {hour:%Y-%m-%dT%H}",
        )
    other = [key for key in archived.keys() & everywhere.keys() if archived[key] != everywhere[key]]
    if other:
        yield Fault(
            name,
            f"{len(other)} attempts have another status, hash or cost in raw.responses",
            "find out which of both was changed by hand, and restore it from a backup",
        )
    excess = stored.keys() - archived.keys()
    if excess:
        yield Fault(name, f"lacks {len(excess)} attempts that raw.responses has of it", f"run {_MEND}")


def _measured(response: Response) -> Measured:
    return response.status, response.answer_sha256, response.cost_usd


def _unsealed(archive: Archive, hours: Range) -> Iterator[Fault]:
    """Journals that no program holds any more."""
    for path, hour in archive.open_journals():
        if not hours[0] <= hour <= hours[1] or is_held(path):
            continue
        try:
            count = len(read_journal(path))
        except OperatorError as error:
            yield Fault(f"journal/{path.name}", str(error).partition(": ")[0], "restore the file, or delete that line")
            continue
        yield Fault(
            f"journal/{path.name}",
            f"{count} answers are not sealed",
            f"run the hour again: ./aibaas run --hour {hour:%Y-%m-%dT%H}",
        )
