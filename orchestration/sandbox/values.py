"""Reads the tagged values that a cell claims: total, bounded, and never building a dict or set of untrusted keys.

Not here: writing them (cell.codec), nor comparing them (scoring.comparison).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from orchestration.sandbox.cell import codec

if TYPE_CHECKING:
    from collections.abc import Callable

ItemsKind = Literal["list", "tuple", "set", "frozenset"]
LONGEST_NUMBER = 10_000

KIND_OF_TAG: dict[str, ItemsKind] = {"l": "list", "t": "tuple", "s": "set", "z": "frozenset"}


class MalformedValueError(ValueError):
    """A claimed value that is not of the agreed form."""


@dataclass(frozen=True, slots=True)
class Items:
    """A sequence or a set, its items in the order they were written, possibly repeated."""

    kind: ItemsKind
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A dict as pairs, possibly with a repeated key."""

    pairs: tuple[tuple[Value, Value], ...]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A value of a type that does not cross the boundary."""

    type_name: str


Value: TypeAlias = bool | int | float | str | bytes | datetime | date | Decimal | Items | Pairs | Unsupported | None


def encode_trusted(value: Any) -> Any:
    """The tagged tree of an argument that this side sends. Raises TypeError for what can't cross."""
    tree = codec.encode(value)
    refuse_unsupported(tree)
    return tree


def refuse_unsupported(tree: Any) -> None:
    if not isinstance(tree, list):
        return
    tag, body = tree
    if tag == "u":
        raise TypeError(f"a value of type {body} can't be handed to a sandbox")
    if tag == "d":
        body = [item for pair in body for item in pair]
    if isinstance(body, list):
        for item in body:
            refuse_unsupported(item)


def read_value(tree: Any, depth: int = 0) -> Value:
    """The value that a parsed JSON tree claims to be. Raises MalformedValueError for any other tree."""
    if tree is None or isinstance(tree, bool | int | str):
        return tree
    if depth > codec.DEEPEST + 1 or not isinstance(tree, list) or len(tree) != 2:  # noqa: PLR2004 (tag and body)
        raise MalformedValueError("neither a scalar nor a tagged pair")
    tag, body = tree
    if isinstance(body, list) and isinstance(tag, str):
        return read_items(tag, body, depth + 1)
    if isinstance(body, str) and isinstance(tag, str):
        return read_text(tag, body)
    raise MalformedValueError("a tag is text, its body a list or text")


def read_items(tag: str, body: list[Any], depth: int) -> Items | Pairs:
    if tag in KIND_OF_TAG:
        return Items(KIND_OF_TAG[tag], tuple(read_value(item, depth) for item in body))
    if tag != "d":
        raise MalformedValueError("unknown tag")
    return Pairs(tuple(read_pair(pair, depth) for pair in body))


def read_pair(pair: Any, depth: int) -> tuple[Value, Value]:
    if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 (key and value)
        raise MalformedValueError("a pair has a key and a value")
    return read_value(pair[0], depth), read_value(pair[1], depth)


def read_text(tag: str, body: str) -> Value:
    reader = TEXT_READERS.get(tag)
    if reader is None:
        raise MalformedValueError("unknown tag")
    try:
        return reader(body)
    except (ValueError, OverflowError, InvalidOperation):
        raise MalformedValueError(f"not a {tag}") from None


def read_float(body: str) -> float:
    return float(bounded(body))


def read_decimal(body: str) -> Decimal:
    return Decimal(bounded(body))


def bounded(body: str) -> str:
    if len(body) > LONGEST_NUMBER:
        raise ValueError("too long for a number")
    return body


def read_integer(body: str) -> int:
    return int(body, 16)


def read_unsupported(body: str) -> Unsupported:
    return Unsupported(body[: codec.LONGEST_NAME])


TEXT_READERS: dict[str, Callable[[str], Value]] = {
    "i": read_integer,
    "f": read_float,
    "b": bytes.fromhex,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": read_decimal,
    "u": read_unsupported,
}
