"""What objects of an installed package show of themselves: members, signatures, attributes, annotations.

Not here: what an inventory makes of it (inventory_making).
"""

from __future__ import annotations

import ast
import importlib
import inspect
import typing
from functools import lru_cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Final

from orchestration.scoring.inventory_text import is_public, own_attributes, parsed

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

EXPLAINING: Final = frozenset({"raise_for_removed_attributes", "get_close_matches"})
"""What a `__getattr__` calls that only explains why a name is not there."""


def imported(name: str) -> ModuleType | None:
    """None for a module that wants what is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def public_members(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name in sorted({*vars(module), *getattr(module, "__all__", ())}):
        if is_public(name) and hasattr(module, name):
            yield name, getattr(module, name)


def parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def found_object(dotted: str) -> Any:
    """What a dotted name stands for, None without it."""
    module, _, name = dotted.rpartition(".")
    home = imported(module) if module else None
    if home is None and "." in module:
        return getattr(found_object(module), name, None)
    return getattr(home, name, None)


def plain_class(annotation: Any) -> Any:
    """The class in `X | None`, `Annotated[X, …]` and `X[…]`; None for a choice of several."""
    arguments = [item for item in typing.get_args(annotation) if item is not type(None)]
    origin = typing.get_origin(annotation)
    if origin is None:
        return annotation
    if origin is typing.Union or not isinstance(origin, type) or origin.__name__ == "UnionType":
        is_plain = len(arguments) == 1 or origin is typing.Annotated
        return plain_class(arguments[0]) if is_plain and arguments else None
    return plain_class(arguments[-1]) if origin.__name__ in {"Awaitable", "Coroutine"} else origin


def entered_by(annotation: Any) -> Any:
    """What a generator's annotation says it yields."""
    if isinstance(annotation, str):
        node = parsed(annotation)
        inner = node.slice if isinstance(node, ast.Subscript) else None
        first = inner.elts[0] if isinstance(inner, ast.Tuple) else inner
        return first and ast.unparse(first)
    return next(iter(typing.get_args(annotation)), None)


def is_dynamic(value: type) -> bool:
    """Whether instances may have attributes that the class does not show, and not just an explanation of gone ones."""
    found = vars(value).get("__getattr__")
    return found is not None and EXPLAINING.isdisjoint(getattr(getattr(found, "__code__", None), "co_names", ()))


def names_of_metaclass(value: type) -> Iterator[str]:
    for base in inspect.getmro(type(value)):
        if base is not type and base is not object:
            yield from (name for name in vars(base) if not name.startswith("_"))


def getter_of(raw: Any) -> Any:
    return getattr(raw, "fget", None) or getattr(raw, "func", None)


def signature_text(value: Any, *, skips_first: bool = False) -> str | None:
    if hasattr(value, "__required_keys__"):  # a TypedDict, be it of typing or of typing_extensions
        return ", ".join(["*args", *(f"{name}=" for name in value.__annotations__)])
    try:
        parameters = list(inspect.signature(value).parameters.values())
    except (TypeError, ValueError):
        return None
    if skips_first and parameters and parameters[0].kind is not inspect.Parameter.VAR_POSITIONAL:
        parameters = parameters[1:]
    code = vars(value).get("__init__") if isinstance(value, type) else value
    return ", ".join(words_of(parameters, getattr(code, "__kwdefaults__", None) or {}))


def words_of(parameters: list[inspect.Parameter], defaults: Container[str]) -> Iterator[str]:
    """As in Entry.parameters. `defaults` has parameters whose default is the very mark of having none."""
    kinds = inspect.Parameter
    last_only = sum(item.kind is kinds.POSITIONAL_ONLY for item in parameters)
    has_star = False
    for index, item in enumerate(parameters, 1):
        if item.kind is kinds.KEYWORD_ONLY and not has_star:
            has_star = True
            yield "*"
        has_star = has_star or item.kind is kinds.VAR_POSITIONAL
        star = "*" * ((item.kind is kinds.VAR_POSITIONAL) + 2 * (item.kind is kinds.VAR_KEYWORD))
        yield star + item.name + "=" * (item.default is not kinds.empty or item.name in defaults)
        if index == last_only:
            yield "/"


def attributes_of(value: type) -> set[str]:
    """What instances have beside what the class holds: annotated names, and what its methods set."""
    annotations = vars(value).get("__annotations__", {})
    found = {name for name in annotations if is_public(name)} if isinstance(annotations, dict) else set()
    definition = definition_of(value)
    return found | (own_attributes(definition) if definition else set())


def definition_of(value: type) -> ast.ClassDef | None:
    """A class's text, found by its methods: `__module__` may name the place that exports it."""
    plain = (inspect.unwrap(raw) for raw in list(vars(value).values()) if callable(raw))
    code = next((raw.__code__ for raw in plain if isinstance(raw, FunctionType)), None)
    if code is None:
        return None
    named = (item for item in class_definitions(code.co_filename) if item.name == value.__name__)
    return next((item for item in named if item.lineno <= code.co_firstlineno <= (item.end_lineno or 0)), None)


@lru_cache(maxsize=1024)
def class_definitions(file: str) -> tuple[ast.ClassDef, ...]:
    if not Path(file).is_file():
        return ()
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
