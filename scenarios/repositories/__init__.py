"""Small repositories of code, made from a question and a seed, and what is true of them.

Not here: the questions themselves; a scenario's prompt asks them, and its checks name the facts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any, Final, Literal

from scenarios.repositories import callers, events, failures, imports, migrations, releases, review, routes, settings
from scenarios.repositories.base import base_files, filler_files
from scenarios.repositories.vocabulary import cast_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenarios.repositories.aspect import Part, Telling

Question = Literal["callers", "events", "failures", "imports", "migrations", "releases", "review", "routes", "settings"]
ASPECTS: Final[Mapping[Question, Telling]] = {
    "callers": callers.told,
    "events": events.told,
    "failures": failures.told,
    "imports": imports.told,
    "migrations": migrations.told,
    "releases": releases.told,
    "review": review.told,
    "routes": routes.told,
    "settings": settings.told,
}

COMPANY: Final = 0.8
"""The share of a repository that aspects may take which nobody asks about; what is left, modules fill up."""


@dataclass(frozen=True)
class Repository:
    """Texts by path, in the order of paths, and the facts of its question by name."""

    files: Mapping[str, str]
    parts: Mapping[str, Part]

    @property
    def listing(self) -> str:
        """All files as one text, each below a line with its path."""
        return "\n".join(f"==== {path}\n{text}" for path, text in self.files.items())

    @property
    def values(self) -> dict[str, Any]:
        """What a template may name. A fact that is no text and no number is there as JSON too: `answer_x_json`."""
        written = {f"{name}_json": json.dumps(part) for name, part in self.parts.items() if not is_plain(part)}
        return {"listing": self.listing, **self.parts, **written}


def is_plain(part: Part) -> bool:
    return isinstance(part, int | str) and not isinstance(part, bool)


@lru_cache(maxsize=128)
def repository(question: Question, size: int, seed: int) -> Repository:
    """The repository of a seed, with `size` files of which the question needs some; always the same."""
    rng = Random(f"{question} {seed}")  # noqa: S311 (names and numbers, no secrets)
    cast = cast_of(rng, seed)
    own = ASPECTS[question](cast, rng)
    files = base_files(cast, rng) | own.files
    for other in rng.sample(sorted(ASPECTS.keys() - {question}), len(ASPECTS) - 1):
        company = ASPECTS[other](cast, rng).files
        if len(files) + len(company) <= size * COMPANY:
            files |= company
    files |= filler_files(cast, rng, size - len(files))
    return Repository(dict(sorted(files.items())), own.parts)
