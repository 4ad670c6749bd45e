"""What either side lets the other do: the candidate's side everything, the tests' side little.

Not here: the proxies (remote_objects), nor the wire (remote_peer).
"""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any, Final

from orchestration.sandbox.cell import codec
from orchestration.sandbox.cell.remote_names import (
    ARITHMETIC,
    CALLABLES,
    COMPARISONS,
    ITERATION,
    NEVER_SENT,
    PAYLOADS,
    PLAIN,
    SHOWING,
    SPECIALS,
    RemoteFailedError,
    loaded,
)
from orchestration.sandbox.cell.remote_objects import (
    RemoteExit,
    RemoteObject,
    base_value,
    described,
    link_of,
    payload_base,
    proxy_link,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.sandbox.cell.remote_peer import Peer


def is_awaitable(value: Any) -> bool:
    return type(value).__name__ in {"coroutine", "async_generator_asend", "async_generator_athrow"}


def run_awaitable(value: Any) -> Any:
    """Run on the one loop of this side, in a thread of its own when that loop is running."""
    import asyncio  # noqa: PLC0415 (60 ms of a cell's start)

    async def awaiting() -> Any:
        return await value

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        if not RUNNERS:
            RUNNERS.append(asyncio.Runner())
        return RUNNERS[0].run(awaiting())
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (the same)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, awaiting()).result()


RUNNERS: Final[list[Any]] = []


INSIDES: Final = (types.ModuleType, types.CodeType, types.FrameType, types.TracebackType)
FUNCTIONS: Final = (types.FunctionType, types.MethodType)
OUTSIDES: Final = frozenset({"__name__", "__qualname__", "__module__", "__doc__", "__annotations__", "__defaults__"})


class CandidateGuard:
    """The side of the code that is judged: it hands out everything but how the code is written.

    Where the tests are the untrusted side, they shall tell one implementation from another by its behaviour alone.
    """

    is_candidate: Final = True

    def check_sendable(self, value: Any) -> None:
        if isinstance(value, INSIDES):
            raise TypeError(f"a {type(value).__name__} does not cross the boundary")

    def check_attribute(self, name: str) -> None:
        """The tests' side answers no such request, so it is not made."""
        if name.startswith("_"):
            raise AttributeError(name)

    def reraise(self, peer: Peer, error: Any) -> None:
        """What the tests raise may pass through the candidate."""

    def ask_special(self, proxy: Any, name: str, args: tuple[Any, ...]) -> Any:
        peer, handle = proxy_link(proxy)
        return peer.ask("special", handle, name, args)

    def do(self, peer: Peer, verb: str, target: Any, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if verb == "describe":
            return described(peer, target)
        if verb == "payload":
            base = payload_base(type(target), PAYLOADS)
            return base_value(target, base) if base else None
        if verb == "get" and isinstance(target, FUNCTIONS) and name.startswith("__") and name not in OUTSIDES:
            raise AttributeError(name)
        return perform(verb, target, name, args, kwargs)


def perform(verb: str, target: Any, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """One request on an object of this side. Raises what the object raises, KeyError for an unknown verb."""
    if verb == "special":
        return getattr(type(target), name)(target, *args)
    actions: dict[str, Callable[..., Any]] = {
        "call": lambda: target(*args, **kwargs),
        "get": lambda: getattr(target, name),
        "set": lambda: setattr(target, name, *args),
        "delete": lambda: delattr(target, name),
        "item": lambda: target[args[0]],
        "await": lambda: run_awaitable(target),
        "copy": lambda: loaded("copy", name)(target),
    }
    return actions[verb]()


class TestsGuard:
    """The tests' side: what the candidate may ask, and what of its answers is believed."""

    is_candidate: Final = False

    def __init__(self, tests_module: str) -> None:
        self.tests_module = tests_module

    def check_sendable(self, value: Any) -> None:
        if isinstance(value, NEVER_SENT):
            raise TypeError(f"a {type(value).__name__} is not handed to the candidate")

    def check_attribute(self, name: str) -> None:
        """A test may look at whatever the candidate has."""

    def reraise(self, peer: Peer, error: Any) -> None:
        if isinstance(error, RemoteExit):
            raise RemoteFailedError(f"the candidate would end the process: {error.__dict__['_aibaas_message']}")
        if not isinstance(error, Exception):
            peer.fail("it raises what is no exception")

    def ask_special(self, proxy: Any, name: str, args: tuple[Any, ...]) -> Any:
        peer, handle = proxy_link(proxy)
        other = link_of(args[0]) if args else None
        if name in COMPARISONS and other is None:
            return compared_here(peer, handle, name, args[0])
        if name in ARITHMETIC and other is None and type(args[0]) not in {int, float, complex}:
            return NotImplemented
        if name == "__contains__" and other is None:
            return contained_here(proxy, args[0])
        if name in PLAIN and handle in peer.mixed:
            raise TypeError("what an object of the candidate makes of a builtin is no value")
        result = peer.ask("special", handle, name, args)
        if name in ARITHMETIC and (other is None or {handle, other[1]} & peer.mixed):
            mix(peer, result)
        return result

    def do(self, peer: Peer, verb: str, target: Any, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if verb == "describe" and isinstance(target, type):
            return described(peer, target)
        if not self.is_allowed(peer, verb, target, name):
            raise (AttributeError if name else TypeError)(f"the tests do not hand out {name or verb}")
        return perform(verb, target, name, args, kwargs)

    def is_allowed(self, peer: Peer, verb: str, target: Any, name: str) -> bool:
        """Raises RemoteFailedError for what no honest candidate can ask."""
        if verb == "call":
            return callable(target)
        if verb == "await":
            return is_awaitable(target)
        if verb == "special":
            return self.is_special_allowed(peer, target, name)
        if verb in {"copy", "item"}:
            return verb == "copy" and name in {"copy", "deepcopy"} and self.is_tests_object(target)
        if verb not in {"get", "set", "delete"} or name.startswith("_") or not name.isidentifier():
            peer.fail(f"a request for {name[: codec.LONGEST_NAME] or verb!r}")
        if verb == "get" and isinstance(target, types.GeneratorType):
            return name in {"send", "close"}
        return self.is_tests_object(target) and (verb == "get" or not is_method(target, name))

    def is_special_allowed(self, peer: Peer, target: Any, name: str) -> bool:
        if name not in SPECIALS:
            peer.fail(f"a request for {name[: codec.LONGEST_NAME]!r}")
        if self.is_tests_object(target):
            return True
        return name in ITERATION | SHOWING | COMPARISONS and not isinstance(target, CALLABLES)

    def is_tests_object(self, target: Any) -> bool:
        """An instance of a class that the tests define, but for their own machinery."""
        if isinstance(target, (*NEVER_SENT, *CALLABLES)) or type(target).__module__ != self.tests_module:
            return False
        unittest = sys.modules.get("unittest")
        return unittest is None or not isinstance(target, unittest.TestCase)


def is_method(target: Any, name: str) -> bool:
    found = next((vars(kind)[name] for kind in type(target).__mro__ if name in vars(kind)), None)
    return callable(found) or isinstance(found, classmethod | staticmethod)


def compared_here(peer: Peer, handle: int, name: str, other: Any) -> Any:
    """A builtin of the tests is compared with data only: the content of a list, dict or set that is subclassed."""
    if type(other) not in PAYLOADS or name not in {"__eq__", "__ne__"}:
        return NotImplemented
    payload = peer.ask("payload", handle)
    if type(payload) not in PAYLOADS:
        return NotImplemented
    return (payload == other) is (name == "__eq__")


def contained_here(proxy: Any, wanted: Any) -> bool:
    return any(item is wanted or item == wanted for item in iter(proxy))


def mix(peer: Peer, result: Any) -> None:
    """Remember that a builtin of the tests went into an object of the candidate."""
    link = link_of(result)
    if link is not None and isinstance(result, RemoteObject):
        peer.mixed.add(link[1])
    elif result is not NotImplemented:
        raise TypeError("arithmetic of the candidate's object with a builtin gives an object of the candidate")
