"""Secrets that are made once, in files of the home folder that their owner alone can read.

Not here: what they are for.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING, Final

from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES: Final = 32


def key_in(file: Path, variable: str, loss: str) -> bytes:
    """The key in `file`, which is made with the first use. Raises OperatorError, which names the `variable` that may
    hold it instead, and what is lost (`loss`) with another key.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        if not file.exists():
            _write_once(made, file)
        key = file.read_bytes()
    except OSError as error:
        raise OperatorError(f"{file}: {error.strerror}; make it readable and writable or set {variable}") from None
    if len(key) < KEY_BYTES:
        raise OperatorError(f"{file} is not whole; delete it and another one is made ({loss})")
    return key


def _write_once(made: Path, file: Path) -> None:
    """A whole key under its name; where another process was faster, its key stays."""
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secrets.token_bytes(KEY_BYTES))
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(made, file)
    except FileExistsError:
        pass
    finally:
        made.unlink()
