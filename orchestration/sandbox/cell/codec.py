"""The tagged form in which builtins cross the boundary, for both sides: encoding, and rebuilding trusted arguments.

Not here: reading what a cell claims (values), which trusts nothing.

    None bool str, ints below 2**53    themselves
    ["i", hex] ["f", repr]             larger ints; floats, nan and inf included
    ["b", hex]                         bytes
    ["l" | "t" | "s" | "z", [item...]] list, tuple, set, frozenset
    ["d", [[key, value]...]]           dict with any keys, in its order
    ["datetime" | "date", iso] ["decimal", text]
    ["u", type name]                   anything else
"""

from __future__ import annotations

import sys
from _json import encode_basestring_ascii

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SMALL_INT = 1 << 53
DEEPEST = 80
MOST_NODES = 200_000
LONGEST_NAME = 80
TOO_DEEP = "nesting too deep"
TOO_MANY = "too many items"
SEQUENCES = ((list, "l"), (tuple, "t"), (set, "s"), (frozenset, "z"))
TEXTUAL = (("datetime", "datetime", "isoformat"), ("datetime", "date", "isoformat"), ("decimal", "Decimal", "__str__"))


class Budget:
    """Bounds one encoding: a cycle or a giant ends as an unsupported value."""

    __slots__ = ("nodes",)

    def __init__(self) -> None:
        self.nodes = MOST_NODES


class BudgetExceededError(Exception):
    pass


def encode(value: Any) -> Any:
    """The tagged tree of `value`; never fails for a value it does not know."""
    try:
        return encode_node(value, 0, Budget())
    except BudgetExceededError as error:
        return ["u", str(error)]


def encode_node(value: Any, depth: int, budget: Budget) -> Any:
    budget.nodes -= 1
    if budget.nodes < 0:
        raise BudgetExceededError(TOO_MANY)
    if value is None or value is True or value is False:
        return value
    if isinstance(value, (int, float, str, bytes)):
        return encode_scalar(value)
    if depth > DEEPEST:
        raise BudgetExceededError(TOO_DEEP)
    return encode_container(value, depth, budget)


def encode_scalar(value: Any) -> Any:
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bytes):
        return ["b", bytes.hex(value)]
    if isinstance(value, float):
        return ["f", float.__repr__(value)]
    number = int.__add__(value, 0)
    return number if -SMALL_INT < number < SMALL_INT else ["i", hex(number)]


def encode_container(value: Any, depth: int, budget: Budget) -> Any:
    if isinstance(value, dict):
        pairs = dict.items(value)
        return ["d", [[encode_node(item, depth + 1, budget) for item in pair] for pair in pairs]]
    for kind, tag in SEQUENCES:
        if isinstance(value, kind):
            return [tag, [encode_node(item, depth + 1, budget) for item in kind.__iter__(value)]]
    return encode_text_type(value)


def encode_text_type(value: Any) -> Any:
    for module, name, method in TEXTUAL:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and isinstance(value, kind):
            return [name.lower(), str(getattr(kind, method)(value))]
    return ["u", type(value).__name__[:LONGEST_NAME]]


def dumps(tree: Any) -> str:
    """A tagged tree as ASCII JSON, without importing json (11 ms of a cell's start)."""
    parts: list[str] = []
    write_node(tree, parts)
    return "".join(parts)


def write_node(tree: Any, parts: list[str]) -> None:
    if tree is None:
        parts.append("null")
    elif isinstance(tree, bool):
        parts.append("true" if tree else "false")
    elif isinstance(tree, int):
        parts.append(repr(tree))
    elif isinstance(tree, str):
        parts.append(encode_basestring_ascii(tree))
    else:
        write_list(tree, parts)


def write_list(items: list[Any], parts: list[str]) -> None:
    parts.append("[")
    for index, item in enumerate(items):
        if index:
            parts.append(",")
        write_node(item, parts)
    parts.append("]")


def rebuild(tree: Any) -> Any:
    """The builtin of a tree that our own side encoded."""
    if not isinstance(tree, list):
        return tree
    tag, body = tree
    if tag == "d":
        return {rebuild(key): rebuild(value) for key, value in body}
    for kind, name in SEQUENCES:
        if tag == name:
            return kind(rebuild(item) for item in body)
    return rebuild_text(tag, body)


def rebuild_text(tag: str, body: str) -> Any:
    if tag == "i":
        return int(body, 16)
    if tag == "f":
        return float(body)
    if tag == "b":
        return bytes.fromhex(body)
    if tag == "decimal":
        return __import__("decimal").Decimal(body)
    return getattr(__import__("datetime"), tag).fromisoformat(body)
