"""Reads files of rows: JSON lines or one JSON list, compressed or not.

Not here: what a row of which set means (the importers).
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenarios.packs.task import PackError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its place in the file."""

    file: Path
    number: int
    fields: Mapping[str, Any]

    def error(self, reason: str) -> PackError:
        return PackError(f"{self.file}:{self.number}: {reason}")

    def text(self, *names: str, default: str | None = None) -> str:
        """The first of these fields that is a text. Raises PackError without one, unless there is a default."""
        for name in names:
            if isinstance(self.fields.get(name), str):
                return str(self.fields[name])
        if default is None:
            raise self.error(f"a row without {' or '.join(names)}: is this the right set?")
        return default

    def texts(self, *names: str) -> list[str]:
        for name in names:
            value = self.fields.get(name)
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                return value
        return []


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file. Raises PackError where it is not there, not readable, or not rows."""
    text = read(path)
    if text.lstrip().startswith("["):
        for number, fields in enumerate(parsed(path, 1, text), 1):
            yield row_of(path, number, fields)
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield row_of(path, number, parsed(path, number, line))


def read(path: Path) -> str:
    if path.is_dir():
        raise PackError(f"{path}: a folder; name the file of the set")
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except FileNotFoundError:
        raise PackError(f"{path}: there is no such file") from None
    except OSError as error:
        raise PackError(f"{path}: can't be read: {error.strerror or error}") from None
    except (EOFError, zlib.error):
        raise PackError(f"{path}: the compressed file is cut off or broken: fetch it again") from None
    except UnicodeDecodeError:
        raise PackError(f"{path}: not UTF-8: is it compressed, and its name does not end in .gz?") from None


def parsed(path: Path, number: int, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PackError(f"{path}:{number}: not JSON: {str(error).partition(':')[0].lower()}") from None


def row_of(path: Path, number: int, fields: Any) -> Row:
    if not isinstance(fields, dict):
        raise PackError(f"{path}:{number}: a row is a JSON object")
    return Row(path, number, fields)
