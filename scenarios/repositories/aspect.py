"""What an aspect of a repository is: files that belong together, and what is true of them.

Not here: the aspects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from scenarios.repositories.vocabulary import Cast

Part: TypeAlias = int | str | list[str] | None


@dataclass(frozen=True)
class Aspect:
    """Texts by path, and facts by name: `answer_...` is true, `decoy_...` is what a hasty reader takes for it."""

    files: dict[str, str]
    parts: dict[str, Part]


Telling: TypeAlias = "Callable[[Cast, Random], Aspect]"
