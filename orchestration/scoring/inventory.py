"""Whether the names that code uses exist and its calls fit, by inventories of packages.

What the text does not show, or an inventory does not know, is not judged: no name is called invented on suspicion.
Not here: what an inventory says (inventory_entries), nor how uses are found (python_structure).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeGuard

from orchestration.scoring.checking import Judged
from orchestration.scoring.inventory_entries import MORE, SELF, Entry, frozen
from orchestration.scoring.inventory_text import entries_of
from orchestration.scoring.signatures import misfit
from orchestration.scoring.structure import Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from orchestration.scoring.structure import Structure
    from scenarios.checks import InventoryCheck

STANDARD: Final = "python"
ENTERING: Final = ("__enter__", "__aenter__")
STEPS: Final = re.compile(r"\(\)|[^.()]+")
MOST_ALIASES: Final = 8


class Place(NamedTuple):
    """A listed name. `owner` is the class through which it was reached; `is_instance`: a value of the class `name`.

    `is_bound`: a method reached through a value, so that self is given. `is_entered_as`: a value of an unknown class
    that `with` turns into one of `name`.
    """

    name: str
    owner: str | None = None
    is_instance: bool = False
    is_bound: bool = False
    is_entered_as: bool = False


@dataclass(frozen=True)
class Missing:
    """A name that does not exist, as one would write it in full."""

    name: str


@dataclass(frozen=True)
class Inventory:
    """Names by their dotted form, and the roots of imports that are offered."""

    names: Mapping[str, Entry]
    offered: AbstractSet[str]

    def entry(self, name: str) -> tuple[str, Entry] | None:
        """What a name stands for, behind its aliases."""
        for _ in range(MOST_ALIASES):
            found = self.names.get(name)
            if found is None or found.kind != "alias":
                return (name, found) if found else None
            name = found.gives or ""
        return None

    def place(self, name: str, owner: str | None = None, *, is_bound: bool = False) -> Place | None:
        found = self.entry(name)
        return Place(found[0], owner, is_bound=is_bound) if found else None

    def walk(self, dotted: str) -> Place | Missing | None:
        """Where a use's name leads; None when that is not known."""
        return list(self.way(dotted))[-1]

    def way(self, dotted: str) -> Iterator[Place | Missing | None]:
        """Where each step of a use's name leads: what is missing below a call is said by the use of that call."""
        first, *steps = STEPS.findall(dotted)
        place: Place | Missing | None = self.place(first) or self.place(f"builtins.{first}")
        yield place
        for step in steps:
            if isinstance(place, Place):
                place = self.called(place) if step == "()" else self.member(place, step)
            elif step == "()":
                place = None
            yield place

    def called(self, place: Place) -> Place | None:
        """What calling it gives."""
        entry = self.names[place.name]
        if place.is_entered_as:
            return Place(place.name, is_instance=True)
        if place.is_instance:
            call = self.find(place.name, "__call__")
            return self.given(call, self.names[call].gives, place.name) if call else None
        if entry.kind == "class":
            return Place(place.name, is_instance=True)
        if entry.kind in {"function", "method"}:
            return self.given(place.name, entry.gives, place.owner)
        value = self.value(place)
        return self.called(value) if value else None

    def given(self, name: str, gives: str | None, owner: str | None) -> Place | None:
        """A value of the class that an entry gives."""
        if gives == SELF:
            gives = owner or name.rpartition(".")[0]
        is_entered_as = gives is not None and gives.startswith("with ")
        found = self.entry((gives or "").removeprefix("with "))
        if found is None or found[1].kind != "class":
            return None
        return Place(found[0], is_instance=not is_entered_as, is_entered_as=is_entered_as)

    def value(self, place: Place) -> Place | None:
        """What a property or an object is, where that is known."""
        if place.is_instance or place.is_entered_as:
            return place
        return self.given(place.name, self.names[place.name].gives, place.owner)

    def member(self, place: Place, step: str) -> Place | Missing | None:
        entry = self.names[place.name]
        if place.is_entered_as:
            return place if step in ENTERING else None
        if entry.kind in {"property", "object"}:
            value = self.value(place)
            return self.member(value, step) if value else None
        if step.startswith("_"):
            return self.entering(place) if step in ENTERING else None
        if entry.kind == "module":
            inner = f"{place.name}.{step}"
            return self.place(inner) if inner in self.names else self.unless_open(place.name, entry, step)
        return self.member_of_class(place, step) if entry.kind == "class" else None

    def entering(self, place: Place) -> Place | None:
        """What `with` calls, be it `async with` or not."""
        found = next(filter(None, (self.find(place.name, step) for step in ENTERING)), None)
        return self.place(found, place.name, is_bound=True) if found and place.is_instance else None

    def unless_open(self, name: str, entry: Entry, step: str) -> Missing | None:
        return None if entry.gives == MORE else Missing(f"{name}.{step}")

    def member_of_class(self, place: Place, step: str) -> Place | Missing | None:
        found = self.find(place.name, step)
        if found:
            return self.place(found, place.name, is_bound=place.is_instance)
        if not place.is_instance and f"builtins.type.{step}" in self.names:
            return None
        is_elsewhere = self.is_open(place.name) or self.has_heir(place.name, step)
        return None if is_elsewhere else Missing(f"{place.name}.{step}")

    def find(self, name: str, step: str) -> str | None:
        """The full name of a member, of the class itself or of the nearest base that has it."""
        return next((f"{base}.{step}" for base in self.lineage(name) if f"{base}.{step}" in self.names), None)

    def lineage(self, name: str) -> Iterator[str]:
        yield name
        for base in bases_of(self.names[name]):
            found = self.entry(base)
            if found and found[1].kind == "class":
                yield from self.lineage(found[0])

    def is_open(self, name: str) -> bool:
        """Whether its values may have more than is listed."""
        every = [base for line in self.lineage(name) for base in bases_of(self.names[line])]
        return any(base == MORE or self.entry(base) is None for base in every)

    def has_heir(self, name: str, step: str) -> bool:
        """Whether a class that descends from it has the member: a value may be of that class."""
        return any(name in self.lineage(owner) for owner in self.owners.get(step, ()))

    @cached_property
    def owners(self) -> Mapping[str, Sequence[str]]:
        """The classes that have a member, by its name."""
        found: dict[str, list[str]] = {}
        for name in self.names:
            owner, _, step = name.rpartition(".")
            if owner in self.names and self.names[owner].kind == "class":
                found.setdefault(step, []).append(owner)
        return found

    def misfit(self, place: Place, use: Use) -> str | None:
        """Why a call does not fit, None when it fits or nothing is known."""
        if use.keywords is None or place.is_entered_as:
            return None
        entry = self.names[place.name]
        if place.is_instance or entry.kind in {"property", "object"}:
            value = self.value(place)
            return self.misfit_of_value(value) if value else None
        if entry.parameters is None:
            return None
        is_given = entry.kind != "method" or place.is_bound
        return misfit(entry.parameters, use.positional, use.keywords, given=0 if is_given else 1)

    def misfit_of_value(self, value: Place) -> str | None:
        is_closed = not (self.find(value.name, "__call__") or self.is_open(value.name))
        return "is not callable" if is_closed and not self.has_heir(value.name, "__call__") else None


def bases_of(entry: Entry) -> list[str]:
    return entry.gives.split(", ") if entry.gives else []


@lru_cache(maxsize=64)
def inventory_of(packages: tuple[str, ...]) -> Inventory:
    """Of some packages; the builtins are always there."""
    files = {package: frozen(package) for package in (STANDARD, *packages)}
    offered = {root for package in packages for root in roots(files[package])}
    return Inventory({name: entry for names in files.values() for name, entry in names.items()}, offered)


def roots(names: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def judge_inventory(check: InventoryCheck, structure: Structure, modules: Mapping[str, str]) -> Judged:
    """`modules` are the texts of the scenario's own ones by their names."""
    if structure.outcome != "ok":
        return Judged(check, 0.0, structure.outcome, structure.reason)
    inventory = with_modules(inventory_of(check.packages), modules)
    held, faults = judge_uses(inventory, structure.uses, structure.functions.keys())
    if faults:
        share = len(held) / (len(held) + len(faults)) if check.share == "fraction" else 0.0
        listed = (f"{fault} (line {line})" for fault, line in faults.items())
        return Judged(check, share, "wrong", f"invented: {', '.join(listed)}")
    unused = f"nothing of {', '.join(dict.fromkeys((*check.packages, *modules)))} is used"
    return Judged(check, 1.0, "ok") if held else Judged(check, 0.0, "wrong", unused)


def resolved(uses: Iterable[Use], packages: tuple[str, ...], modules: Mapping[str, str]) -> Iterator[Use]:
    """The uses by the names of the inventories, whatever leads there; those that can't be resolved are left out."""
    inventory = with_modules(inventory_of(packages), modules)
    for use in uses:
        *passed, last = inventory.way(use.name)
        yield from (Use(place.name, use.line, 0, None, use.is_sure) for place in passed if is_named(place))
        if is_named(last):
            yield use._replace(name=last.name)


def is_named(place: Place | Missing | None) -> TypeGuard[Place | Missing]:
    """Whether it is a name of an inventory, or none at all; not a value."""
    return isinstance(place, Missing) or (place is not None and not place.is_instance and not place.is_entered_as)


def with_modules(inventory: Inventory, modules: Mapping[str, str]) -> Inventory:
    """A module with a package's name stands in for it where code runs, and says nothing of what the package has."""
    own = {name: text for name, text in modules.items() if name not in inventory.offered}
    names = {name: entry for module, text in own.items() for name, entry in entries_of(module, text).items()}
    return Inventory({**inventory.names, **names}, inventory.offered | own.keys()) if own else inventory


def judge_uses(
    inventory: Inventory, uses: Iterable[Use], own: AbstractSet[str]
) -> tuple[AbstractSet[str], Mapping[str, int]]:
    """The distinct names that hold, and the faults with their lines. `own` is what the code itself defines."""
    judged = [(use, fault_of(inventory, use, own)) for use in uses]
    faults: dict[str, int] = {}
    for use, fault in judged:
        if fault:
            faults.setdefault(fault, use.line)
    faulty = {use.name for use, fault in judged if fault}
    return {use.name for use, fault in judged if fault == ""} - faulty, faults


def fault_of(inventory: Inventory, use: Use, own: AbstractSet[str]) -> str | None:
    """What is wrong with a use, "" when it holds, None when it is not judged, as a right use of a builtin."""
    root = STEPS.findall(use.name)[0] if use.name[0] != "." else use.name
    is_offered = root in inventory.offered
    is_builtin = not is_offered and f"builtins.{root}" in inventory.names
    if root.startswith("__") or (root in own and not is_offered):
        return None
    if not (is_offered or is_builtin):
        return f"{root} is not offered"
    place = inventory.walk(use.name) if use.is_sure else None
    if place is None or isinstance(place, Missing):
        return place.name if place else None
    misfit = inventory.misfit(place, use)
    return f"{place.name}: {misfit}" if misfit else (None if is_builtin else "")
