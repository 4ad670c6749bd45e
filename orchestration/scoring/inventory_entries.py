"""What an inventory says of a name, and how it stands in a file.

Not here: where the names come from (inventory_making, inventory_text), nor what is asked of them (inventory).
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from scenarios.schema import INVENTORIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Kind = Literal["module", "class", "function", "method", "property", "object", "alias"]
LINE: Final = re.compile(r"(?P<kind>[a-z]+)(?:\((?P<parameters>[^)]*)\))?(?: (?P<gives>.+))?")
SELF: Final = "Self"
MORE: Final = "?"
SPECIAL: Final = frozenset({"__enter__", "__aenter__", "__call__"})
"""The names with underscores that say what `with` and a call give."""


class Entry(NamedTuple):
    """What is known of a name.

    parameters: `a, b=, *, c=` as in a signature, without self; forms are parted by ` | `; None when unknown.
    gives: the class of a call's value, of a property or an object (`Self`: that of its owner; `with X`: entering it
    gives an X); of a class its bases; of an alias the name that it stands for. MORE: there is more than is listed.
    """

    kind: Kind
    parameters: str | None = None
    gives: str | None = None


def text_of(package: str, version: str, names: Mapping[str, Entry]) -> str:
    """A file with one name a line, sorted."""
    lines = [f"{json.dumps(name)}: {json.dumps(line_of(entry))}" for name, entry in sorted(names.items())]
    head = f'{{\n"package": {json.dumps(package)},\n"version": {json.dumps(version)},\n"names": {{\n'
    return head + ",\n".join(lines) + "\n}}\n"


def line_of(entry: Entry) -> str:
    """`method(url, *, params=) httpx.Response`."""
    parameters = "" if entry.parameters is None else f"({entry.parameters})"
    return entry.kind + parameters + (f" {entry.gives}" if entry.gives else "")


def entry_of(line: str) -> Entry:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"no entry of an inventory: {line!r}")
    return Entry(cast("Kind", found["kind"]), found["parameters"], found["gives"])


@lru_cache(maxsize=32)
def frozen(package: str, folder: Path = INVENTORIES) -> Mapping[str, Entry]:
    """The names of a committed inventory."""
    found = json.loads((folder / f"{package}.json").read_text(encoding="utf-8"))["names"]
    return {name: entry_of(line) for name, line in found.items()}
