"""The texts of the files that a repository is made of, kept in texts/ with `$$name` where a word goes.

Not here: the words (vocabulary), nor which files a repository has.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).with_name("texts")
HEADING: Final = re.compile(r"^==== (.+)\n", re.MULTILINE)


@lru_cache(maxsize=32)
def skeleton(name: str) -> tuple[tuple[Template, Template], ...]:
    """The files of one text: a path and what is in it, under `==== path` each."""
    _, *parts = HEADING.split((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
    return tuple(
        (Template(path), Template(text.strip("\n") + "\n")) for path, text in zip(parts[::2], parts[1::2], strict=True)
    )


def filled(name: str, words: Mapping[str, object]) -> dict[str, str]:
    """The files of a text by their paths. Raises KeyError for a word that is missing."""
    return {path.substitute(words): text.substitute(words) for path, text in skeleton(name)}
