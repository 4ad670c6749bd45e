"""What the published inputs of a function show of its domain: types, ranges, alphabets, lengths, traits, relations.

Not here: making further inputs (neighbours), nor which of them are kept (orchestration.scoring).

An input lies in the domain when it is as the published ones are in all that is looked at here. What the task leaves
open is so left alone, at the price of right inputs that are not used: three lists that happen to be sorted ask for
sorted ones.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sized
from dataclasses import dataclass
from itertools import chain, pairwise, permutations
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Input = tuple[Any, ...]

SEQUENCES: Final = (list, tuple)
LONGEST_RECORD: Final = 4
"""Sequences that are all of one such length are records: each place has a domain of its own."""

LARGEST_PRIME: Final = 10**7
MANY_LETTERS: Final = 10
MANY_DIGITS: Final = 5
TOKEN: Final = re.compile(r"\d+|[^\W\d_]+|.", re.DOTALL)
OPENED_BY: Final = {")": "(", "]": "[", "}": "{", ">": "<"}


def literal(value: Any) -> str:
    """Python text of a value, the same for equal sets."""
    if isinstance(value, set | frozenset):
        inside = "{" + ", ".join(sorted(map(literal, value))) + "}" if value else "set()"
        return inside if isinstance(value, set) else f"frozenset({inside})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    return repr(value)


def kind_of(value: Any) -> str:
    return type(value).__name__


def size_of(value: Any) -> float:
    """The number itself, or how many parts there are; 0 of what has neither."""
    if isinstance(value, int | float):
        return value
    return len(value) if isinstance(value, Sized) else 0


def members_of(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return sorted(value, key=literal) if isinstance(value, set | frozenset) else value


def tokens_of(text: str) -> list[Any]:
    """Numbers, words and single characters; a number that starts with 0 is a word."""
    return [int(token) if token.isdecimal() and str(int(token)) == token else token for token in TOKEN.findall(text)]


def class_of(token: Any) -> str:
    """What stands in one place of texts that are made alike."""
    if isinstance(token, int) or token.isdecimal():
        return "0"
    return "a" if token.isalpha() else str(token)


def outline_of(text: str) -> tuple[str, ...]:
    return tuple(map(class_of, tokens_of(text)))


def letter_of(character: str) -> str:
    """A character's class: digit, lower or upper case letter; any other stands for itself."""
    if character.isdecimal():
        return "0"
    return ("A" if character.isupper() else "a") if character.isalpha() else character


def joints_of(text: str) -> set[tuple[str, str]]:
    """The pairs of classes that stand side by side, both ends included."""
    return set(pairwise(["start", *map(letter_of, text), "end"]))


def is_balanced(text: str) -> bool:
    opened: list[str] = []
    for character in text:
        if character in OPENED_BY.values():
            opened.append(character)
        elif character in OPENED_BY and (not opened or opened.pop() != OPENED_BY[character]):
            return False
    return not opened


def is_ascending(items: Sequence[Any]) -> bool:
    try:
        return all(one <= other for one, other in pairwise(items))
    except TypeError:
        return False


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def flat(rows: Sequence[Any]) -> list[Any]:
    return list(chain.from_iterable(row if isinstance(row, SEQUENCES) else [row] for row in rows))


def is_distinct(items: Sequence[Any]) -> bool:
    return len(set(map(literal, items))) == len(items)


def is_consecutive(items: Sequence[Any]) -> bool:
    return all(type(item) is int for item in items) and sorted(items) == list(
        range(min(items, default=0), min(items, default=0) + len(items))
    )


def row_lengths(rows: Sequence[Any]) -> set[int]:
    return {len(row) for row in rows if isinstance(row, str | list | tuple)}


def is_prime(number: float) -> bool:
    """False of what is too large to be looked at here."""
    if number < 2 or number > LARGEST_PRIME or number != int(number):  # noqa: PLR2004 - the least prime
        return False
    return all(number % divisor for divisor in range(2, math.isqrt(int(number)) + 1))


NUMBER_TRAITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "not zero": bool,
    "even": lambda number: number % 2 == 0,
    "odd": lambda number: number % 2 == 1,
    "whole": lambda number: number == int(number),
    "prime": is_prime,
    "not prime": lambda number: not is_prime(number),
}
LENGTH_TRAITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "of even length": lambda items: len(items) % 2 == 0,
    "of odd length": lambda items: len(items) % 2 == 1,
    "the same backwards": lambda items: items == items[::-1],
    "all different": is_distinct,
}
TEXT_TRAITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    **LENGTH_TRAITS,
    "balanced": is_balanced,
    "a number": is_number,
    "words all different": lambda text: is_distinct(text.split()),
}
SEQUENCE_TRAITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    **LENGTH_TRAITS,
    "ascending": is_ascending,
    "descending": lambda items: is_ascending(items[::-1]),
    "rows of one length": lambda items: len(row_lengths(items)) <= 1,
    "square": lambda items: row_lengths(items) <= {len(items)},
    "different in all rows": lambda items: is_distinct(flat(items)),
    "consecutive": lambda items: is_consecutive(flat(items)),
    "of one kind": lambda items: len(set(map(kind_of, items))) <= 1,
}
TRAITS: Final[Mapping[str, Mapping[str, Callable[[Any], bool]]]] = {
    "int": NUMBER_TRAITS,
    "float": NUMBER_TRAITS,
    "str": TEXT_TRAITS,
    "list": SEQUENCE_TRAITS,
    "tuple": SEQUENCE_TRAITS,
}


@dataclass(frozen=True, slots=True)
class Place:
    """The values that one place of the inputs holds, and what all of them have in common.

    `spans` are the least and the largest size by kind; `words` and `forms` those of texts, where they are always the
    same; `fields` the places of a record, `members` that of all parts.
    """

    seen: tuple[Any, ...]
    spans: Mapping[str, tuple[float, float]]
    traits: Mapping[str, tuple[str, ...]]
    decimals: int
    alphabet: frozenset[str]
    joints: frozenset[tuple[str, str]]
    words: frozenset[str] | None
    forms: frozenset[str] | None
    outline: tuple[str, ...] | None
    fields: tuple[Place, ...]
    members: Place | None

    def holds(self, value: Any) -> bool:
        """Whether the value is as the ones that were seen."""
        kind = kind_of(value)
        if not self.has_size(value) or not all(TRAITS[kind][name](value) for name in self.traits[kind]):
            return False
        if isinstance(value, str):
            return self.holds_text(value)
        if isinstance(value, float):
            return round(value, self.decimals) == value
        return not isinstance(value, list | tuple | set | frozenset | dict) or self.holds_parts(members_of(value))

    def has_size(self, value: Any) -> bool:
        """Whether a value is of a kind that was seen, and neither smaller nor larger."""
        low, high = self.spans.get(kind_of(value), (1, 0))
        return low <= size_of(value) <= high

    def holds_text(self, text: str) -> bool:
        if self.outline is not None and (outline_of(text) != self.outline or not self.holds_parts(tokens_of(text))):
            return False
        if self.words is not None and not self.words.issuperset(words_of(text)):
            return False
        if self.forms is not None and form_of(text) not in self.forms:
            return False
        return self.alphabet.issuperset(text) and self.joints >= joints_of(text)

    def holds_parts(self, parts: Sequence[Any]) -> bool:
        if self.fields:
            return all(place.holds(part) for place, part in zip(self.fields, parts, strict=True))
        return (self.members is not None and all(map(self.members.holds, parts))) or not parts


def place_of(values: Sequence[Any]) -> Place:
    seen = tuple({literal(value): value for value in values}.values())
    by_kind: dict[str, list[Any]] = {}
    for value in seen:
        by_kind.setdefault(kind_of(value), []).append(value)
    texts = by_kind.get("str", [])
    outlines = set(map(outline_of, texts))
    outline = outlines.pop() if len(outlines) == 1 < len(texts) == len(seen) else None
    if outline is not None and len(outline) == 1:
        outline = None
    parts = [members_of(value) for value in seen if isinstance(value, list | tuple | set | frozenset | dict)]
    parts += [tokens_of(text) for text in texts if outline]
    fields = fields_of(parts, is_text=outline is not None)
    members = [member for part in parts for member in part]
    return Place(
        seen=seen,
        spans={kind: (min(map(size_of, some)), max(map(size_of, some))) for kind, some in by_kind.items()},
        traits={kind: shared_traits(kind, some) for kind, some in by_kind.items()},
        decimals=max((decimals_of(value) for value in by_kind.get("float", [])), default=0),
        alphabet=alphabet_of(texts),
        joints=frozenset(chain.from_iterable(map(joints_of, texts))),
        words=vocabulary_of(texts),
        forms=forms_of(texts),
        outline=outline,
        fields=fields,
        members=place_of(members) if members and not fields else None,
    )


def alphabet_of(texts: Sequence[str]) -> frozenset[str]:
    """The characters that were seen; where these are many letters, or digits, all of the same case, or all digits."""
    seen = set(chain.from_iterable(texts))
    for known, least in ((ascii_lowercase, MANY_LETTERS), (digits, MANY_DIGITS)):
        if len(set(known) & set(map(str.lower, seen))) >= least:
            seen |= {letter for case in (known, known.upper()) if seen.intersection(case) for letter in case}
    return frozenset(seen)


def vocabulary_of(texts: Sequence[str]) -> frozenset[str] | None:
    """The words of texts of several words, where most of them stand in other texts as well; else there may be more."""
    count = Counter(chain.from_iterable(map(words_of, texts)))
    return frozenset(count) if any(len(text.split()) > 1 for text in texts) and is_closed(count) else None


def forms_of(texts: Sequence[str]) -> frozenset[str] | None:
    """The forms that several texts have, where most texts have one of those: another one is an exception."""
    count = Counter(map(form_of, texts))
    return frozenset(form for form, times in count.items() if times > 1) if is_closed(count) else None


def is_closed(count: Counter[str]) -> bool:
    return sum(times for times in count.values() if times > 1) >= max(1, count.total() / 2)


def words_of(text: str) -> set[str]:
    return {word for word in text.split() if not word.isdecimal()}


def form_of(text: str) -> str:
    """The text with 0 for every digit and one a for every word."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "0", text))


def fields_of(parts: Sequence[Sequence[Any]], *, is_text: bool) -> tuple[Place, ...]:
    lengths = set(map(len, parts))
    if len(lengths) != 1 or len(parts) == 1:
        return ()
    length = lengths.pop()
    return tuple(map(place_of, zip(*parts, strict=True))) if is_text or length <= LONGEST_RECORD else ()


def shared_traits(kind: str, values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(name for name, has_it in TRAITS.get(kind, {}).items() if all(map(has_it, values)))


def decimals_of(number: float) -> int:
    text = repr(number)
    return 0 if "e" in text or "n" in text else len(text.partition(".")[2].rstrip("0"))


def is_in(one: Any, other: Any) -> bool:
    if isinstance(other, str):
        return isinstance(one, str) and one in other
    return isinstance(other, list | tuple | set | dict) and literal(one) in set(map(literal, other))


RELATIONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "at most": lambda one, other: size_of(one) <= size_of(other),
    "less": lambda one, other: size_of(one) < size_of(other),
    "as long": lambda one, other: size_of(one) == size_of(other),
    "one shorter": lambda one, other: size_of(one) + 1 == size_of(other),
    "in": is_in,
    "not in": lambda one, other: isinstance(other, str | list | tuple | set | dict) and not is_in(one, other),
    "not the same": lambda one, other: literal(one) != literal(other),
}


@dataclass(frozen=True, slots=True)
class Domain:
    """The places of the arguments, and the relations between two of them, by the number of arguments."""

    inputs: tuple[Input, ...]
    places: Mapping[int, tuple[Place, ...]]
    relations: Mapping[int, tuple[tuple[int, str, int], ...]]

    def holds(self, given: Input) -> bool:
        places = self.places.get(len(given), ())
        return (
            len(places) == len(given)
            and all(place.holds(value) for place, value in zip(places, given, strict=True))
            and all(RELATIONS[name](given[one], given[other]) for one, name, other in self.relations[len(given)])
        )


def domain_of(inputs: Sequence[Input]) -> Domain:
    by_count: dict[int, list[Input]] = {}
    for given in inputs:
        by_count.setdefault(len(given), []).append(given)
    return Domain(
        inputs=tuple(inputs),
        places={count: tuple(map(place_of, zip(*some, strict=True))) for count, some in by_count.items()},
        relations={count: tuple(relations_in(some)) for count, some in by_count.items()},
    )


def relations_in(inputs: Sequence[Input]) -> Iterator[tuple[int, str, int]]:
    for one, other in permutations(range(len(inputs[0])), 2):
        for name, holds in RELATIONS.items():
            if all(holds(given[one], given[other]) for given in inputs):
                yield one, name, other
