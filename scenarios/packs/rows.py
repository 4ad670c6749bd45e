"""Reads the rows of a published task set: JSON lines or a JSON list, compressed or not.

Not here: what the fields of a set mean (one importer a set).
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scenarios.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MOST_BYTES: Final = 64 * 1024 * 1024
GZIP_MAGIC: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Row:
    """One object of a file; `line` is where it stands, the position in the list for a JSON list."""

    file: Path
    line: int
    fields: Mapping[str, Any]

    def error(self, field: str, reason: str) -> CatalogueError:
        return CatalogueError(self.file, self.line, field, reason)

    def text(self, *names: str, default: str | None = None) -> str:
        """The first of `names` that the row has, with plain line ends. Raises CatalogueError when it is no text."""
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, str):
                return value.replace("\r\n", "\n")
            if value is not None:
                raise self.error(name, f"expected a text, found {type(value).__name__}")
        if default is None:
            raise self.error(" or ".join(names), f"missing: the row has {', '.join(self.fields) or 'nothing'}")
        return default

    def texts(self, name: str) -> list[str]:
        value = self.fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(name, "expected a list of texts")
        return [item.replace("\r\n", "\n") for item in value]

    def name(self) -> str:
        """The task's id as its set writes it: a text, or a number."""
        value = self.fields.get("task_id", self.fields.get("id"))
        return str(value) if isinstance(value, int) else self.text("task_id", "id")


def read_rows(path: Path) -> list[Row]:
    """Raises CatalogueError for a file that can't be read, is of another format, or has no row."""
    text = read_text(path)
    rows = list(of_list(path, text) if text.lstrip().startswith("[") else of_lines(path, text))
    if not rows:
        raise CatalogueError(path, 1, "(file)", "no row in it: is this the set's file?")
    return rows


def read_text(path: Path) -> str:
    try:
        data = decompressed(path, path.read_bytes())
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogueError(path, line, "(file)", f"not UTF-8: byte {data[error.start]:#04x}") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise CatalogueError(path, 1, "(file)", "a broken gzip file: download it again") from None
    except OSError as error:
        raise CatalogueError(path, 1, "(file)", f"can't be read: {error.strerror}") from None


def decompressed(path: Path, data: bytes) -> bytes:
    if data.startswith(GZIP_MAGIC):
        with gzip.open(path) as stream:
            data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise CatalogueError(path, 1, "(file)", f"larger than {MOST_BYTES // 1024 // 1024} MiB: no task set is")
    return data


def of_lines(path: Path, text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield row_of(path, number, parsed(path, number, line))


def of_list(path: Path, text: str) -> Iterator[Row]:
    for position, item in enumerate(parsed(path, 1, text), start=1):
        yield row_of(path, position, item)


def row_of(path: Path, line: int, value: Any) -> Row:
    if not isinstance(value, dict):
        raise CatalogueError(path, line, "(row)", f"expected an object, found {type(value).__name__}")
    return Row(path, line, value)


def parsed(path: Path, line: int, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise CatalogueError(path, line + error.lineno - 1, "(file)", f"not JSON: {error.msg}") from None
    except RecursionError:
        raise CatalogueError(path, line, "(file)", "nested too deep") from None
