"""Reads a repository that is only text: imports its modules from memory, and knows who calls whom from their syntax.

Not here: what should be true of it (the tests).
"""

from __future__ import annotations

import ast
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType


def modules_of(files: Mapping[str, str]) -> dict[str, str]:
    """The texts of the modules under src by their dotted names; packages end in `.__init__`."""
    return {
        path.removeprefix("src/").removesuffix(".py").replace("/", "."): text
        for path, text in files.items()
        if path.startswith("src/") and path.endswith(".py")
    }


@dataclass
class FromMemory:
    """A finder and loader of modules that are texts. `absent` are libraries that can't be imported."""

    modules: Mapping[str, str]
    absent: frozenset[str] = frozenset()

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> ModuleSpec | None:
        if name in self.absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if f"{name}.__init__" in self.modules:
            return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        return ModuleSpec(name, self) if name in self.modules else None  # type: ignore[arg-type]

    def create_module(self, _spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        text = self.modules[name if name in self.modules else f"{name}.__init__"]
        module.__file__ = f"/srv/src/{name.replace('.', '/')}.py"
        exec(compile(text, name, "exec"), module.__dict__)


@contextmanager
def importable(modules: Mapping[str, str], absent: str = "") -> Iterator[None]:
    """Makes the modules importable, each anew, for as long as the block lasts."""
    finder = FromMemory(modules, frozenset({absent} - {""}))
    roots = {name.split(".")[0] for name in modules}
    sys.meta_path.insert(0, finder)  # type: ignore[arg-type]
    try:
        yield
    finally:
        sys.meta_path.remove(finder)  # type: ignore[arg-type]
        for name in [name for name in sys.modules if name.split(".")[0] in roots]:
            del sys.modules[name]


@dataclass
class Module:
    """Functions of a module and what its names stand for, as far as imports say it."""

    name: str
    tree: ast.Module
    package: bool
    names: dict[str, str] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                self.names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef):
                self.functions[node.name] = node
                self.names[node.name] = f"{self.name}.{node.name}"


class CallGraph:
    """Which top-level functions call which, through imports, re-exports and second names."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.modules: dict[str, Module] = {}
        for name, text in texts.items():
            plain = name.removesuffix(".__init__")
            self.modules[plain] = Module(plain, ast.parse(text), package=plain != name)
        self.calls: dict[str, list[str]] = {}
        for module in self.modules.values():
            for function in module.functions.values():
                self.calls[f"{module.name}:{function.name}"] = list(self.called(module, function))

    def called(self, module: Module, function: ast.FunctionDef) -> Iterator[str]:
        hidden = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                path = dotted(node.func)
                if path and path.split(".")[0] not in hidden:
                    known = self.resolved(module, path)
                    if known:
                        yield known

    def resolved(self, module: Module, path: str) -> str | None:
        """`module:function` for a dotted name as the module writes it, None for what is not the repository's."""
        first, _, rest = path.partition(".")
        target = module.names.get(first)
        return self.function_at(f"{target}.{rest}" if rest else target) if target else None

    def function_at(self, path: str) -> str | None:
        home, _, name = path.rpartition(".")
        if home not in self.modules:
            return None
        module = self.modules[home]
        if name in module.functions:
            return f"{home}:{name}"
        return self.function_at(module.names[name]) if name in module.names else None

    def callers_of(self, function: str) -> list[str]:
        return sorted(caller for caller, called in self.calls.items() if function in called)

    def paths(self, start: str, goal: str) -> Iterator[list[str]]:
        if start == goal:
            yield [goal]
            return
        for called in dict.fromkeys(self.calls.get(start, ())):
            for path in self.paths(called, goal):
                yield [start, *path]


def dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else None
    return None
