"""One end of the wire: framing, asking, answering what is asked meanwhile.

Not here: who begins (remote).
"""

from __future__ import annotations

import json
import os
import struct
import sys
import threading
import weakref
from contextlib import contextmanager, nullcontext, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any, Final, NoReturn

from orchestration.sandbox.cell.remote_names import DEEPEST_NESTING, LARGEST_FRAME, LONGEST_MESSAGE, RemoteFailedError
from orchestration.sandbox.cell.remote_objects import RemoteObject, new_mirror, new_proxy
from orchestration.sandbox.cell.remote_values import Reader, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orchestration.sandbox.cell.remote_guards import CandidateGuard, TestsGuard
    from orchestration.sandbox.cell.remote_values import Borrowed


def write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def refuse_number(_: object) -> NoReturn:
    raise ValueError("neither objects nor bare floats cross the boundary")


class Peer:
    """One end: the objects that it has lent, the proxies of those it has borrowed, and whose word it is."""

    def __init__(self, read_fd: int, write_fd: int, guard: CandidateGuard | TestsGuard) -> None:
        self.read_fd, self.write_fd, self.guard = read_fd, write_fd, guard
        self.failure: str | None = None
        self.lock = threading.RLock()
        self.depth = 0
        self.asked = 0
        self.objects: dict[int, Any] = {}
        self.handles: dict[int, int] = {}
        self.next_handle = 0
        self.passed: set[int] = set()
        self.proxies: weakref.WeakValueDictionary[int, RemoteObject] = weakref.WeakValueDictionary()
        self.valued: dict[int, Any] = {}
        self.mirrors: dict[int, type] = {}
        self.mixed: set[int] = set()
        self.released: set[int] = set()
        self.lent: dict[int, Any] = {}
        self.lent_numbers: dict[int, int] = {}
        self.borrowed: dict[int, Borrowed] = {}
        self.borrowed_numbers: dict[int, int] = {}
        CONNECTIONS.append(self)

    def fail(self, reason: str) -> NoReturn:
        self.failure = self.failure or f"the candidate: {reason}"
        raise RemoteFailedError(self.failure)

    @contextmanager
    def distrust(self) -> Iterator[None]:
        """Whatever goes wrong in reading what the other side sent is its failure."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 (reading is total)
            self.fail(f"malformed message ({type(error).__name__})")

    def send(self, message: list[Any]) -> None:
        text = json.dumps(message).encode("ascii")
        if len(text) > LARGEST_FRAME:
            self.fail("a message too large to be sent")
        try:
            write_all(self.write_fd, struct.pack(">I", len(text)) + text)
        except OSError:
            self.fail("it went away")

    def receive(self) -> list[Any] | None:
        """The next message, None at the end."""
        head = self.read_exactly(4)
        if head is None:
            return None
        (size,) = struct.unpack(">I", head)
        if size > LARGEST_FRAME:
            self.fail("an oversized frame")
        body = self.read_exactly(size)
        if body is None:
            self.fail("a frame cut short")
        return self.parsed(body)

    def parsed(self, body: bytes) -> list[Any]:
        message: Any = None
        with self.distrust():
            message = json.loads(
                body, parse_float=refuse_number, parse_constant=refuse_number, object_pairs_hook=refuse_number
            )
        if type(message) is not list or not message:
            self.fail("a message is a list")
        return message

    def read_exactly(self, size: int) -> bytes | None:
        parts = bytearray()
        while len(parts) < size:
            try:
                part = os.read(self.read_fd, min(size - len(parts), 1 << 16))
            except OSError:
                part = b""
            if not part:
                return None
            parts += part
        return bytes(parts)

    def ask(
        self, verb: str, handle: int, name: str = "", args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """What the owner of `handle` replies; raises what it raises."""
        if self.failure is not None:
            raise RemoteFailedError(self.failure)
        with self.lock:
            is_outermost = self.depth == 0
            if is_outermost:
                self.forget()
            return self.asked_within(verb, handle, name, args, kwargs or {}, is_outermost=is_outermost)

    def asked_within(
        self, verb: str, handle: int, name: str, args: Sequence[Any], kwargs: dict[str, Any], *, is_outermost: bool
    ) -> Any:
        with self.nested():
            self.asked += 1
            number = self.asked
            writer = Writer(self)
            trees = [writer.write(item) for item in args]
            pairs = [[key, writer.write(item)] for key, item in kwargs.items()]
            flags = [is_outermost, sys.stdout is not sys.__stdout__]
            self.send(["ask", number, verb, handle, name, trees, pairs, flags, self.taken_released()])
            return self.awaited(number)

    def forget(self) -> None:
        """A new outermost exchange begins without the containers that the last one has lent."""
        for table in (self.lent, self.lent_numbers, self.borrowed, self.borrowed_numbers):
            table.clear()

    @contextmanager
    def nested(self) -> Iterator[None]:
        self.depth += 1
        try:
            if self.depth > DEEPEST_NESTING:
                self.fail("requests nested too deep")
            yield
        finally:
            self.depth -= 1

    def taken_released(self) -> list[int]:
        released, self.released = self.released, set()
        return list(released)

    def awaited(self, number: int) -> Any:
        while True:
            message = self.receive()
            if message is None:
                self.fail("it ended in a call")
            if message[0] != "ask":
                return self.replied(message, number)
            self.answer(message)

    def replied(self, message: list[Any], number: int) -> Any:
        value: Any = None
        with self.distrust():
            kind, replied_to, tree, changes, text, released = message
            if kind not in {"return", "raise"} or type(replied_to) is not int or replied_to != number:
                self.fail("a reply that nobody waits for")
            self.release(released)
            reader = Reader(self)
            for change in changes:
                reader.read(change)
            value = reader.read(tree)
            reader.finish()
            if type(text) is not str or (text and sys.stdout is sys.__stdout__):
                self.fail("output that nobody captures")
            sys.stdout.write(text)
        if kind == "return":
            return value
        self.guard.reraise(self, value)
        raise value

    def answer(self, message: list[Any]) -> None:
        """Do what is asked and reply."""
        number, changes, text = 0, [], ""
        with self.nested():
            reader = Reader(self)
            with self.distrust():
                _, number, verb, handle, name, trees, pairs, (is_outermost, captures), released = message
                if is_outermost and self.guard.is_candidate:
                    self.forget()
                if type(number) is not int or type(handle) is not int or type(name) is not str:
                    self.fail("a request of another form")
                self.release(released)
                args = [reader.read(tree) for tree in trees]
                kwargs = {str(key): reader.read(tree) for key, tree in pairs}
                reader.finish()
                target = self.target(verb, handle)
            kind, outcome, text = self.done(verb, target, name, args, kwargs, captures=captures is True)
            kind, tree = self.written(kind, outcome)
            changes = self.changes()
            self.send([kind, number, tree, changes, text, self.taken_released()])

    def target(self, verb: str, handle: int) -> Any:
        if handle not in self.objects or (verb != "describe" and handle not in self.passed):
            self.fail("an unknown handle")
        return self.objects[handle]

    def done(
        self, verb: str, target: Any, name: str, args: list[Any], kwargs: dict[str, Any], *, captures: bool
    ) -> tuple[str, Any, str]:
        output = StringIO()
        try:
            with redirect_stdout(output) if captures and self.guard.is_candidate else nullcontext():
                return "return", self.guard.do(self, verb, target, name, args, kwargs), output.getvalue()
        except RemoteFailedError:
            raise
        except BaseException as error:  # noqa: BLE001 (it is raised on the other side)
            return "raise", error, output.getvalue()

    def written(self, kind: str, outcome: Any) -> tuple[str, Any]:
        try:
            tree = Writer(self).write(outcome)
            is_small = len(json.dumps(tree)) <= LARGEST_FRAME // 2
        except Exception as error:  # noqa: BLE001 (a value that can't be written is an exception as well)
            return "raise", Writer(self).write(TypeError(str(error)[:LONGEST_MESSAGE]))
        if not is_small:
            return "raise", Writer(self).write(ValueError("a value of this size does not cross the boundary"))
        return kind, tree

    def changes(self) -> list[Any]:
        """The containers of the other side that this side has changed since it got them."""
        writer = Writer(self)
        changed = [number for number, entry in self.borrowed.items() if entry.has_changed()]
        return [writer.write(self.borrowed[number].container) for number in changed if number not in writer.seen]

    def lend(self, value: Any, *, is_passed: bool = True) -> int:
        """The handle of an object of this side."""
        handle = self.handles.get(id(value))
        if handle is None:
            self.next_handle += 1
            handle = self.next_handle
            self.handles[id(value)] = handle
            self.objects[handle] = value
        if is_passed:
            self.passed.add(handle)
        return handle

    def release(self, handles: list[int]) -> None:
        for handle in handles:
            value = self.objects.get(handle)
            if handle in self.passed and not isinstance(value, type | BaseException):
                self.handles.pop(id(value), None)
                self.objects.pop(handle)
                self.passed.discard(handle)

    def proxy(self, handle: int, class_handle: int, payload: Any) -> Any:
        """The one proxy of a remote object."""
        known = self.proxies.get(handle)
        if known is None:
            known = self.valued.get(handle)
        if known is not None:
            return known
        self.released.discard(handle)
        proxy = new_proxy(self, handle, self.mirror(class_handle), payload)
        if isinstance(proxy, RemoteObject):
            self.proxies[handle] = proxy
        else:
            self.valued[handle] = proxy
        return proxy

    def mirror(self, handle: int) -> type:
        """The local class that stands for a remote one."""
        if handle not in self.mirrors:
            description = self.ask("describe", handle)
            with self.distrust():
                self.mirrors[handle] = new_mirror(self, handle, description)
        return self.mirrors[handle]


CONNECTIONS: Final[list[Peer]] = []
