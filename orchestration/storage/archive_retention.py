"""Takes the text out of answers that were kept long enough; measurements, hashes and scores stay for ever.

Not here: when that is done (defs.retention), nor whether files are sound (archive_verification).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.settings import OperatorError
from orchestration.storage.archive import SEALED, SET_ASIDE, hour_of, is_sealed_file
from orchestration.storage.archived_responses import stated_gone, to_parquet, without_text

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.storage.archive import Archive


@dataclass(slots=True)
class Expiry:
    """What one round did. Files that are broken are left as they are, and named."""

    expired_files: int = 0
    expired_answers: int = 0
    removed_files: int = 0
    left: list[str] = field(default_factory=list)


def expire_answers(archive: Archive, before: datetime) -> Expiry:
    """Rewrite the files of all hours before a moment without answers, each in one step; others stay untouched.

    What a killed program left in a journal of those hours is sealed first; broken files that were set aside go.
    Killed at any point, the next round does the rest.
    """
    done = Expiry()
    for hour in archive.unsealed_hours():
        if hour < before:
            archive.seal_others(hour, ())
    for name in archive.store.names(SEALED):
        if is_sealed_file(name) and hour_of(name) < before:
            _expire(archive, name, done)
    for name in archive.store.names(SET_ASIDE):
        if hour_of(name.removeprefix(f"{SET_ASIDE}/").rpartition(".")[0]) < before:
            archive.store.remove(name)
            done.removed_files += 1
    return done


def _expire(archive: Archive, name: str, done: Expiry) -> None:
    try:
        if stated_gone(archive.store.read(name)) == "expired":
            return
        sealed = archive.read_sealed(name)
    except OperatorError as error:
        done.left.append(str(error))
        return
    if not sealed.is_as_sealed:
        done.left.append(f"{archive.store.place(name)} holds other contents than were sealed")
        return
    rows = [without_text(response) for response in sealed.responses]
    archive.store.write(name, to_parquet(rows, gone="expired"), replaces=True)
    done.expired_files += 1
    done.expired_answers += sum(response.answer is not None for response in sealed.responses)
