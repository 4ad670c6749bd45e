"""Every answer ever paid for: a journal while its hour is collected, then one Parquet file per hour and attempt.

Several processes collect one hour as shares of it, each with files of its own: share=NAME stands in their names.
Not here: the measurements in the database (raw_tables), the form of a row (archived_responses), nor what becomes of
files in time (archive_retention, archive_mending).
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from orchestration.settings import OperatorError
from orchestration.storage.archived_responses import DamagedFileError, SealedFile, from_parquet, to_parquet
from orchestration.storage.durable_files import disk_id, make_directory, sync_directory, writing
from orchestration.storage.file_store import FileStore, LocalFiles
from orchestration.storage.journal import Journal, JournalHeldError, read_journal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path
    from uuid import UUID

    from orchestration.records import Response
    from orchestration.settings import Settings

SEALED = "responses"
SET_ASIDE = "damaged"
_JOURNAL_HOUR = "%Y-%m-%dT%H"
_FOLDER_HOUR = f"{SEALED}/date=%Y-%m-%d/hour=%H"
_NAME = re.compile(
    r"(?:.*\.)?attempt=(?P<attempt>\d+)(?:\.share=(?P<share>\w+?))?(?:\.disk=(?P<disk>\w+))?\.(?:parquet|jsonl)"
)


class FileName(NamedTuple):
    """What a file's name says, in the order in which files are read."""

    attempt: int
    share: str
    disk: str


class Archive:
    """Journals under `root`, sealed files in a store. A file's name is its path in the store, as raw.responses has it.

    A killed program leaves a journal, which the next run of its hour continues. Sealing is atomic: an answer is in the
    journal or in the Parquet file, never in neither, and a journal beside its own Parquet file is left over.
    """

    def __init__(self, root: Path, share: str = "", *, store: FileStore | None = None) -> None:
        """`share` (letters, digits, underscores) is whose files are written; all are read.

        Machines that have a `store` in common have journals of their own; their files say on which disk those were.
        """
        self.root = root
        self.share = share
        self.store: FileStore = store or LocalFiles(root)
        self._disk = disk_id(root) if store else ""
        self._journals = root / "journal"

    @classmethod
    def from_settings(cls, settings: Settings, share: str = "") -> Archive:
        """In the home folder, its sealed files in the bucket of AIBAAS_ARCHIVE_URL where that is set."""
        if settings.archive_url is None:
            return cls(settings.archive_dir, share)
        from orchestration.storage.object_store import S3Files  # noqa: PLC0415 - the library takes 0.1 s to load

        return cls(settings.archive_dir, share, store=S3Files(settings.archive_url, settings.s3_endpoint))

    def of_share(self, share: str) -> Archive:
        """The same archive, for the process that collects this share of an hour."""
        return Archive(self.root, share, store=self.store if self._disk else None)

    def journal(self, hour: datetime) -> Journal:
        """The journal of the hour's next file, for one process at a time. Close it before sealing."""
        with writing(self.root):
            make_directory(self._journals)
        while True:
            attempt = self.next_attempt(hour)
            journal = self._opened(hour, attempt)
            if not journal.is_removed and attempt == self.next_attempt(hour):
                return journal
            journal.close()

    def seal(self, hour: datetime) -> str | None:
        """Turn the hour's journal into a Parquet file and return its name, or None when there is nothing to seal."""
        for attempt in self._own_attempts(hour):
            if self._journal_path(hour, attempt).exists():
                self._settle_left_over(hour, attempt)
        attempt = self.next_attempt(hour)
        if not self._journal_path(hour, attempt).exists():
            return None
        with self.journal(hour) as journal:
            responses = journal.read()
            name = self._write(hour, self.next_attempt(hour), responses) if responses else None
            journal.path.unlink(missing_ok=True)
        return name

    def seal_others(self, hour: datetime, shares: Collection[str]) -> list[str]:
        """Seal what other shares of the hour than these have left open and nobody collects; returns the new files."""
        names = []
        for share in sorted(self._open_shares(hour) - set(shares)):
            with suppress(JournalHeldError):
                names.append(self.of_share(share).seal(hour))
        return [name for name in names if name is not None]

    def files(self, hour: datetime) -> list[str]:
        """The names of the hour's sealed files, oldest attempt first."""
        found = (name for name in self.store.names(folder_of(hour)) if is_sealed_file(name))
        return sorted(found, key=parsed_name)

    def next_attempt(self, hour: datetime) -> int:
        """The number of the file that the hour's journal becomes."""
        return max(self._own_attempts(hour), default=0) + 1

    def read_sealed(self, name: str) -> SealedFile:
        """Raises DamagedFileError for a file that can't be read, or is not there."""
        place = self.store.place(name)
        try:
            return from_parquet(self.store.read(name), place)
        except FileNotFoundError:
            raise DamagedFileError(place, "is missing from the archive") from None

    def read_file(self, name: str) -> list[Response]:
        return self.read_sealed(name).responses

    def read(self, hour: datetime) -> list[Response]:
        """What the hour's sealed files hold, oldest attempt first."""
        return [response for name in self.files(hour) for response in self.read_file(name)]

    def responses(self, hour: datetime) -> list[Response]:
        """As `read`, and what the journal holds besides: every call of the hour that was made or left out."""
        return [*self.read(hour), *read_journal(self._journal_path(hour, self.next_attempt(hour)))]

    def call_ids(self, hour: datetime) -> set[UUID]:
        """The calls of the hour that have been made; one that a budget left out was not."""
        return {response.call_id for response in self.responses(hour) if response.status != "budget"}

    def unsealed_hours(self) -> list[datetime]:
        """The hours that a journal is open for, or was when its program was killed."""
        return sorted({hour for _, hour in self.open_journals()})

    def open_journals(self) -> list[tuple[Path, datetime]]:
        """The journals on this disk, whether or not a program holds them, and their hours."""
        found = ((path, path.name.partition(".")[0]) for path in sorted(self._journals.glob("*.jsonl")))
        return [(path, datetime.strptime(stem, _JOURNAL_HOUR).replace(tzinfo=UTC)) for path, stem in found]

    def copy_aside(self, name: str) -> str:
        """Keep what a broken file holds, as it is, under a name in `damaged/`, and return that."""
        known = set(self.store.names(f"{SET_ASIDE}/{name.rpartition('/')[0]}"))
        aside = next(
            f"{SET_ASIDE}/{name}.{number}"
            for number in range(1, len(known) + 2)
            if f"{SET_ASIDE}/{name}.{number}" not in known
        )
        self.store.write(aside, self.store.read(name))
        return aside

    def _opened(self, hour: datetime, attempt: int) -> Journal:
        path = self._journal_path(hour, attempt)
        is_new = not path.exists()
        journal = Journal(path)
        if is_new:
            with writing(path):
                sync_directory(self._journals)
        return journal

    def _settle_left_over(self, hour: datetime, attempt: int) -> None:
        """Remove the journal of a sealed file. A file that lacks any of its answers is set aside and sealed anew."""
        with self._opened(hour, attempt) as journal:
            responses = journal.read()
            for name in self._own_files(hour, attempt):
                if self._has_all(name, responses):
                    journal.path.unlink(missing_ok=True)
                    return
                self.copy_aside(name)
                self.store.remove(name)
            self._write(hour, attempt, responses)
            journal.path.unlink(missing_ok=True)

    def _has_all(self, name: str, responses: Iterable[Response]) -> bool:
        try:
            sealed = self.read_sealed(name).responses
        except DamagedFileError:
            return False
        known = {(response.call_id, response.answer_sha256) for response in sealed}
        return all((response.call_id, response.answer_sha256) in known for response in responses)

    def _write(self, hour: datetime, attempt: int, responses: Sequence[Response]) -> str:
        name = f"{folder_of(hour)}/{self._stem(attempt)}{f'.disk={self._disk}' if self._disk else ''}.parquet"
        self.store.write(name, to_parquet(self._renumbered(hour, responses)))
        return name

    def _renumbered(self, hour: datetime, responses: Sequence[Response]) -> list[Response]:
        """Calls that another machine has asked as well, not knowing of this journal, become later attempts."""
        others = [name for name in self.files(hour) if parsed_name(name).disk not in {"", self._disk}]
        taken: dict[UUID, int] = {}
        for response in (response for name in others for response in self.read_file(name)):
            taken[response.call_id] = max(response.attempt, taken.get(response.call_id, 0))
        return [
            replace(response, attempt=max(response.attempt, taken.get(response.call_id, 0) + 1))
            for response in responses
        ]

    def _own_attempts(self, hour: datetime) -> list[int]:
        """Files of no disk were written before the archive was in a bucket."""
        named = (parsed_name(name) for name in self.files(hour))
        return [file.attempt for file in named if file.share == self.share and file.disk in {"", self._disk}]

    def _own_files(self, hour: datetime, attempt: int) -> list[str]:
        own = {(attempt, self.share, ""), (attempt, self.share, self._disk)}
        return [name for name in self.files(hour) if tuple(parsed_name(name)) in own]

    def _open_shares(self, hour: datetime) -> set[str]:
        found = self._journals.glob(f"{hour.astimezone(UTC):{_JOURNAL_HOUR}}.*.jsonl")
        return {parsed_name(path.name).share for path in found}

    def _journal_path(self, hour: datetime, attempt: int) -> Path:
        return self._journals / f"{hour.astimezone(UTC):{_JOURNAL_HOUR}}.{self._stem(attempt)}.jsonl"

    def _stem(self, attempt: int) -> str:
        return f"attempt={attempt}.share={self.share}" if self.share else f"attempt={attempt}"


def folder_of(hour: datetime) -> str:
    return hour.astimezone(UTC).strftime(_FOLDER_HOUR)


def hour_of(name: str) -> datetime:
    """The hour of a sealed file by its name. Raises OperatorError for a name that the archive does not give."""
    parsed_name(name)
    try:
        return datetime.strptime(name.rpartition("/")[0], _FOLDER_HOUR).replace(tzinfo=UTC)
    except ValueError:
        raise _unknown(name) from None


def is_sealed_file(name: str) -> bool:
    """Whether a file is read; others that lie about are not."""
    return name_of(name).startswith("attempt=") and name.endswith(".parquet")


def name_of(path: str) -> str:
    return path.rpartition("/")[2]


def parsed_name(name: str) -> FileName:
    parts = _NAME.fullmatch(name_of(name))
    if parts is None:
        raise _unknown(name)
    return FileName(int(parts["attempt"]), parts["share"] or "", parts["disk"] or "")


def _unknown(name: str) -> OperatorError:
    return OperatorError(f"{name} is no file of the archive: take it out of its folders")
