"""The open hour: answers as JSON lines that are on the disk before the program goes on.

Not here: what becomes of them when the hour is sealed (archive).
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import threading
from typing import TYPE_CHECKING, Self

from orchestration.settings import OperatorError
from orchestration.storage.archived_responses import from_line, to_line
from orchestration.storage.durable_files import writing

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from orchestration.records import Response


class JournalHeldError(OperatorError):
    """Another process appends to the journal."""


class Journal:
    """Appends answers to one file; one process holds it, and the kernel frees it when that process dies.

    Appending is safe from several threads and tasks: those that finish together share one sync of the disk.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file and drop a last line that a killed program left unfinished."""
        self.path = path
        with writing(path):
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self._hold()
            with writing(path):
                self._end = _drop_unfinished_line(self._file)
        except BaseException:
            os.close(self._file)
            raise
        self._synced = self._end
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        self._turn = asyncio.Lock()

    @property
    def is_removed(self) -> bool:
        """Whether another process has sealed and removed the file since it was opened."""
        return os.fstat(self._file).st_nlink == 0

    def append(self, response: Response) -> None:
        """Returns when the answer is on the disk."""
        end = self._write(to_line(response))
        self._sync(end)

    async def append_async(self, response: Response) -> None:
        """As `append`; other tasks run while the disk works."""
        end = self._write(to_line(response))
        async with self._turn:
            if self._synced < end:
                await asyncio.to_thread(self._sync, end)

    def read(self) -> list[Response]:
        return read_journal(self.path)

    def close(self) -> None:
        """Free the file. A sync that was begun ends first: as long as it runs, the kernel keeps the lock."""
        with self._syncing:
            self._synced = self._end
            os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _hold(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise JournalHeldError(f"another run is collecting into {self.path}: wait for it, or end it") from None

    def _write(self, line: bytes) -> int:
        """The end of the file behind the line. A line that does not fit whole is taken back."""
        with self._writing, writing(self.path):
            try:
                _write_whole(self._file, line)
            except OSError:
                os.ftruncate(self._file, self._end)
                raise
            self._end += len(line)
            return self._end

    def _sync(self, wanted: int) -> None:
        with self._syncing, writing(self.path):
            if self._synced < wanted:
                reached = self._end
                os.fdatasync(self._file)
                self._synced = reached


def read_journal(path: Path) -> list[Response]:
    """The answers of a journal, without an unfinished last line. Raises OperatorError for any other damage."""
    try:
        finished = path.read_bytes().rpartition(b"\n")[0]
    except FileNotFoundError:
        return []
    return [_parsed(path, number, line) for number, line in enumerate(finished.split(b"\n"), start=1) if line]


def _parsed(path: Path, number: int, line: bytes) -> Response:
    try:
        return from_line(line)
    except (ValueError, KeyError, TypeError, ArithmeticError):
        raise OperatorError(f"{path}:{number}: the line is damaged: restore the file, or delete that line") from None


def _write_whole(file: int, line: bytes) -> None:
    rest = memoryview(line)
    while rest:
        rest = rest[os.write(file, rest) :]


def _drop_unfinished_line(file: int) -> int:
    size = os.fstat(file).st_size
    end = os.pread(file, size, 0).rfind(b"\n") + 1
    if end < size:
        os.ftruncate(file, end)
        os.fdatasync(file)
    return end
