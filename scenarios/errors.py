"""The one way in which a catalogue is refused: file, line, field and reason.

Not here: the rules themselves; they live in schema, templates and loader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class CatalogueError(Exception):
    """A fault that the author of a scenario can mend; the message reads `file:line: field: reason`."""

    def __init__(self, file: Path, line: int, field: str, reason: str) -> None:
        super().__init__(file, line, field, reason)
        self.file = file
        self.line = line
        self.field = field
        self.reason = reason

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}: {self.field}: {self.reason}"
        return text if text.isprintable() else repr(text)[1:-1]
