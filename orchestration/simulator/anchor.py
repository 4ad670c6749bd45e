"""The day that simulated events are laid out before, remembered so that history stays what it was.

Not here: the events (profiles) and their moments (conditions).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from pathlib import Path

ANCHOR_FILE = "simulator-events-anchor"


def remembered_anchor(home: Path) -> date:
    """The anchor of this installation: today (UTC) at the first call, the same day ever after.

    Raises OperatorError when the file in `home` can't be read, written or understood.
    """
    file = home / ANCHOR_FILE
    try:
        if file.exists():
            return date.fromisoformat(file.read_text(encoding="ascii").strip())
        return _remember(file, datetime.now(UTC).date())
    except ValueError:
        raise OperatorError(f"{file} holds no date: delete it to lay the simulated events out before today") from None
    except OSError as error:
        raise OperatorError(f"can't keep the simulator's date in {file}: {error.strerror}") from None


def _remember(file: Path, anchor: date) -> date:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(f"{anchor.isoformat()}\n", encoding="ascii")
    new.replace(file)
    return anchor
