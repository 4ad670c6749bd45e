"""Reads targets.yaml entry by entry: what can be used, and the mistake in each entry that can't.

Not here: the shape of an entry (target_file), nor keys and addresses (targets).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from orchestration.providers.target_file import (
    Budget,
    DiscoveryRule,
    FileParts,
    HostEntry,
    HostName,
    TargetEntry,
    TargetId,
)
from orchestration.settings import OperatorError
from scenarios.errors import CatalogueError
from scenarios.marked_yaml import MarkedTree, ValuePath, parse
from scenarios.variants import first_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Checked = TypeVar("Checked", bound=BaseModel)

UNKNOWN: Final = "unknown"
_NAMED_HOSTS: Final = TypeAdapter(dict[HostName, HostEntry])
_IDS: Final = TypeAdapter(TargetId)


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in one entry, which is skipped for it. Mistakes in a target, a rule and a host stay their own."""

    kind: Literal["host", "target", "rule"]
    name: str
    error: CatalogueError

    @property
    def reason(self) -> str:
        """As it is published with a target: without the folder of the file."""
        error = self.error
        return str(CatalogueError(Path(error.file.name), error.line, error.field, error.reason))

    def __str__(self) -> str:
        return f"{self.error} ({self.kind} {self.name})"


@dataclass(frozen=True, slots=True)
class FaultyHost:
    """A host that can't be used: what its targets are called after, so far as it can be read."""

    provider: str
    address: str
    is_simulated: bool
    fault: Fault


@dataclass(frozen=True, slots=True)
class FaultyTarget:
    """A target that can't be used: its names, so far as they can be read. `target_id` is None without one of its own.

    `place` names the entry by its number.
    """

    target_id: str | None
    place: str
    label: str
    host: str
    model: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class FaultyRule:
    """A rule that can't be used. What it may have been meant for is left to a person, not to the rules after it.

    `host` and `pattern` are `*` where they can't be read.
    """

    host: str
    pattern: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class TargetEntries:
    """The entries of a targets file in its order, each as it can be used or with its fault."""

    budget: Budget
    hosts: Mapping[str, HostEntry | FaultyHost]
    targets: Sequence[TargetEntry | FaultyTarget]
    discovery: Sequence[DiscoveryRule | FaultyRule]

    @property
    def usable_hosts(self) -> dict[str, HostEntry]:
        return {name: host for name, host in self.hosts.items() if isinstance(host, HostEntry)}

    @property
    def faults(self) -> list[Fault]:
        entries = chain(self.hosts.values(), self.targets, self.discovery)
        return [entry.fault for entry in entries if isinstance(entry, (FaultyHost, FaultyTarget, FaultyRule))]


def read_target_file(path: Path) -> TargetEntries:
    """The entries of the file.

    Raises OperatorError "file:line: field: reason" for one that can't be parsed, and for a mistake outside all entries.
    """
    try:
        tree = parse(path, _text_of(path))
        parts = FileParts.model_validate_json(json.dumps(tree.value))
    except ValidationError as error:
        raise OperatorError(str(first_error(tree, error))) from None
    except CatalogueError as error:
        raise OperatorError(str(error)) from None
    reading = _Reading(tree, {name: _host(tree, name, value) for name, value in parts.hosts.items()}, parts.targets)
    return TargetEntries(
        budget=parts.budget,
        hosts=reading.hosts,
        targets=[reading.target(index) for index in range(len(parts.targets))],
        discovery=[reading.rule(index, value) for index, value in enumerate(parts.discovery)],
    )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"{path}: can't be read ({error.strerror}): name a file in AIBAAS_TARGETS_FILE") from None
    except UnicodeDecodeError:
        raise OperatorError(f"{path}: is not UTF-8 text") from None


def _host(tree: MarkedTree, name: str, value: Any) -> HostEntry | FaultyHost:
    try:
        return _NAMED_HOSTS.validate_json(json.dumps({name: value}))[name]
    except ValidationError as error:
        fault = Fault("host", name, _first_error(tree, ("hosts",), error))
    is_simulated = isinstance(value, dict) and value.get("is_simulated") is True
    return FaultyHost(_text(value, "provider") or name, _text(value, "address") or name, is_simulated, fault)


def _first_error(tree: MarkedTree, place: ValuePath, error: ValidationError) -> CatalogueError:
    first = error.errors(include_url=False, include_context=False)[0]
    reason = first["msg"].removeprefix("Value error, ")
    return tree.error((*place, *first["loc"]), reason[:1].lower() + reason[1:])


@dataclass(frozen=True, slots=True)
class _Reading:
    """Checks targets and rules beside the hosts and the other targets that they refer to."""

    tree: MarkedTree
    hosts: Mapping[str, HostEntry | FaultyHost]
    stated: Sequence[Any]

    def target(self, index: int) -> TargetEntry | FaultyTarget:
        place, value = ("targets", index), self.stated[index]
        entry = self._entry(TargetEntry, place, value, partial(self._mistake_in_target, index))
        if isinstance(entry, TargetEntry):
            return entry
        stated_id, name = _text(value, "target_id"), f"targets[{index}]"
        own_id = stated_id if _is_sound_id(stated_id) and stated_id not in self._ids(index) else None
        return FaultyTarget(
            target_id=own_id,
            place=name,
            label=_text(value, "label") or stated_id or name,
            host=_text(value, "host") or UNKNOWN,
            model=_text(value, "model") or UNKNOWN,
            fault=Fault("target", stated_id or name, entry),
        )

    def rule(self, index: int, value: Any) -> DiscoveryRule | FaultyRule:
        place = ("discovery", index)
        entry = self._entry(DiscoveryRule, place, value, partial(self._mistake_in_reference, place))
        if isinstance(entry, DiscoveryRule):
            return entry
        host, pattern = _text(value, "host"), _text(value, "pattern")
        name = f"{host or '*'} {pattern or '*'}"
        return FaultyRule(host if host and host in self.hosts else "*", pattern or "*", Fault("rule", name, entry))

    def _entry(
        self, shape: type[Checked], place: ValuePath, value: Any, mistake_in: Callable[[Any], CatalogueError | None]
    ) -> Checked | CatalogueError:
        """The entry, or the first mistake in it."""
        try:
            entry = shape.model_validate_json(json.dumps(value))
        except ValidationError as error:
            return _first_error(self.tree, place, error)
        return mistake_in(entry) or entry

    def _mistake_in_target(self, index: int, entry: TargetEntry) -> CatalogueError | None:
        place = ("targets", index)
        if entry.target_id in self._ids(index):
            return self.tree.error((*place, "target_id"), f"{entry.target_id} is stated twice")
        if entry.successor and entry.successor not in self._ids(len(self.stated)):
            return self.tree.error((*place, "successor"), f"no target {entry.successor!r} in this file")
        return self._mistake_in_reference(place, entry)

    def _mistake_in_reference(self, place: ValuePath, entry: TargetEntry | DiscoveryRule) -> CatalogueError | None:
        if entry.host not in self.hosts:
            known = ", ".join(sorted(self.hosts))
            return self.tree.error((*place, "host"), f"no host {entry.host!r} in this file (it has {known})")
        host = self.hosts[entry.host]
        if entry.route and isinstance(host, HostEntry) and host.protocol != "openrouter":
            return self.tree.error((*place, "route"), "only an openrouter host is routed")
        return None

    def _ids(self, before: int) -> set[str | None]:
        """The ids that the entries before one state."""
        return {_text(value, "target_id") for value in self.stated[:before]} - {None}


def _text(value: Any, name: str) -> str | None:
    """A field of an entry that may be of any shape, where it is a readable word or more."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) and found.strip() and found.isprintable() else None


def _is_sound_id(text: str | None) -> bool:
    try:
        _IDS.validate_python(text)
    except ValidationError:
        return False
    return True
