"""Whether a call fits a signature that is written as in an inventory: `a, b=, *, c=`, forms parted by ` | `.

Not here: where signatures come from (inventory_making, inventory_text).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Set as AbstractSet

UNKNOWN_COUNT = -1
UNKNOWN_KEYWORDS = "**"


@dataclass(frozen=True)
class Signature:
    """One form of a function. `positional` in their order; `has_rest` and `has_any` are `*args` and `**kwargs`."""

    positional: tuple[str, ...]
    keywords: AbstractSet[str]
    required: AbstractSet[str]
    has_rest: bool
    has_any: bool

    def misfit(self, positional: int, keywords: Collection[str]) -> str | None:
        """Why a call does not fit, as far as its text shows what it passes."""
        named = [word for word in keywords if word != UNKNOWN_KEYWORDS]
        unknown = next((word for word in named if word not in self.keywords), None)
        if unknown and not self.has_any:
            return f"no argument {unknown}"
        if positional == UNKNOWN_COUNT:
            return None
        if positional > len(self.positional) and not self.has_rest:
            return f"{positional} positional arguments"
        given = set(self.positional[:positional])
        twice = next((word for word in named if word in given & self.keywords), None)
        if twice:
            return f"the argument {twice} twice"
        is_short = self.required - given - set(named) and UNKNOWN_KEYWORDS not in keywords
        return "an argument is missing" if is_short else None


@lru_cache(maxsize=4096)
def signatures_of(text: str) -> tuple[Signature, ...]:
    return tuple(signature_of(form.split(", ") if form else []) for form in text.split(" | "))


def signature_of(words: list[str]) -> Signature:
    star = next((index for index, word in enumerate(words) if word.startswith("*")), len(words))
    only = words.index("/") if "/" in words else 0
    named = [word for word in words if word != "/" and not word.startswith("*")]
    positional = [word.rstrip("=") for word in words[:star] if word != "/"]
    return Signature(
        positional=tuple(positional),
        keywords=frozenset(word.rstrip("=") for word in named) - frozenset(positional[:only]),
        required=frozenset(word for word in named if not word.endswith("=")),
        has_rest=any(word.startswith("*") and word != "*" and not word.startswith("**") for word in words),
        has_any=any(word.startswith("**") for word in words),
    )


def misfit(text: str, positional: int, keywords: Collection[str], *, given: int = 0) -> str | None:
    """Why a call fits no form of a signature. `given`: arguments that come before the listed ones, as self does."""
    if positional != UNKNOWN_COUNT:
        if positional < given:
            return "an argument is missing"
        positional -= given
    faults = [signature.misfit(positional, keywords) for signature in signatures_of(text)]
    return None if None in faults else faults[0]
