"""The folder of one run: made, filled, read back without following links, removed whatever is in it.

Not here: what runs in it (confined_process).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from orchestration.sandbox.confined_process import StartError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextmanager
def scratch_folder(files: Mapping[str, str], user: int | None) -> Iterator[Path]:
    """A fresh folder with `files`, owned by `user`. Raises StartError when the machine can't give it."""
    for path in files:
        refuse_outside(path)
    folder = filled_folder(files, user)
    try:
        yield folder
    finally:
        remove(folder)


def filled_folder(files: Mapping[str, str], user: int | None) -> Path:
    try:
        folder = Path(tempfile.mkdtemp(prefix="aibaas-cell-"))
    except OSError as error:
        raise StartError(f"no scratch folder: {error.strerror}") from None
    try:
        fill(folder, files, user)
    except OSError as error:
        remove(folder)
        raise StartError(f"no scratch folder: {error.strerror}") from None
    return folder


def fill(folder: Path, files: Mapping[str, str], user: int | None) -> None:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
    if user is not None:
        for place in (folder, *folder.rglob("*")):
            os.chown(place, user, user)


def refuse_outside(path: str) -> None:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts:
        raise ValueError(f"{path!r} is not a path inside the folder")


def read_back(folder: Path, paths: tuple[str, ...], limit: int) -> dict[str, bytes]:
    """The regular files among `paths` of at most `limit` bytes; no link is followed on the way."""
    found = {}
    for path in paths:
        refuse_outside(path)
        content = read_regular(folder, PurePosixPath(path).parts, limit)
        if content is not None:
            found[path] = content
    return found


def read_regular(folder: Path, parts: tuple[str, ...], limit: int) -> bytes | None:
    with contextlib.ExitStack() as stack:
        try:
            place = opened(stack, str(folder), os.O_DIRECTORY)
            for part in parts[:-1]:
                place = opened(stack, part, os.O_DIRECTORY, place)
            file = opened(stack, parts[-1], os.O_NONBLOCK, place)
        except OSError:
            return None
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return None
        content = os.pread(file, limit + 1, 0)
        return content if len(content) <= limit else None


def opened(stack: contextlib.ExitStack, name: str, flags: int, place: int | None = None) -> int:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=place)
    stack.callback(os.close, descriptor)
    return descriptor


def remove(folder: Path) -> None:
    """Remove the folder; folders closed to us or nested thousands deep are left to chmod and rm."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["chmod", "-R", "u+rwx", str(folder)], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, stderr=subprocess.DEVNULL)
