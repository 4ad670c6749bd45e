"""Makes the frozen inventory of an installed package, by looking at it and at its annotations.

The standard library has few annotations: where it says nothing, the stubs that come with mypy do.
Not here: what a file of an inventory holds (inventory_entries), nor what is asked of it (inventory).
"""

from __future__ import annotations

import enum
import importlib
import importlib.metadata
import importlib.util
import inspect
import pkgutil
import platform
import re
import sys
import typing
import warnings
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from orchestration.scoring.inventory_entries import MORE, SELF, Entry, text_of
from orchestration.scoring.inventory_objects import (
    attributes_of,
    entered_by,
    found_object,
    getter_of,
    imported,
    is_dynamic,
    names_of_metaclass,
    parents,
    plain_class,
    public_members,
    signature_text,
)  # fmt: skip
from orchestration.scoring.inventory_stubs import Stubs
from orchestration.scoring.inventory_text import is_public, parsed
from scenarios.schema import INVENTORIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STANDARD: Final = "python"
STANDARD_MODULES: Final = (
    "argparse", "ast", "asyncio", "base64", "binascii", "bisect", "builtins", "calendar", "cmath", "collections",
    "collections.abc", "concurrent.futures", "configparser", "contextlib", "contextvars", "copy", "csv",
    "dataclasses", "datetime", "decimal", "difflib", "email", "email.message", "email.mime.multipart",
    "email.mime.text", "email.parser", "email.policy", "email.utils", "enum", "fnmatch", "fractions", "functools",
    "glob", "graphlib", "gzip", "hashlib", "heapq", "hmac", "html", "html.parser", "http", "importlib", "inspect",
    "io", "ipaddress", "itertools", "json", "logging", "math", "mimetypes", "operator", "os", "os.path", "pathlib",
    "pickle", "platform", "pprint", "queue", "random", "re", "secrets", "shlex", "shutil", "signal", "socket",
    "sqlite3", "stat", "statistics", "string", "struct", "subprocess", "sys", "tarfile", "tempfile", "textwrap",
    "threading", "time", "timeit", "tomllib", "traceback", "types", "typing", "unicodedata", "urllib.error",
    "urllib.parse", "urllib.request", "uuid", "warnings", "weakref", "xml.etree.ElementTree", "zipfile", "zlib",
    "zoneinfo",
)  # fmt: skip
CHOSEN_MODULES: Final[Mapping[str, tuple[str, ...]]] = {
    STANDARD: STANDARD_MODULES,
    "polars": ("polars", "polars.exceptions", "polars.selectors", "polars.testing"),
    "pydantic": (
        "pydantic", "pydantic.alias_generators", "pydantic.dataclasses", "pydantic.fields",
        "pydantic.functional_serializers", "pydantic.functional_validators", "pydantic.json_schema",
        "pydantic.networks", "pydantic.types",
    ),
}  # fmt: skip
OPEN_CLASSES: Final = frozenset({
    "argparse.Namespace", "asyncio.Future", "asyncio.Task", "builtins.object", "builtins.property", "builtins.super",
    "builtins.type", "functools.partial", "logging.LogRecord", "threading.local", "types.FunctionType",
    "types.MethodType", "types.ModuleType", "types.SimpleNamespace", "typing.Any",
})  # fmt: skip
"""Whose instances have the attributes that a program gives them, or give something else when awaited."""

GIVEN: Final[Mapping[str, str]] = {
    "sqlite3.connect": "sqlite3.Connection",
    "polars.LazyFrame.collect": "polars.DataFrame",
}
"""What a call gives whose annotation leaves it to an argument that hardly anybody passes."""

UNSTABLE: Final = frozenset({"sys.stdin", "sys.stdout", "sys.stderr"})
ROUTINES: Final = (staticmethod, classmethod, type(dict.__dict__["fromkeys"]))
DESCRIPTORS: Final = (property, cached_property, type(str.__dict__["__doc__"]), *(
    type(value) for value in (type.__dict__["__mro__"], type.__dict__["__dict__"], enum.Enum.__dict__["name"])
))  # fmt: skip


def inventory_text(package: str) -> str:
    """The file of a package. Raises ModuleNotFoundError when it is not installed."""
    version = platform.python_version() if package == STANDARD else importlib.metadata.version(package)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return text_of(package, version, _Making(package).entries())


def public_modules(package: str) -> tuple[str, ...]:
    """The modules whose names are listed."""
    if package in CHOSEN_MODULES:
        return CHOSEN_MODULES[package]
    return tuple(sorted(submodules(package)))


def known_before(package: str) -> tuple[str, ...]:
    """The inventories that have the classes which a package takes from elsewhere."""
    if package == STANDARD:
        return ()
    lines = [line for line in importlib.metadata.requires(package) or () if "extra ==" not in line]
    required = sorted({re.split(r"[^\w.-]", line)[0] for line in lines})
    return (STANDARD, *(name for name in required if (INVENTORIES / f"{name}.json").is_file()))


def submodules(package: str) -> Iterator[str]:
    module = imported(package)
    if module is None:
        return
    yield package
    for item in pkgutil.iter_modules(getattr(module, "__path__", ())):
        if not item.name.startswith("_"):
            yield from submodules(f"{package}.{item.name}")


class _Making:
    def __init__(self, package: str) -> None:
        self.package = package
        self.stubs = Stubs() if package == STANDARD else None
        self.modules = {name: importlib.import_module(name) for name in public_modules(package)}
        self.found: dict[str, Entry] = {}
        self.name_of_class: dict[type, str] = {}
        for other in known_before(package):
            self.name_classes({name: importlib.import_module(name) for name in public_modules(other)})
        self.foreign = frozenset(self.name_of_class)
        self.name_classes(self.modules)
        self.written: set[type] = set()

    def name_classes(self, modules: Mapping[str, ModuleType]) -> None:
        """Of a class's public names, the one where it is at home, else the shortest."""
        names: dict[type, list[str]] = {}
        for module_name, module in modules.items():
            for name, value in public_members(module):
                if isinstance(value, type) and value not in self.name_of_class:
                    names.setdefault(value, []).append(f"{module_name}.{name}")
        for value, found in names.items():
            home = f"{value.__module__}.{value.__qualname__}"
            root = f"{self.package}.{value.__name__}"
            self.name_of_class[value] = min(
                found, key=lambda name: (name != root, name != home, name.count("."), len(name), name)
            )

    def entries(self) -> dict[str, Entry]:
        for name, module in self.modules.items():
            self.add_module(name, module)
        if self.package == STANDARD:
            for name in sys.stdlib_module_names:
                if is_public(name):
                    self.found.setdefault(name, Entry("module", None, MORE))
        return self.found

    def add_module(self, name: str, module: ModuleType) -> None:
        self.found[name] = Entry("module")
        for parent in parents(name):
            self.found.setdefault(parent, Entry("module", None, MORE))
        for item in pkgutil.iter_modules(getattr(module, "__path__", ())):
            if is_public(item.name):
                self.found.setdefault(f"{name}.{item.name}", Entry("module", None, MORE))
        for attribute, value in public_members(module):
            self.add(f"{name}.{attribute}", value)
        for attribute in self.stubs.names(name) if self.stubs else ():
            self.found.setdefault(f"{name}.{attribute}", Entry("object"))

    def add(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType):
            self.found.setdefault(
                name, Entry("alias", None, value.__name__) if value.__name__ in self.modules else Entry("object")
            )
        elif isinstance(value, type):
            self.add_class(name, value)
        elif callable(value) and inspect.isroutine(value):
            gives = GIVEN.get(name) or self.gives(value)
            self.found[name] = self.completed(name, Entry("function", signature_text(value), gives))
        else:
            gives = None if name in UNSTABLE or value is None else self.class_name(type(value))
            self.found[name] = self.completed(name, Entry("object", None, gives))

    def add_class(self, name: str, value: type) -> None:
        known = self.name_of_class.get(value)
        if known != name:
            self.found[name] = Entry("alias", None, known) if known else Entry("object")
        if known and value not in self.foreign:
            self.write_class(known, value)

    def write_class(self, name: str, value: type) -> None:
        if value in self.written:
            return
        self.written.add(value)
        listed = [base for base in value.__mro__[1:] if base in self.name_of_class and base is not object]
        bases = [base for base in listed if not any(base in other.__mro__[1:] for other in listed)]
        names = [self.name_of_class[base] for base in bases]
        own = [base for base in value.__mro__ if base is not object and not any(base in done.__mro__ for done in bases)]
        is_open = name in OPEN_CLASSES or any(is_dynamic(base) for base in own)
        entry = Entry("class", signature_text(value), ", ".join([*names, *([MORE] if is_open else [])]) or None)
        self.found[name] = (
            entry._replace(parameters=None) if enum.Enum in value.__mro__ else self.completed(name, entry)
        )
        for base in bases:
            self.write_if_own(base)
        for base in own:
            for attribute, raw in list(vars(base).items()):
                if is_public(attribute) and f"{name}.{attribute}" not in self.found:
                    self.add_member(name, value, attribute, raw)
            for attribute in attributes_of(base):
                self.add_attribute(f"{name}.{attribute}", bases)
        for attribute in (*(self.stubs.names(name) if self.stubs else ()), *names_of_metaclass(value)):
            self.add_attribute(f"{name}.{attribute}", bases)

    def add_attribute(self, name: str, bases: list[type]) -> None:
        """One that neither the class nor its bases hold, so that only a program that runs shows it."""
        attribute = name.rpartition(".")[2]
        if name not in self.found and not any(self.lists(base, attribute) for base in bases):
            self.found[name] = self.completed(name, Entry("object"))

    def lists(self, value: type, attribute: str) -> bool:
        return any(
            f"{self.name_of_class[base]}.{attribute}" in self.found
            for base in value.__mro__
            if base in self.name_of_class
        )

    def write_if_own(self, value: type) -> None:
        if value not in self.foreign:
            self.write_class(self.name_of_class[value], value)

    def add_member(self, owner: str, value: type, attribute: str, raw: Any) -> None:
        name = f"{owner}.{attribute}"
        if isinstance(raw, type):
            self.name_of_class.setdefault(raw, name)
            self.add_class(name, raw)
        elif isinstance(raw, ROUTINES):
            bound = getattr(value, attribute)
            self.found[name] = self.completed(name, Entry("function", signature_text(bound), self.gives(bound)))
        elif inspect.isroutine(raw):
            self.found[name] = self.completed(
                name, Entry("method", signature_text(raw, skips_first=True), GIVEN.get(name) or self.gives(raw))
            )
        elif isinstance(raw, DESCRIPTORS) or inspect.isdatadescriptor(raw):
            self.found[name] = self.completed(name, Entry("property", None, self.gives(getter_of(raw))))
        else:
            gives = owner if isinstance(raw, value) else None
            self.found[name] = self.completed(name, Entry("object", None, gives))

    def completed(self, name: str, entry: Entry) -> Entry:
        """With what the stubs say where the package itself says nothing."""
        declared = self.stubs.entry(name) if self.stubs else None
        if declared is None or declared.kind == "alias":
            return entry
        if entry.kind == "class":
            return entry._replace(parameters=declared.parameters if entry.parameters is None else entry.parameters)
        parameters = entry.parameters
        if parameters is None and entry.kind in {"function", "method"}:
            parameters = declared.parameters
        gives = entry.gives or (self.canonical(declared.gives) if declared.kind != "class" else None)
        return entry._replace(parameters=parameters, gives=gives)

    def canonical(self, dotted: str | None) -> str | None:
        """The inventory's name of a class that a stub names."""
        if dotted is None or dotted == SELF:
            return dotted
        if dotted.startswith("with "):
            entered = self.canonical(dotted.removeprefix("with "))
            return entered and f"with {entered}"
        return self.class_name(found_object(self.stubs.home_of(dotted) if self.stubs else dotted))

    def class_name(self, value: Any) -> str | None:
        """Also of a class that is reached by annotations alone: the package's own ones are listed then."""
        if not isinstance(value, type) or value.__module__ == "typing" or inspect.isabstract(value):
            return None
        if value not in self.name_of_class and root_of(value) == self.package:
            self.name_of_class[value] = f"{value.__module__}.{value.__qualname__}"
            self.write_class(self.name_of_class[value], value)
        return self.name_of_class.get(value)

    def gives(self, function: Any) -> str | None:
        """The class of what a call gives, by its annotation."""
        inner = inspect.unwrap(function) if callable(function) else function
        inner = getattr(inner, "__func__", inner)
        annotations = getattr(inner, "__annotations__", {})
        if "return" not in annotations:
            return None
        is_entered = inner is not function and (inspect.isgeneratorfunction(inner) or inspect.isasyncgenfunction(inner))
        if is_entered and not inspect.isgeneratorfunction(function):
            given = self.annotated(entered_by(annotations["return"]), inner)
            return given and f"with {given}"
        return self.annotated(annotations["return"], inner)

    def annotated(self, annotation: Any, function: Any) -> str | None:
        if isinstance(annotation, str):
            node = parsed(annotation)
            annotation = node if node is None else self.evaluated(annotation, function)
        if isinstance(annotation, typing.TypeVar):
            first = next(iter(inspect.signature(function).parameters), None)
            of_self = getattr(function, "__annotations__", {}).get(first)
            return SELF if of_self in {annotation, annotation.__name__} else None
        if annotation is typing.Self:
            return SELF
        return self.class_name(plain_class(annotation))

    def evaluated(self, annotation: str, function: Any) -> Any:
        """An annotation's object; names that are imported for type checkers alone are looked for in the package."""
        names = dict(vars(typing)) | getattr(function, "__globals__", {})
        try:
            return eval(annotation, names, _Named(self, root_of(function)))  # noqa: S307 (an installed package's own annotation)
        except Exception:  # noqa: BLE001 (whatever an annotation does: it says nothing then)
            return None

    def class_named(self, name: str, package: str) -> type | None:
        """The class of that name in a package, None when there are several."""
        values = [getattr(module, "__dict__", {}).get(name) for module in list(sys.modules.values())]
        classes = {value for value in (*values, *self.name_of_class) if isinstance(value, type)}
        found = [value for value in classes if value.__name__ == name and root_of(value) == package]
        return found[0] if len(found) == 1 else None


def root_of(value: Any) -> str:
    return str(getattr(value, "__module__", None)).partition(".")[0]


class _Named(dict[str, Any]):
    """Names of an annotation that its module does not know when it runs."""

    def __init__(self, making: _Making, package: str) -> None:
        super().__init__()
        self.making = making
        self.package = package

    def __missing__(self, name: str) -> Any:
        found = self.making.class_named(name, self.package)
        if found is None:
            raise KeyError(name)
        return found
