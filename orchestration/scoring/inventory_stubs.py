"""What the stubs that come with mypy say of the standard library, for the version of Python that runs.

Not here: how a stub's text is read (inventory_text), nor what is made of it (inventory_making).
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orchestration.scoring.inventory_text import entries_of, is_public

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orchestration.scoring.inventory_entries import Entry

MOST_STEPS: Final = 8


class Stubs:
    """Raises ModuleNotFoundError without mypy."""

    def __init__(self) -> None:
        found = importlib.util.find_spec("mypy")
        if found is None or found.origin is None:
            raise ModuleNotFoundError("mypy, whose stubs describe the standard library, is not installed")
        self.folder = Path(found.origin).with_name("typeshed") / "stdlib"

    @lru_cache(maxsize=512)  # noqa: B019 (one lives as long as the command)
    def module(self, name: str) -> Mapping[str, Entry]:
        place = self.folder.joinpath(*name.split("."))
        for file in (place.with_suffix(".pyi"), place / "__init__.pyi"):
            if file.is_file():
                tree = of_this_version(file.read_text(encoding="utf-8"))
                shown = {f"{name}.{attribute}" for attribute in reexported(tree)}
                entries = entries_of(name, ast.unparse(tree), is_package=file.stem == "__init__")
                return {key: entry for key, entry in entries.items() if entry.kind != "alias" or key in shown}
        return {}

    def entry(self, name: str) -> Entry | None:
        """What is said of a dotted name, behind all aliases and inherited from all bases."""
        return self.at(self.home_of(name))

    def at(self, name: str) -> Entry | None:
        parts = name.split(".")
        for end in range(len(parts) - 1, 0, -1):
            entries = self.module(".".join(parts[:end]))
            if entries:
                return entries.get(name) or self.inherited(entries, name)
        return None

    def inherited(self, entries: Mapping[str, Entry], name: str) -> Entry | None:
        owner, _, attribute = name.rpartition(".")
        bases = entries[owner].gives if owner in entries and entries[owner].kind == "class" else None
        found = (self.entry(f"{base}.{attribute}") for base in (bases or "").split(", ") if base.count("."))
        return next((entry for entry in found if entry), None)

    def home_of(self, name: str) -> str:
        """The name where the thing is declared."""
        for _ in range(MOST_STEPS):
            step = self.one_step(name)
            if step is None:
                break
            name = step
        return name

    def one_step(self, name: str) -> str | None:
        """A name with the alias in it followed, None without one."""
        parts = name.split(".")
        for end in range(len(parts), 1, -1):
            prefix = ".".join(parts[:end])
            module = prefix.rpartition(".")[0]
            declared = self.module(module).get(prefix)
            if declared and declared.kind == "alias" and declared.gives != prefix:
                return ".".join([declared.gives or "", *parts[end:]])
            for star in self.stars(module) if not declared else ():
                if f"{star}.{parts[end - 1]}" in self.module(star):
                    return ".".join([star, *parts[end - 1 :]])
        return None

    def stars(self, module: str) -> list[str]:
        """The modules whose every name a module takes over."""
        found = self.module(module).get(f"{module}.*")
        return (found.gives or "").split(", ") if found else []

    def names(self, owner: str) -> Iterator[str]:
        """The public names of a module or class: also those of other platforms."""
        home = self.home_of(owner)
        entries = self.module(home) or self.module(home.rpartition(".")[0])
        for name in entries:
            prefix, _, attribute = name.rpartition(".")
            if prefix == home and is_public(attribute) and attribute != "*":
                yield attribute
        for star in self.stars(home):
            yield from self.names(star)


def of_this_version(text: str) -> ast.Module:
    """A stub without the branches of other versions; those of other platforms stay."""
    tree = ast.parse(text)
    return ast.Module(list(kept(tree.body)), [])


def kept(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.If):
            holds = version_holds(statement.test)
            yield from kept([*(statement.body if holds is not False else []), *(statement.orelse if not holds else [])])
            continue
        if isinstance(statement, ast.ClassDef):
            statement.body = list(kept(statement.body)) or [ast.Pass()]
        yield statement


def reexported(tree: ast.Module) -> Iterator[str]:
    """What a stub imports for others: `*`, and what it renames to the same name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (item.name for item in node.names if item.name in {"*", item.asname})


def version_holds(test: ast.expr) -> bool | None:
    """None for a condition that is not about the version alone."""
    text = ast.unparse(test)
    if "version_info" not in text or "platform" in text:
        return None
    condition: Any = eval(text, {"sys": sys})  # noqa: S307 (a comparison in an installed stub)
    return bool(condition)
