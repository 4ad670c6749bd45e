"""Texts and trees with `{{name}}` or `{{name.part}}` in them, and what they become for given values.

Not here: which values a seed picks (variants).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenarios.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scenarios.marked_yaml import MarkedTree, ValuePath

PLACEHOLDER = re.compile(r"\{\{([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?\}\}")


class UnknownPlaceholderError(Exception):
    """A placeholder that no value fits; carries its position in the text."""

    def __init__(self, match: re.Match[str], reason: str) -> None:
        super().__init__(reason)
        self.placeholder = match.group()
        self.position = match.start()


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A text file, or what follows its header: `first_line` is the line of the file on which `text` starts."""

    path: Path
    text: str
    first_line: int = 1

    def render(self, values: Mapping[str, Any]) -> str:
        """Raises CatalogueError with the line of a placeholder that has no value."""
        try:
            return render_text(self.text, values)
        except UnknownPlaceholderError as error:
            line = self.first_line + self.text.count("\n", 0, error.position)
            raise CatalogueError(self.path, line, error.placeholder, str(error)) from None


@dataclass(frozen=True, slots=True)
class SolutionTemplate:
    """A solution file without its header; `name` is `reference` or `wrong_<what>`. `turns` is that of a dialogue."""

    name: str
    template: TextTemplate
    expected_score: float
    note: str
    turns: MarkedTree | None = None


@dataclass(frozen=True, slots=True)
class _TreeRendering:
    """Walks a tree and knows where it is, so that a bad placeholder is reported with its line."""

    tree: MarkedTree
    values: Mapping[str, Any]

    def rendered(self, value: Any, path: ValuePath) -> Any:
        if isinstance(value, str):
            return self.text(value, path) if self.values and "{{" in value else value
        if isinstance(value, dict):
            return {str(self.rendered(key, path)): self.rendered(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.rendered(item, (*path, index)) for index, item in enumerate(value)]
        return value

    def text(self, value: str, path: ValuePath) -> Any:
        """A text that is one placeholder and nothing else takes the type of the parameter's value."""
        whole = PLACEHOLDER.fullmatch(value)
        try:
            return value_for(whole, self.values) if whole else render_text(value, self.values)
        except UnknownPlaceholderError as error:
            raise self.tree.error(path, f"{error.placeholder}: {error}") from None


def render_tree(tree: MarkedTree, values: Mapping[str, Any]) -> Any:
    """The tree's value with every text in it rendered. Raises CatalogueError with the line of a bad placeholder."""
    return _TreeRendering(tree, values).rendered(tree.value, ())


def render_text(text: str, values: Mapping[str, Any]) -> str:
    """The text with its placeholders filled; without any value it is no template and stays as it is."""
    return PLACEHOLDER.sub(lambda match: written(match, values), text) if values and "{{" in text else text


def written(match: re.Match[str], values: Mapping[str, Any]) -> str:
    value = value_for(match, values)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UnknownPlaceholderError(match, "only a text or a number can stand inside a text")
    return str(value)


def value_for(match: re.Match[str], values: Mapping[str, Any]) -> Any:
    name, part = match.groups()
    if name not in values:
        raise UnknownPlaceholderError(match, f"no parameter {name!r}, there are: {', '.join(values) or 'none'}")
    value = values[name]
    if part is None:
        return value
    if not isinstance(value, dict) or part not in value:
        raise UnknownPlaceholderError(match, f"the parameter {name!r} has no part {part!r}")
    return value[part]
