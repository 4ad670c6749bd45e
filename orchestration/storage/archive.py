"""Every answer ever paid for: a journal while its hour is collected, then one Parquet file per hour and attempt.

Several processes collect one hour as shares of it, each with files of its own: share=NAME stands in their names.

Not here: the measurements in the database (raw_tables), nor the form of a row (archived_responses).
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration.settings import OperatorError
from orchestration.storage.archived_responses import read_parquet, write_parquet
from orchestration.storage.durable_files import make_directory, sync_directory, writing
from orchestration.storage.journal import Journal, JournalHeldError, read_journal

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from uuid import UUID

    from orchestration.records import Response

_JOURNAL_HOUR = "%Y-%m-%dT%H"
_NAME = re.compile(r"(?:.*\.)?attempt=(?P<attempt>\d+)(?:\.share=(?P<share>\w+))?\.(?:parquet|jsonl)")


class Archive:
    """Files under one root. A file's name is its path below the root, as raw.responses.archive_file holds it.

    A killed program leaves a journal, which the next run of its hour continues. Sealing is one rename: an answer is
    in the journal or in the Parquet file, never in neither, and a journal beside its own Parquet file is left over.
    """

    def __init__(self, root: Path, share: str = "") -> None:
        """`share` (letters, digits, underscores) is whose files are written; all are read."""
        self.root = root
        self.share = share
        self._journals = root / "journal"

    def of_share(self, share: str) -> Archive:
        """The same archive, for the process that collects this share of an hour."""
        return Archive(self.root, share)

    def journal(self, hour: datetime) -> Journal:
        """The journal of the hour's next file, for one process at a time. Close it before sealing."""
        with writing(self.root):
            make_directory(self._journals)
        while True:
            attempt = self.next_attempt(hour)
            path = self._journal_path(hour, attempt)
            is_new = not path.exists()
            journal = Journal(path)
            if not journal.is_removed and attempt == self.next_attempt(hour):
                break
            journal.close()
        if is_new:
            with writing(path):
                sync_directory(self._journals)
        return journal

    def seal(self, hour: datetime) -> str | None:
        """Turn the hour's journal into a Parquet file and return its name, or None when there is nothing to seal."""
        self._remove_left_over(hour)
        if not self._journal_path(hour, self.next_attempt(hour)).exists():
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
        return [f"{self._folder(hour)}/{name}" for _, _, name in self._sealed(hour)]

    def next_attempt(self, hour: datetime) -> int:
        """The number of the file that the hour's journal becomes."""
        return max(self._attempts(hour), default=0) + 1

    def read_file(self, name: str) -> list[Response]:
        return read_parquet(self.root / name)

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
        stems = {path.name.partition(".")[0] for path in self._journals.glob("*.jsonl")}
        return sorted(datetime.strptime(stem, _JOURNAL_HOUR).replace(tzinfo=UTC) for stem in stems)

    def _write(self, hour: datetime, attempt: int, responses: list[Response]) -> str:
        name = self._name(hour, attempt)
        path = self.root / name
        unfinished = path.with_name(f".{path.name}.unfinished")
        with writing(path):
            make_directory(path.parent)
            try:
                write_parquet(unfinished, responses)
                _sync_file(unfinished)
                unfinished.rename(path)
            finally:
                unfinished.unlink(missing_ok=True)
            sync_directory(path.parent)
        return name

    def _remove_left_over(self, hour: datetime) -> None:
        for attempt in self._attempts(hour):
            self._journal_path(hour, attempt).unlink(missing_ok=True)

    def _attempts(self, hour: datetime) -> list[int]:
        return [attempt for attempt, share, _ in self._sealed(hour) if share == self.share]

    def _sealed(self, hour: datetime) -> list[tuple[int, str, str]]:
        """Attempt, share and name of the hour's sealed files, in the order in which they are read."""
        found = (self.root / self._folder(hour)).glob("attempt=*.parquet")
        return sorted((*_attempt_and_share(path.name), path.name) for path in found)

    def _open_shares(self, hour: datetime) -> set[str]:
        found = self._journals.glob(f"{hour.astimezone(UTC):{_JOURNAL_HOUR}}.*.jsonl")
        return {_attempt_and_share(path.name)[1] for path in found}

    def _journal_path(self, hour: datetime, attempt: int) -> Path:
        return self._journals / f"{hour.astimezone(UTC):{_JOURNAL_HOUR}}.{self._stem(attempt)}.jsonl"

    def _name(self, hour: datetime, attempt: int) -> str:
        return f"{self._folder(hour)}/{self._stem(attempt)}.parquet"

    def _stem(self, attempt: int) -> str:
        return f"attempt={attempt}.share={self.share}" if self.share else f"attempt={attempt}"

    def _folder(self, hour: datetime) -> str:
        return f"responses/{hour.astimezone(UTC):date=%Y-%m-%d/hour=%H}"


def _attempt_and_share(name: str) -> tuple[int, str]:
    parts = _NAME.fullmatch(name)
    if parts is None:
        raise OperatorError(f"{name} is no file of the archive: take it out of its folders")
    return int(parts["attempt"]), parts["share"] or ""


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
