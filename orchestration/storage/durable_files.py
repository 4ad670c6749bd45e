"""Makes sure that what was written is on the disk, and says clearly when the disk refuses.

Not here: what is written (journal, archive).
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def sync_directory(path: Path) -> None:
    """Make new, renamed and removed names in a directory outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_directory(path: Path) -> None:
    """Create a directory with its parents, durably."""
    missing = [directory for directory in (path, *path.parents) if not directory.exists()]
    for directory in reversed(missing):
        directory.mkdir(exist_ok=True)
        sync_directory(directory.parent)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a refusal of the disk into a message that names the file and the remedy."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise OperatorError(f"the disk is full, {path} can't be written: free some space and run again") from None
        raise OperatorError(f"can't write {path} ({error.strerror}): make it writable, or set AIBAAS_HOME") from None


def require_room(path: Path, byte_count: int) -> None:
    """Raises OperatorError when the disk of an existing file has less room."""
    if shutil.disk_usage(path).free < byte_count:
        raise OperatorError(
            f"the disk is full, {path} needs {-(-byte_count // 1_000_000)} MB: free some space and run again"
        )


def disk_id(folder: Path) -> str:
    """A name for the disk that the folder is on, made once: machines that share no folder have different ones."""
    path = folder / "disk-id"
    with writing(path):
        make_directory(folder)
        made = folder / f".disk-id.{os.getpid()}"
        if not path.exists():
            made.write_text(secrets.token_hex(4))
            with suppress(FileExistsError):
                path.hardlink_to(made)
            made.unlink()
            sync_directory(folder)
    return path.read_text()
