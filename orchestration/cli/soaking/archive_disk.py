"""A small disk for the archive of a soak, which can be filled up: the system refuses, nothing is simulated.

Not here: when it is full (faults).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DISK_MB = 512
_BLOCK = b"\0" * 65_536


class ArchiveDisk:
    """A disk in memory mounted on the archive's folder; without the right to mount, a folder that refuses new names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._filler = folder / "filler"
        self.is_own_disk = False

    @property
    def form(self) -> str:
        """How it is full, for people."""
        return "ENOSPC on a disk of its own" if self.is_own_disk else "EACCES: no right to mount a disk here"

    @contextmanager
    def mounted(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0700", "tmpfs", str(self._folder)]
        self.is_own_disk = os.geteuid() == 0 and _succeeds(mount)
        try:
            yield
        finally:
            self.free()
            if self.is_own_disk:
                self._keep()

    def fill(self) -> None:
        """Leave no byte."""
        if not self.is_own_disk:
            self._set_writable(is_writable=False)
            return
        try:
            with self._filler.open("wb", buffering=0) as filler:
                while filler.write(_BLOCK):
                    pass
        except OSError:
            return

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)
        if not self.is_own_disk:
            self._set_writable(is_writable=True)

    def _keep(self) -> None:
        """Take the disk away and leave in the folder what was on it."""
        kept = self._folder.with_name(f"{self._folder.name}.kept")
        shutil.copytree(self._folder, kept)
        if _succeeds(["umount", "--lazy", str(self._folder)]):
            self._folder.rmdir()
            kept.rename(self._folder)

    def _set_writable(self, *, is_writable: bool) -> None:
        journals = self._folder / "journal"
        journals.mkdir(exist_ok=True)
        for folder in (journals, self._folder):
            folder.chmod(0o700 if is_writable else 0o500)


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
