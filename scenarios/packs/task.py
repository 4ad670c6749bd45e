"""One task of a public set, as every importer gives it.

Not here: the folders that it becomes (writing).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenarios.schema import Family, Language, Licence


class PackError(Exception):
    """A path that is not what an importer reads: one line that says what, where and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTask:
    """A task that is judged by its own published test: `pre` + answer + `tail` runs to its end.

    `wrong` are published bugs by name. `unusable` says why the task can't be judged here; the rest is then not read.
    """

    slug: str
    title: str = ""
    family: Family = "code-generation"
    language: Language = "python"
    prompt: str = ""
    entry: str | None = None
    pre: str = ""
    tail: str = ""
    reference: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    licence: Licence = "MIT"
    source: str = ""
    wall_s: float = 4.0
    unusable: str | None = None
