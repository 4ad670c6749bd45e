"""YAML restricted to what JSON can hold, with the line of every value.

Not here: what the values mean (schema), nor placeholders in them (templates).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml

from scenarios.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ValuePath: TypeAlias = tuple[str | int, ...]

DEEPEST_NESTING: Final = 32
CONSTANTS: Final[Mapping[str, bool | None]] = {"": None, "~": None, "null": None, "true": True, "false": False}
INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
FLOAT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:e[-+]?[0-9]{1,3})?|e[-+]?[0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class MarkedTree:
    """A parsed file: its value, and the line on which each part of it starts."""

    file: Path
    value: Any
    lines: Mapping[ValuePath, int] = field(repr=False)

    def known_path(self, location: ValuePath) -> ValuePath:
        """The parts of `location` that exist in the file; a validator puts names of its own models between them."""
        known: ValuePath = ()
        for part in location:
            if (*known, part) in self.lines:
                known = (*known, part)
        return known

    def error(self, location: ValuePath, reason: str) -> CatalogueError:
        """An error about the value at `location`, or about the nearest part of it that the file has."""
        known = self.known_path(location)
        named = known if location[-1:] in ((), known[-1:]) else (*known, location[-1])
        return CatalogueError(self.file, self.lines.get(known, 1), dotted(named), reason)


def dotted(path: ValuePath) -> str:
    """`("calls", 0, "args")` as people write it: `calls[0].args`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".") or "(file)"


@dataclass(slots=True)
class _Reading:
    """Turns events into values and notes their lines.

    Events and not composed nodes: libyaml's composer recurses in C and ends the process on a deep file.
    """

    file: Path
    events: yaml.CSafeLoader
    lines: dict[ValuePath, int] = field(default_factory=dict)

    def document(self) -> Any:
        """The one document of the stream."""
        self.next_event()
        if isinstance(self.next_event(), yaml.StreamEndEvent):
            raise CatalogueError(self.file, 1, "(file)", "the file is empty")
        value = self.value_of(self.next_event(), ())
        self.next_event()
        after = self.next_event()
        if not isinstance(after, yaml.StreamEndEvent):
            raise CatalogueError(self.file, line_of(after), "(file)", "a second document: there may be one only")
        return value

    def next_event(self) -> Any:
        return self.events.get_event()

    def value_of(self, event: Any, path: ValuePath) -> Any:
        """The value that starts with `event`, whose line may be noted already as that of its key."""
        line = self.lines.setdefault(path, line_of(event))
        if isinstance(event, yaml.AliasEvent):
            raise CatalogueError(self.file, line, dotted(path), "aliases are not allowed: write the value out")
        if getattr(event, "tag", None) is not None:
            raise CatalogueError(self.file, line, dotted(path), f"the YAML tag {event.tag} is not allowed")
        if len(path) > DEEPEST_NESTING:
            raise CatalogueError(self.file, line, dotted(path[:3]), f"nested deeper than {DEEPEST_NESTING} levels")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        return scalar_of(event)

    def mapping(self, path: ValuePath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := self.next_event(), yaml.MappingEndEvent):
            key = self.key_of(event, path)
            place = (*path, key)
            if key in mapping:
                reason = f"duplicate key, first on line {self.lines[place]}"
                raise CatalogueError(self.file, line_of(event), dotted(place), reason)
            self.lines[place] = line_of(event)
            mapping[key] = self.value_of(self.next_event(), place)
        return mapping

    def key_of(self, event: Any, path: ValuePath) -> str:
        key = scalar_of(event) if isinstance(event, yaml.ScalarEvent) and event.tag is None else None
        if not isinstance(key, str):
            raise CatalogueError(self.file, line_of(event), dotted(path), "a key must be text: quote it")
        return key

    def sequence(self, path: ValuePath) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self.next_event(), yaml.SequenceEndEvent):
            items.append(self.value_of(event, (*path, len(items))))
        return items


def scalar_of(event: Any) -> Any:
    """Knows null, true, false and decimal numbers only: no dates, no `yes`, no `1:30`, no octal."""
    text: str = event.value
    is_plain: bool = event.implicit[0]
    if not is_plain:
        return text
    if text in CONSTANTS:
        return CONSTANTS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text


def line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1


def parse(file: Path, text: str) -> MarkedTree:
    """The value of a YAML text. Raises CatalogueError for broken YAML, aliases, duplicate keys and tags."""
    try:
        reading = _Reading(file, yaml.CSafeLoader(text))
        return MarkedTree(file, reading.document(), reading.lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogueError(file, line, "(file)", f"not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise CatalogueError(file, 1, "(file)", f"not YAML: {' '.join(str(error).split())}") from None
