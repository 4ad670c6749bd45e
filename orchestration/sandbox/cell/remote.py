"""Both ends of the wire between a cell that runs tests and a cell that runs the code they judge.

Not here: starting the two cells, running the candidate's code or the tests, and the verdict (how the tests' cell ends).

Frames are 4 bytes of length and JSON text. One side has the word at a time: it asks, or it replies; who waits for a
reply serves what it is asked meanwhile.

    ["offer", [[name, value]...]]  ["refused", names, message]    the candidate's first frame
    ["ask", id, verb, handle, name, args, kwargs, [is outermost, captures], released]
    ["return" | "raise", id, value, changes, text, released]

Values are the tagged trees of codec, and

    ["=", n, container]     a mutable container of the sender; ["~", n] the same again in one frame
    ["@", n, container | null]  the receiver's own container n, with its new content where that has changed
    ["o", handle, class, payload]  an object of the sender, ["r", handle] one of the receiver
    ["c", handle] ["k", name]      a class of the sender, an object of the standard library that both sides have
    ["slice", [start, stop, step]]
    ["x", names]            the first exception class of these that the receiver knows
    ["e", handle, class, args, message]  an exception     ["w" | "g", handle]  an awaitable, a generator

What the tests' side believes. Builtins come as data and are compared here. An object of the candidate is a proxy: it is
never equal to a builtin, nor less, nor more; `in` compares its items here; arithmetic of a proxy with a number gives a
proxy or TypeError, with any other builtin TypeError, and nothing of such a result is turned into a number or a truth,
so that an object which equals, contains or subtracts to whatever is asked proves nothing. It is an instance of a
builtin only where its value came along as data (an int of an IntEnum, the tuple of a namedtuple).

What remains by nature: a test that only calls the candidate's own methods, or compares two of its objects with each
other, believes what they say, and so does `bool`, `len`, `str`, `hash` or iteration of an object: the candidate may
answer anything there, but it answers without seeing what the test expects.
"""

from __future__ import annotations

import importlib
import json
import struct
import sys
import types
from typing import TYPE_CHECKING, Any

from orchestration.sandbox.cell import codec
from orchestration.sandbox.cell.remote_guards import CandidateGuard, TestsGuard
from orchestration.sandbox.cell.remote_names import (
    DEEPEST_NESTING,
    FRAMES_PER_NESTING,
    LARGEST_FRAME,
    LONGEST_MESSAGE,
    OTHER_MODULES,
    PURE_MODULES,
    RESERVED,
    RemoteFailedError,
)
from orchestration.sandbox.cell.remote_peer import CONNECTIONS, Peer, write_all
from orchestration.sandbox.cell.remote_values import Reader, Writer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


def serve(namespace: dict[str, Any], read_fd: int, write_fd: int) -> None:
    """The candidate's side: offer what its executed code has defined, then answer until the tests are over."""
    peer = Peer(read_fd, write_fd, CandidateGuard())
    peer.send(["offer", [[name, tree] for name, tree in offered(peer, namespace)]])
    while (message := peer.receive()) is not None:
        peer.answer(message)


def refuse(names: Sequence[str], message: str, write_fd: int) -> None:
    """Tell the tests' side that the candidate's code did not load: its exception's class and bases, and why."""
    text = json.dumps(["refused", list(names), message[:LONGEST_MESSAGE]])
    write_all(write_fd, struct.pack(">I", len(text)) + text.encode("ascii"))


def connect(
    read_fd: int, write_fd: int, *, tests_module: str = "__main__", entries: Collection[str] = ()
) -> dict[str, Any]:
    """The tests' side: wait for the offer; proxies and values by name, for the namespace that the tests start from.

    `tests_module` is the `__name__` of that namespace: the candidate reaches attributes only of its classes' instances.
    A name of a builtin is taken only when it is one of `entries`, the names that the tests are about.
    Raises RemoteFailedError when the candidate's code did not load, here and in any later use when it goes away.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), DEEPEST_NESTING * FRAMES_PER_NESTING))
    peer = Peer(read_fd, write_fd, TestsGuard(tests_module))
    message = peer.receive()
    with peer.distrust():
        if message is None:
            peer.fail("it ended before it was loaded")
        if message[0] == "refused":
            _, names, reason = message
            peer.fail(f"it does not load: {str(names[0])[: codec.LONGEST_NAME]}: {str(reason)[:LONGEST_MESSAGE]}")
        with peer.nested():
            return accepted(peer, message, entries)


def ensure_unbroken() -> None:
    """Raise RemoteFailedError again when a connection of this process has failed and a test has swallowed that."""
    for peer in CONNECTIONS:
        if peer.failure is not None:
            raise RemoteFailedError(peer.failure)


def accepted(peer: Peer, message: list[Any], entries: Collection[str]) -> dict[str, Any]:
    kind, pairs = message
    if kind != "offer":
        peer.fail("no offer")
    names: dict[str, Any] = {}
    for name, tree in pairs:
        if type(name) is not str or not name.isidentifier() or name.startswith("_"):
            peer.fail("a name that is none")
        value = offered_module(name, tree[1]) if type(tree) is list and tree[0] == "module" else Reader(peer).read(tree)
        if name in entries or not (name in RESERVED or hasattr(sys.modules["builtins"], name)):
            names[name] = value
    return names


def offered_module(name: str, module: str) -> types.ModuleType:
    if module in PURE_MODULES or (module in OTHER_MODULES and module == name):
        return importlib.import_module(module)
    raise ValueError("a module that is not offered")


def offered(peer: Peer, namespace: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in list(namespace.items()):
        if type(name) is not str or name.startswith("_"):
            continue
        if isinstance(value, types.ModuleType):
            module = value.__name__
            if module in PURE_MODULES or (module in OTHER_MODULES and module == name):
                yield name, ["module", module]
            continue
        try:
            tree = Writer(peer).write(value)
            if len(json.dumps(tree)) < LARGEST_FRAME // 8:
                yield name, tree
        except Exception:  # noqa: BLE001, S112 (what can't cross is not offered)
            continue
