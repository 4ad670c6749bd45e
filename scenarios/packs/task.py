"""A published task as its set tells it, or why it is left out.

Not here: reading a set's files (one importer a set), nor what becomes of a task on disk (folder).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from scenarios.schema import Family

Language = Literal["python", "javascript"]

LONGEST_SLUG: Final = 60
LONGEST_TITLE: Final = 120


@dataclass(frozen=True, slots=True)
class Task:
    """One task: what is asked, the published test as the fields of one check, the solution, and the published bug.

    With one check the score is the published verdict: 10 or 0. `derived` is a further check of what passes it.
    """

    name: str
    slug: str
    title: str
    prompt: str
    check: Mapping[str, Any]
    reference: str
    licence: str
    source: str
    created: date
    family: Family
    wrong: str | None = None
    language: Language = "python"
    entry: str | None = None
    grader: Literal["asserts", "function"] = "asserts"
    derived: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A task that can't be graded here, and why."""

    name: str
    reason: str


class UnsuitedError(Exception):
    """What a task needs that is not here: the reason for which it is left out."""


def slug_of(*parts: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", " ".join(parts).lower())
    return words.strip("-")[:LONGEST_SLUG].strip("-")


def title_of(words: str) -> str:
    text = " ".join(words.replace("_", " ").replace("-", " ").split())
    return (text[:1].upper() + text[1:])[:LONGEST_TITLE].strip()


def fenced(code: str, language: str) -> str:
    """Code between fences that are longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code.strip(chr(10))}\n{fence}"


def asked_for(language: Language, what: str) -> str:
    return f"Answer with one fenced `{language}` block that holds {what}."
