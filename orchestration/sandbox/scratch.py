"""The files of a run: checked before they are handed over, read back from a folder that untrusted code has filled.

Not here: the folder itself, which a cell mounts for itself (cell.confine).
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def encoded_files(files: Mapping[str, str]) -> dict[str, bytes]:
    """Raises ValueError for a path that leaves the folder."""
    return {checked_path(path): text.encode("utf-8", "surrogatepass") for path, text in files.items()}


def checked_path(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts:
        raise ValueError(f"{path!r} is not a path inside the folder")
    return path


def read_back(folder: int, paths: Iterable[str], limit: int) -> dict[str, bytes]:
    """The regular files among `paths` of at most `limit` bytes, from an open folder; no link is followed on the way."""
    contents = {path: read_regular(folder, PurePosixPath(path).parts, limit) for path in paths}
    return {path: content for path, content in contents.items() if content is not None}


def read_regular(folder: int, parts: tuple[str, ...], limit: int) -> bytes | None:
    with contextlib.ExitStack() as stack:
        try:
            place = folder
            for part in parts[:-1]:
                place = opened(stack, part, os.O_DIRECTORY, place)
            file = opened(stack, parts[-1], os.O_NONBLOCK, place)
        except OSError:
            return None
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return None
        content = os.pread(file, limit + 1, 0)
        return content if len(content) <= limit else None


def opened(stack: contextlib.ExitStack, name: str, flags: int, place: int) -> int:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=place)
    stack.callback(os.close, descriptor)
    return descriptor
