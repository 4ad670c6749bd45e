"""What every repository has: a package for each area of its trade, tests, and modules that fill it up.

Not here: what a question is about (the aspects).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenarios.repositories.skeletons import filled, skeleton
from scenarios.repositories.vocabulary import words_of

if TYPE_CHECKING:
    from random import Random

    from scenarios.repositories.vocabulary import Cast, Noun

LINK: Final = "from {package}.{many}.service import add_{amount}"
FOLLOW: Final = '''

def charge_to_{one}(connection: Any, ref: str, other_ref: str) -> int:
    """Adds the {own_amount} of {own_a} {own} to {a} {one}. Raises LookupError when one of them is missing."""
    item = store.fetch_{own}(connection, ref)
    if item is None:
        raise LookupError(ref)
    return add_{amount}(connection, other_ref, item.{own_amount})'''


def base_files(cast: Cast, rng: Random) -> dict[str, str]:
    files = filled("base", cast.words)
    for noun, below in zip(cast.areas, (*cast.areas[1:], None), strict=True):
        files |= filled("area", area_words(cast, rng, noun) | links(cast, noun, below))
    for noun in rng.sample(cast.areas, 2):
        files |= filled("area_tests", area_words(cast, rng, noun))
    return files


def area_words(cast: Cast, rng: Random, noun: Noun) -> dict[str, object]:
    numbers = {"few": rng.randint(2, 6), "some": rng.randint(12, 60), "most": rng.randint(70, 400)}
    names = {"COUNT": noun.count.upper(), "AMOUNT": noun.amount.upper(), "PREFIX": noun.one[:2].upper()}
    return {"pkg": cast.package, "big": rng.randint(10, 90) * 1000, **words_of(noun), **numbers, **names}


def links(cast: Cast, noun: Noun, below: Noun | None) -> dict[str, str]:
    """How the service of an area uses that of the area below it."""
    if below is None:
        return {"link": "", "follow": ""}
    words = {
        "package": cast.package,
        "own": noun.one,
        "own_a": words_of(noun)["a"],
        "own_amount": noun.amount,
        **words_of(below),
    }
    return {"link": LINK.format(**words), "follow": FOLLOW.format(**words)}


def filler_files(cast: Cast, rng: Random, count: int) -> dict[str, str]:
    """Modules of which nothing else knows; as many as are asked for, while there are other ones."""
    places = [(noun, number) for noun in cast.areas for number in range(len(skeleton("fillers")))]
    files: dict[str, str] = {}
    for noun, number in rng.sample(places, min(max(count, 0), len(places))):
        path, text = skeleton("fillers")[number]
        words = area_words(cast, rng, noun)
        files[path.substitute(words)] = text.substitute(words)
    return files
