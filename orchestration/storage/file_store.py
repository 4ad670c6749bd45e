"""Where sealed files lie: whole files by name, in a folder of this machine.

Not here: what is in them (archived_responses), nor the same in a bucket (object_store).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from orchestration.storage.durable_files import make_directory, sync_directory, writing

if TYPE_CHECKING:
    from pathlib import Path


class FileStore(Protocol):
    """Whole files by name, with `/` between its parts. Nobody ever sees a part of a file that `write` has made."""

    def names(self, folder: str) -> list[str]:
        """The files below a folder, at any depth, sorted; none where there is no such folder."""
        ...

    def read(self, name: str) -> bytes:
        """Raises FileNotFoundError, and OperatorError where the store does not answer."""
        ...

    def write(self, name: str, data: bytes, *, replaces: bool = False) -> None:
        """Returns when the file outlives a power cut. Raises FileExistsError unless it may replace one."""
        ...

    def remove(self, name: str) -> None:
        """A file that is not there is removed."""
        ...

    def place(self, name: str) -> str:
        """Where a file is, for people."""
        ...


class LocalFiles:
    """A folder: a file is written beside its place, synced, and renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self, folder: str) -> list[str]:
        found = (self.root / folder).rglob("*")
        return sorted(path.relative_to(self.root).as_posix() for path in found if path.is_file())

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def write(self, name: str, data: bytes, *, replaces: bool = False) -> None:
        path = self.root / name
        unfinished = path.with_name(f".{path.name}.unfinished")
        if not replaces and path.exists():
            raise FileExistsError(name)
        with writing(path):
            make_directory(path.parent)
            try:
                unfinished.write_bytes(data)
                _sync_file(unfinished)
                unfinished.rename(path)
            finally:
                unfinished.unlink(missing_ok=True)
            sync_directory(path.parent)

    def remove(self, name: str) -> None:
        path = self.root / name
        with writing(path):
            path.unlink(missing_ok=True)
            if path.parent.exists():
                sync_directory(path.parent)

    def place(self, name: str) -> str:
        return str(self.root / name)


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
