"""What both ends of the wire agree on: names, the types that go by value as text, what may be known by name.

Not here: writing and reading trees (remote_values).
"""

from __future__ import annotations

import importlib
import sys
import types
from collections import Counter, OrderedDict, defaultdict, deque
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_FRAME: Final = 8 << 20

DEEPEST_NESTING: Final = 200

LONGEST_NUMBER: Final = 10_000

LONGEST_MESSAGE: Final = 300

FRAMES_PER_NESTING: Final = 20

LINK: Final = "_aibaas_link"

CLASS_LINK: Final = "_aibaas_class"

ENDING: Final = frozenset({"SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException", "BaseExceptionGroup"})

BUILTINS: Final[dict[str, Any]] = {
    name: value
    for name, value in vars(sys.modules["builtins"]).items()
    if isinstance(value, type) and name not in ENDING | {"ExceptionGroup", "__loader__", "super", "property"}
} | {"NoneType": type(None), "ellipsis": type(...), "range": range}

PURE_MODULES: Final = frozenset(
    """
    bisect cmath collections collections.abc copy dataclasses datetime decimal enum fractions functools heapq itertools
    json math operator random re statistics string textwrap typing
    """.split()  # noqa: SIM905 (lists of names read best as text)
)
"""Modules whose public names mean the same on both sides, under any name."""

OTHER_MODULES: Final = frozenset(
    """
    abc argparse array asyncio base64 binascii calendar configparser contextlib csv glob gzip hashlib hmac html inspect
    io ipaddress logging os pathlib platform queue secrets shutil socket sqlite3 ssl struct subprocess sys tempfile
    threading time types unicodedata unittest urllib uuid warnings zipfile zlib
    """.split()  # noqa: SIM905 (see above)
)
"""Modules that come under their own name only, so that no entry is an alias of what ends a process."""

EXCEPTION_MODULES: Final = PURE_MODULES | frozenset(
    """
    _csv _pickle _queue asyncio.exceptions binascii configparser http.client ipaddress json.decoder queue shutil
    socket sqlite3 ssl struct subprocess tarfile urllib.error xml.etree.ElementTree xml.parsers.expat zipfile zlib
    """.split()  # noqa: SIM905 (see above)
)
"""Modules whose exceptions the tests may expect; not unittest, whose SkipTest would skip a test."""

RESERVED: Final = frozenset({"load_tests", "setUpModule", "tearDownModule"})
"""Names by which unittest would let the candidate choose the tests."""

COMPARISONS: Final = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})

OPERATORS: Final = "add sub mul truediv floordiv mod pow divmod matmul and or xor lshift rshift"

ARITHMETIC: Final = frozenset(f"__{prefix}{name}__" for name in OPERATORS.split() for prefix in ("", "r", "i"))

PLAIN: Final = frozenset(
    """
    __abs__ __neg__ __pos__ __invert__ __int__ __float__ __complex__ __index__ __round__ __trunc__ __floor__ __ceil__
    __bool__ __len__ __format__ __bytes__
    """.split()  # noqa: SIM905 (see above)
)
"""Specials that turn an object into a plain value."""

ITERATION: Final = frozenset(
    {"__iter__", "__next__", "__len__", "__getitem__", "__contains__", "__reversed__", "__bool__"}
)

SHOWING: Final = frozenset({"__str__", "__repr__", "__hash__"})

OTHER_SPECIALS: Final = "__setitem__ __delitem__ __enter__ __exit__ __fspath__ __aenter__ __aexit__ __aiter__ __anext__"

SPECIALS: Final = COMPARISONS | ARITHMETIC | PLAIN | ITERATION | SHOWING | frozenset(OTHER_SPECIALS.split())

VALUED: Final[tuple[type, ...]] = (int, float, str, bytes, tuple, frozenset, complex)

PAYLOADS: Final[tuple[type, ...]] = (list, dict, set, bytearray)

MUTABLES: Final[dict[type, str]] = {
    list: "l",
    set: "s",
    dict: "d",
    bytearray: "bytearray",
    deque: "deque",
    Counter: "counter",
    defaultdict: "defaultdict",
    OrderedDict: "ordered",
}

EXTRAS: Final[dict[type, str]] = {deque: "maxlen", defaultdict: "default_factory"}

MUTABLE_OF_TAG: Final[dict[str, Any]] = {tag: kind for kind, tag in MUTABLES.items()}

NEVER_SENT: Final = (types.ModuleType, types.FrameType, types.CodeType, types.TracebackType)

CALLABLES: Final = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, type)


class RemoteFailedError(BaseException):
    """The other side can't be asked, or says what no honest side says. No `except Exception` of a test hides it."""


def bounded(text: str) -> str:
    if type(text) is not str or len(text) > LONGEST_NUMBER:
        raise ValueError("too long for a number")
    return text


def library_name(value: Any) -> str | None:
    """The name by which both sides know an object, None for what only this side has."""
    if value is ... or value is NotImplemented:
        return repr(value)
    if isinstance(value, type) and BUILTINS.get(value.__name__) is value:
        return value.__name__
    is_named = isinstance(value, types.FunctionType | types.BuiltinFunctionType | type)
    name = value.__name__ if is_named else getattr(value, "_name", None) if type(value).__module__ == "typing" else None
    if type(name) is not str or name.startswith("_"):
        return None
    modules = (module for module in PURE_MODULES if module in sys.modules)
    return next((f"{module}.{name}" for module in modules if vars(sys.modules[module]).get(name) is value), None)


def library_object(name: str) -> Any:
    if name in {"Ellipsis", "NotImplemented"}:
        return ... if name == "Ellipsis" else NotImplemented
    if name in BUILTINS:
        return BUILTINS[name]
    module, _, attribute = name.rpartition(".")
    if module not in PURE_MODULES or attribute.startswith("_"):
        raise ValueError("no object of the standard library")
    found = getattr(importlib.import_module(module), attribute)
    if isinstance(found, types.ModuleType):
        raise ValueError("a module of a module")  # noqa: TRY004 (malformed, not a type error)
    return found


def exception_names(cls: type) -> str:
    """The classes that an exception is, nearest first, by module and name."""
    return " ".join(f"{base.__module__}.{base.__name__}" for base in cls.__mro__ if not is_users(base))


def library_exception(names: str) -> Any:
    for name in names.split():
        module, _, attribute = name.rpartition(".")
        known = BUILTINS if module == "builtins" else vars(sys.modules[module]) if is_known(module) else {}
        found = known.get(attribute)
        if isinstance(found, type) and issubclass(found, Exception):
            return found
    return Exception


def is_known(module: str) -> bool:
    return module in EXCEPTION_MODULES and module in sys.modules


def write_text_type(value: Any) -> list[str] | None:
    """A value of a type of the standard library that is data, as a tag and text."""
    kind = type(value)
    for module, name, tag, write, _ in TEXT_TYPES:
        if kind.__name__ == name and getattr(sys.modules.get(module), name, None) is kind:
            return [tag, write(value)]
    return None


def loaded(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


def write_range(value: range) -> str:
    return f"{value.start} {value.stop} {value.step}"


def read_range(text: str) -> range:
    start, stop, step = map(int, text.split())
    return range(start, stop, step)


def write_timedelta(value: Any) -> str:
    return f"{value.days} {value.seconds} {value.microseconds}"


def read_timedelta(text: str) -> Any:
    return loaded("datetime", "timedelta")(*map(int, text.split()))


def from_text(module: str, name: str, method: str | None = None) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        kind = loaded(module, name)
        return getattr(kind, method)(text) if method else kind(text)

    return read


def isoformat(value: Any) -> str:
    return str(value.isoformat())


TEXT_TYPES: Final[tuple[tuple[str, str, str, Callable[[Any], str], Callable[[str], Any]], ...]] = (
    ("datetime", "datetime", "datetime", isoformat, from_text("datetime", "datetime", "fromisoformat")),
    ("datetime", "date", "date", isoformat, from_text("datetime", "date", "fromisoformat")),
    ("datetime", "time", "time", isoformat, from_text("datetime", "time", "fromisoformat")),
    ("datetime", "timedelta", "timedelta", write_timedelta, read_timedelta),
    ("decimal", "Decimal", "decimal", str, from_text("decimal", "Decimal")),
    ("fractions", "Fraction", "fraction", str, from_text("fractions", "Fraction")),
    ("builtins", "complex", "complex", repr, complex),
    ("builtins", "range", "range", write_range, read_range),
    ("pathlib", "PosixPath", "path", str, from_text("pathlib", "Path")),
    ("uuid", "UUID", "uuid", str, from_text("uuid", "UUID")),
)

TEXT_READERS: Final[dict[str, Callable[[str], Any]]] = {tag: read for _, _, tag, _, read in TEXT_TYPES} | {
    "i": lambda text: int(text, 16),
    "f": float,
    "b": bytes.fromhex,
}


def is_users(cls: type) -> bool:
    return cls.__module__.partition(".")[0] not in sys.stdlib_module_names
