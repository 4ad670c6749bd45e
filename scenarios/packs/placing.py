"""Where packs lie, and how a new one takes the place of the one before: whole, or not at all.

Not here: what is in a pack (folder).
"""

from __future__ import annotations

import fcntl
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from scenarios.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNDER_WAY: Final = ".import"
"""Holds the pack that is being written and the one that it replaces; the catalogue does not look into it."""


@contextmanager
def new_pack(packs: Path, pack: str) -> Iterator[Path]:
    """An empty folder to fill, which becomes `packs/pack` when the block ends without an exception.

    One import at a time; what a killed one has left is removed, and a pack that it had moved aside is put back.
    Raises CatalogueError when another import runs here, OSError when the disk refuses.
    """
    packs.mkdir(parents=True, exist_ok=True)
    with alone(packs / ".lock"):
        under_way = packs / UNDER_WAY
        recover(under_way, packs)
        folder = under_way / "new" / pack
        folder.mkdir(parents=True)
        try:
            yield folder
            replace(packs / pack, folder, under_way / "old" / pack)
        finally:
            shutil.rmtree(under_way, ignore_errors=True)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            reason = "another import is writing here: wait for it to end"
            raise CatalogueError(lock.parent, 1, "(folder)", reason) from None
        yield


def replace(place: Path, new: Path, old: Path) -> None:
    if place.exists():
        old.parent.mkdir(parents=True)
        place.rename(old)
    new.rename(place)


def recover(under_way: Path, packs: Path) -> None:
    """Undo what a killed import has left."""
    for moved in (under_way / "old").glob("*"):
        if not (packs / moved.name).exists():
            moved.rename(packs / moved.name)
    shutil.rmtree(under_way, ignore_errors=True)
