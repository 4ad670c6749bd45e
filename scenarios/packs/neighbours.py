"""Further inputs near the published ones: small seeded changes by type, as EvalPlus makes them (Liu et al. 2023).

Not here: what the domain is (domain), nor what the right output of an input is (orchestration.scoring).
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

from scenarios.packs.domain import kind_of, literal, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scenarios.packs.domain import Domain, Input, Place

TRIES_FOR_EACH: Final = 5
MOST_STEPS: Final = 4
LONGEST_INPUT: Final = 500
"""Characters of an input's text."""

FAR: Final = 2.0**53


def neighbours(domain: Domain, key: str, most: int) -> list[Input]:
    """At most `most` inputs of the domain that are not published, the same ones for the same key."""
    rng = random.Random(key)  # noqa: S311 - no secret
    known = {literal(given) for given in domain.inputs}
    grown = list(domain.inputs)
    for _ in range(TRIES_FOR_EACH * most):
        given = changed_input(rng.choice(grown), domain, rng)
        text = literal(given)
        if text not in known and len(text) <= LONGEST_INPUT and domain.holds(given):
            known.add(text)
            grown.append(given)
            if len(grown) - len(domain.inputs) == most:
                break
    return grown[len(domain.inputs) :]


def changed_input(given: Input, domain: Domain, rng: random.Random) -> Input:
    places = domain.places[len(given)]
    values = list(given)
    for _ in range(rng.randint(1, MOST_STEPS) if values else 0):
        index = rng.randrange(len(values))
        values[index] = changed(values[index], places[index], rng)
        if len(values) > 1 and rng.random() < 1 / 4:
            values[index] = borrowed(values, index, rng)
    return tuple(values)


def borrowed(values: Sequence[Any], index: int, rng: random.Random) -> Any:
    """Another argument, a part or the length of one: so the places of an input meet."""
    other = values[rng.choice([place for place in range(len(values)) if place != index])]
    parts = list(other) if isinstance(other, str | list | tuple | set | dict) else []
    return rng.choice([other, *([rng.choice(parts), len(parts)] if parts else [])])


def changed(value: Any, place: Place, rng: random.Random) -> Any:
    """A value near this one, or another that was seen in its place. It may lie outside of the domain."""
    change = CHANGES.get(type(value))
    if change is None or kind_of(value) not in place.spans or rng.random() < 1 / 8:
        return rng.choice(place.seen)
    return change(value, place, rng)


def changed_bool(value: bool, _place: Place, _rng: random.Random) -> bool:
    return not value


def changed_int(value: int, place: Place, rng: random.Random) -> int:
    low, high = (int(end) for end in place.spans.get("int", (value, value)))
    ways: list[Callable[[], int]] = [
        lambda: value + rng.choice([-2, -1, 1, 2]),
        lambda: -value,
        lambda: rng.choice([value // 2, value * 2]),
        lambda: rng.randint(low, high),
        lambda: rng.randint(low, min(high, low + 10)),
        lambda: rng.randint(max(low, -10), max(low, -10, min(high, 20))),
    ]
    return rng.choice(ways)()


def changed_float(value: float, place: Place, rng: random.Random) -> float:
    low, high = place.spans.get("float", (value, value))
    step = 10.0**-place.decimals
    ways: list[Callable[[], float]] = [
        lambda: value + rng.choice([-1, 1]) * step,
        lambda: value + rng.choice([-1.0, -0.5, 0.5, 1.0]),
        lambda: float(int(value)),
        lambda: -value,
        lambda: rng.uniform(low, high),
    ]
    return round(rng.choice(ways)(), place.decimals)


def changed_text(text: str, place: Place, rng: random.Random) -> str:
    if place.outline is not None:
        tokens = tokens_of(text)
        if len(tokens) != len(place.fields):
            return text
        index = rng.randrange(len(tokens))
        tokens[index] = changed(tokens[index], place.fields[index], rng)
        return "".join(map(str, tokens))
    if place.words is not None or (" " in text and rng.random() < 1 / 2):
        words = [word for other in place.seen if isinstance(other, str) for word in other.split(" ")]
        return " ".join(rearranged(text.split(" "), rng, lambda: rng.choice(words)))
    letters = sorted(place.alphabet) or [""]
    return "".join(rearranged(list(text), rng, lambda: rng.choice(letters)))


def changed_items(items: list[Any], place: Place, rng: random.Random) -> list[Any]:
    if place.fields:
        if len(items) != len(place.fields):
            return items
        index = rng.randrange(len(items))
        return [*items[:index], changed(items[index], place.fields[index], rng), *items[index + 1 :]]
    members = place.members
    if members is None:
        return items
    if items and rng.random() < 1 / 2:
        index = rng.randrange(len(items))
        return [*items[:index], changed(items[index], members, rng), *items[index + 1 :]]
    return rearranged(items, rng, lambda: changed(rng.choice(members.seen), members, rng))


def rearranged(items: list[Any], rng: random.Random, new: Callable[[], Any]) -> list[Any]:
    """One of the changes that every sequence can take."""
    at, end = sorted((rng.randint(0, len(items)), rng.randint(0, len(items))))
    ways: list[Callable[[], list[Any]]] = [
        lambda: items[:at] + items[at + 1 :],
        lambda: items[:at] + items[end:],
        lambda: [*items[:at], new(), *items[at:]],
        lambda: [*items[:at], new(), *items[at + 1 :]],
        lambda: items[:end] + items[at:],
        lambda: items[:at] + items[at:end][::-1] + items[end:],
        lambda: items[end:] + items[at:end] + items[:at],
        lambda: items[:end] + items[at : at + 1] + items[end:],
        lambda: items[:at] + sorted(items[at:end], key=sort_key) + items[end:],
        lambda: items + items[::-1],
        lambda: [new() for _ in range(rng.randint(0, max(3, len(items))))],
    ]
    return rng.choice(ways)()


def sort_key(value: Any) -> tuple[float, str]:
    return (value if isinstance(value, int | float) and abs(value) < FAR else 0.0, literal(value))


def changed_list(value: list[Any], place: Place, rng: random.Random) -> list[Any]:
    return changed_items(value, place, rng)


def changed_tuple(value: tuple[Any, ...], place: Place, rng: random.Random) -> tuple[Any, ...]:
    return tuple(changed_items(list(value), place, rng))


def changed_set(value: set[Any], place: Place, rng: random.Random) -> set[Any]:
    return set(changed_items(sorted(value, key=literal), place, rng))


def changed_dict(value: dict[Any, Any], place: Place, rng: random.Random) -> dict[Any, Any]:
    """Pairs of other inputs join or leave, or a value is that of another key."""
    pairs = [pair for other in place.seen if isinstance(other, dict) for pair in other.items()]
    if not pairs:
        return value
    key, item = rng.choice(pairs)
    kept = {one: other for one, other in value.items() if one != key}
    return rng.choice([kept, {**value, key: item}, {**value, key: rng.choice(pairs)[1]}])


CHANGES: Final[Mapping[type, Callable[[Any, Place, random.Random], Any]]] = {
    bool: changed_bool,
    int: changed_int,
    float: changed_float,
    str: changed_text,
    list: changed_list,
    tuple: changed_tuple,
    set: changed_set,
    dict: changed_dict,
}
