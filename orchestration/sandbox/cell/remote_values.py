"""Trees of values on the wire: writing what a side has, reading what the other claims.

Not here: framing and asking (remote_peer).
"""

from __future__ import annotations

import types
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any, Final

from orchestration.sandbox.cell import codec
from orchestration.sandbox.cell.remote_guards import is_awaitable
from orchestration.sandbox.cell.remote_names import (
    EXTRAS,
    LONGEST_NUMBER,
    MUTABLE_OF_TAG,
    MUTABLES,
    TEXT_READERS,
    VALUED,
    bounded,
    exception_names,
    is_users,
    library_exception,
    library_name,
    library_object,
    write_text_type,
)
from orchestration.sandbox.cell.remote_objects import RemoteExit, base_value, link_of, new_exception, payload_base

if TYPE_CHECKING:
    from orchestration.sandbox.cell.remote_peer import Peer


class Borrowed:
    """A copy of a container of the other side, and what it held when the sides last agreed."""

    __slots__ = ("agreed", "container")

    def __init__(self, container: Any) -> None:
        self.container = container
        self.agree()

    def agree(self) -> None:
        self.agreed = content(self.container)

    def has_changed(self) -> bool:
        now = content(self.container)
        return len(now) != len(self.agreed) or any(map(differs, now, self.agreed))


def content(container: Any) -> list[Any]:
    if isinstance(container, dict):
        return [part for pair in container.items() for part in pair]
    return list(container)


def differs(one: object, other: object) -> bool:
    return one is not other


class Writer:
    """Writes the values of one frame."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.seen: set[int] = set()
        self.seen_own: set[int] = set()

    def write(self, value: Any, depth: int = 0) -> Any:
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind in {int, float, str, bytes}:
            return codec.encode_scalar(value)
        if depth > codec.DEEPEST:
            raise ValueError(codec.TOO_DEEP)
        return self.write_compound(value, kind, depth)

    def write_compound(self, value: Any, kind: type, depth: int) -> Any:
        if kind in {tuple, frozenset}:
            return ["t" if kind is tuple else "z", [self.write(item, depth + 1) for item in value]]
        if kind is slice:
            return ["slice", [self.write(part, depth + 1) for part in (value.start, value.stop, value.step)]]
        if kind in MUTABLES:
            return self.write_container(value, depth)
        return write_text_type(value) or self.write_object(value)

    def write_container(self, value: Any, depth: int) -> Any:
        peer = self.peer
        number = peer.borrowed_numbers.get(id(value))
        if number is not None:
            return self.write_borrowed(number, depth)
        number = peer.lent_numbers.get(id(value))
        if number is None:
            number = len(peer.lent)
            peer.lent_numbers[id(value)] = number
            peer.lent[number] = value
        if number in self.seen_own:
            return ["~", number]
        self.seen_own.add(number)
        return ["=", number, self.write_content(value, depth)]

    def write_borrowed(self, number: int, depth: int) -> Any:
        entry = self.peer.borrowed[number]
        if number in self.seen or not entry.has_changed():
            return ["@", number, None]
        self.seen.add(number)
        tree = ["@", number, self.write_content(entry.container, depth)]
        entry.agree()
        return tree

    def write_content(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is bytearray:
            return ["bytearray", value.hex()]
        if issubclass(kind, dict):
            body = [[self.write(part, depth + 1) for part in pair] for pair in value.items()]
        else:
            body = [self.write(item, depth + 1) for item in value]
        extra = EXTRAS.get(kind)
        return [MUTABLES[kind], body, self.write(getattr(value, extra))] if extra else [MUTABLES[kind], body]

    def write_object(self, value: Any) -> Any:
        link = link_of(value)
        if link is not None and link[0] is self.peer:
            return ["r", link[1]]
        name = library_name(value)
        if name is not None:
            return ["k", name]
        if isinstance(value, type) and issubclass(value, Exception) and not is_users(value):
            return ["x", exception_names(value)]
        return self.write_own(value)

    def write_own(self, value: Any) -> Any:
        """What only this side has goes by reference."""
        self.peer.guard.check_sendable(value)
        if isinstance(value, type):
            return ["c", self.peer.lend(value)]
        if isinstance(value, BaseException):
            return self.write_exception(value)
        if is_awaitable(value) or isinstance(value, types.GeneratorType):
            return ["w" if is_awaitable(value) else "g", self.peer.lend(value)]
        class_handle = self.peer.lend(type(value), is_passed=False)
        return ["o", self.peer.lend(value), class_handle, self.write_payload(value)]

    def write_payload(self, value: Any) -> Any:
        base = payload_base(type(value), VALUED)
        if base is not None:
            return self.write(base_value(value, base), 1)
        if isinstance(value, types.FunctionType | types.MethodType | types.BuiltinFunctionType):
            return self.write((str(value.__name__), str(value.__qualname__), str(value.__doc__ or "")))
        return None

    def write_exception(self, error: BaseException) -> Any:
        kind = self.write_object(type(error)) if isinstance(error, Exception) else ["k", "SystemExit"]
        try:
            message = str(error)[:LONGEST_NUMBER]
        except Exception:  # noqa: BLE001 (a candidate may define how its exceptions print)
            message = ""
        try:
            args = [self.write(item) for item in error.args]
        except Exception:  # noqa: BLE001 (what can't cross becomes text)
            args = [message]
        return ["e", self.peer.lend(error), kind, args, message]


class Reader:
    """Reads the values of one frame; whatever no honest side writes raises some exception (see Peer.distrust)."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.fresh: list[Borrowed] = []

    def read(self, tree: Any, depth: int = 0) -> Any:
        if tree is None or type(tree) in {bool, int, str}:
            return tree
        if type(tree) is not list or depth > codec.DEEPEST + 2:
            raise ValueError("neither a scalar nor a tagged value")
        tag = tree[0]
        if tag in {"t", "z", "slice"}:
            _, body = tree
            items = [self.read(item, depth + 1) for item in body]
            return slice(*items) if tag == "slice" else tuple(items) if tag == "t" else frozenset(items)
        if tag in REFERENCES:
            return getattr(self, REFERENCES[tag])(depth, *tree[1:])
        _, text = tree
        return TEXT_READERS[tag](bounded(text) if tag not in {"b", "i"} else text)

    def finish(self) -> None:
        """The sides agree on what the frame has brought."""
        for entry in self.fresh:
            entry.agree()

    def read_own_container(self, _: int, number: int) -> Any:
        return self.peer.borrowed[number].container

    def read_container(self, depth: int, number: int, tree: Any) -> Any:
        """A container of the other side: a copy, kept while this side has not changed it."""
        if type(number) is not int:
            raise ValueError("a container has a number")
        entry = self.peer.borrowed.get(number)
        if entry is None:
            container = deque(maxlen=tree[2]) if tree[0] == "deque" else MUTABLE_OF_TAG[tree[0]]()
            entry = self.peer.borrowed[number] = Borrowed(container)
            self.peer.borrowed_numbers[id(container)] = number
        elif entry.has_changed():
            return entry.container
        self.fresh.append(entry)
        self.fill(entry.container, tree, depth)
        return entry.container

    def read_change(self, depth: int, number: int, tree: Any) -> Any:
        container = self.peer.lent[number]
        if tree is not None:
            self.fill(container, tree, depth)
        return container

    def fill(self, container: Any, tree: Any, depth: int) -> None:
        tag, body, *extra = tree
        kind = MUTABLE_OF_TAG[tag]
        if type(container) is not kind:
            raise ValueError("another kind of container")
        if kind is bytearray:
            container[:] = bytes.fromhex(body)
        elif issubclass(kind, dict):
            self.fill_dict(container, [[self.read(part, depth + 1) for part in pair] for pair in body], extra)
        else:
            self.fill_items(container, [self.read(item, depth + 1) for item in body])

    def fill_dict(self, container: dict[Any, Any], pairs: list[list[Any]], extra: list[Any]) -> None:
        container.clear()
        container.update(dict(pairs))
        if type(container) is defaultdict:
            (factory,) = extra
            container.default_factory = self.read(factory)

    def fill_items(self, container: Any, items: list[Any]) -> None:
        if type(container) is deque:
            container.clear()
            container.extend(items)
        elif type(container) is set:
            container.clear()
            container.update(items)
        else:
            container[:] = items

    def read_reference(self, _: int, handle: int) -> Any:
        if handle not in self.peer.passed:
            raise ValueError("an unknown handle")
        return self.peer.objects[handle]

    def read_object(self, depth: int, handle: int, class_handle: int, payload: Any) -> Any:
        if type(handle) is not int or type(class_handle) is not int:
            raise ValueError("a handle is a number")
        return self.peer.proxy(handle, class_handle, self.read(payload, depth + 1))

    def read_class(self, _: int, handle: int) -> Any:
        if type(handle) is not int:
            raise ValueError("a handle is a number")
        return self.peer.mirror(handle)

    def read_named(self, _: int, name: str) -> Any:
        return RemoteExit if name == "SystemExit" else library_object(name)

    def read_exception(self, depth: int, handle: int, kind: Any, args: list[Any], message: str) -> Any:
        cls = self.read(kind, depth + 1)
        values = [self.read(item, depth + 1) for item in args]
        return new_exception(self.peer, handle, cls, values, str(message))

    def read_exception_class(self, _: int, names: str) -> Any:
        return library_exception(names)

    def read_awaitable(self, _: int, handle: int) -> Any:
        return asked_later(self.peer, handle)

    def read_generator(self, _: int, handle: int) -> Any:
        return generated(self.peer, handle)


REFERENCES: Final = {
    "=": "read_container",
    "~": "read_own_container",
    "@": "read_change",
    "r": "read_reference",
    "o": "read_object",
    "c": "read_class",
    "k": "read_named",
    "e": "read_exception",
    "x": "read_exception_class",
    "w": "read_awaitable",
    "g": "read_generator",
}


async def asked_later(peer: Peer, handle: int) -> Any:
    return peer.ask("await", handle)


def generated(peer: Peer, handle: int) -> Any:
    """A generator of this side that goes on as the remote one does."""
    sent = None
    resume = peer.ask("get", handle, "send")
    while True:
        try:
            item = resume(sent)
        except StopIteration as end:
            return end.value
        sent = yield item
