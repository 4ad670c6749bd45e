"""What a module offers, read from its text: the scenario's own modules, and stubs.

Not here: what an installed package offers (inventory_making), nor whether a name exists (inventory).
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

from orchestration.scoring.inventory_entries import MORE, SELF, SPECIAL, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
TRANSPARENT: Final = frozenset({"Optional", "Final", "ClassVar", "Annotated", "Required", "NotRequired"})
COROUTINES: Final = frozenset({"Awaitable", "Coroutine"})
ENTERED: Final = frozenset({"contextmanager", "asynccontextmanager"})


def entries_of(module: str, text: str, *, is_package: bool = False) -> dict[str, Entry]:
    """Every public name, dotted, of a module whose text is trusted. Both branches of an `if` count."""
    reading = _Reading(module, is_package=is_package)
    statements = list(unfolded(ast.parse(text).body))
    for statement in statements:
        reading.learn(statement)
    for statement in statements:
        reading.read(statement, module)
    return {module: Entry("module"), **reading.found}


def unfolded(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.If | ast.Try):
            yield from unfolded((*statement.body, *statement.orelse))
        else:
            yield statement


class _Reading:
    def __init__(self, module: str, *, is_package: bool) -> None:
        self.module = module
        self.is_package = is_package
        self.found: dict[str, Entry] = {}
        self.origins: dict[str, str] = {}

    def learn(self, statement: ast.stmt) -> None:
        """Where the names of annotations come from."""
        if isinstance(statement, ast.ImportFrom):
            for item in statement.names:
                self.origins[item.asname or item.name] = f"{self.source_of(statement)}.{item.name}"
        elif isinstance(statement, ast.Import):
            for item in statement.names:
                self.origins[item.asname or item.name.partition(".")[0]] = item.name
        elif isinstance(statement, ast.ClassDef):
            self.origins[statement.name] = f"{self.module}.{statement.name}"

    def source_of(self, statement: ast.ImportFrom) -> str:
        """The full name of the module that is imported from."""
        if not statement.level:
            return statement.module or ""
        parts = self.module.split(".")
        parents = parts[: len(parts) - statement.level + self.is_package]
        return ".".join([*parents, *([statement.module] if statement.module else [])])

    def read(self, statement: ast.stmt, owner: str, *, in_class: bool = False) -> None:
        if isinstance(statement, Function):
            self.read_function(statement, owner, in_class=in_class)
        elif isinstance(statement, ast.ClassDef):
            self.read_class(statement, owner)
        elif isinstance(statement, ast.AnnAssign):
            self.add(owner, statement.target, Entry("object", None, self.class_of(statement.annotation)))
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                self.add(owner, target, Entry("object"))
        elif isinstance(statement, ast.ImportFrom | ast.Import):
            self.read_import(statement, owner)

    def read_import(self, statement: ast.ImportFrom | ast.Import, owner: str) -> None:
        for item in statement.names:
            name = item.asname or item.name.partition(".")[0]
            if name == "*" and isinstance(statement, ast.ImportFrom):
                before = self.found.get(f"{owner}.*", Entry("alias")).gives
                self.found[f"{owner}.*"] = Entry("alias", None, joined(before, self.source_of(statement)))
            elif is_public(name) and name in self.origins:
                self.found.setdefault(f"{owner}.{name}", Entry("alias", None, self.origins[name]))

    def add(self, owner: str, target: ast.expr, entry: Entry) -> None:
        if isinstance(target, ast.Name) and is_public(target.id):
            self.found.setdefault(f"{owner}.{target.id}", entry)

    def read_function(self, function: Function, owner: str, *, in_class: bool) -> None:
        decorators = {last_name(item) for item in function.decorator_list}
        if not is_public(function.name) or decorators & {"setter", "deleter"}:
            return
        name = f"{owner}.{function.name}"
        gives = self.class_of(function.returns, is_entered=bool(decorators & ENTERED))
        if decorators & {"property", "cached_property"}:
            self.found[name] = Entry("property", None, gives)
            return
        is_method = in_class and "staticmethod" not in decorators
        entry = Entry(
            "method" if is_method and "classmethod" not in decorators else "function",
            parameters_of(function.args, skips_first=is_method),
            gives,
        )
        self.found[name] = either(self.found[name], entry) if name in self.found else entry

    def read_class(self, definition: ast.ClassDef, owner: str) -> None:
        if not is_public(definition.name):
            return
        name = f"{owner}.{definition.name}"
        bases = [
            self.class_of(base) or MORE for base in definition.bases if last_name(base) not in {"object", "Generic"}
        ]
        self.found[name] = Entry("class", constructor_of(definition), ", ".join(bases) or None)
        for statement in unfolded(definition.body):
            self.read(statement, name, in_class=True)
        for attribute in own_attributes(definition):
            self.found.setdefault(f"{name}.{attribute}", Entry("object"))

    def class_of(self, annotation: ast.expr | None, *, is_entered: bool = False) -> str | None:
        """The dotted class that an annotation names; an optional one counts as given."""
        if is_entered:
            inner = annotation.slice if isinstance(annotation, ast.Subscript) else None
            given = self.class_of(inner.elts[0] if isinstance(inner, ast.Tuple) else inner)
            return given and f"with {given}"
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            annotation = parsed(annotation.value)
        if isinstance(annotation, ast.BinOp):
            sides = [side for side in (annotation.left, annotation.right) if not is_none(side)]
            return self.class_of(sides[0]) if len(sides) == 1 else None
        if isinstance(annotation, ast.Subscript):
            return self.class_of_generic(annotation)
        return self.dotted(annotation)

    def class_of_generic(self, annotation: ast.Subscript) -> str | None:
        outer = last_name(annotation.value)
        inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        if outer in TRANSPARENT:
            return self.class_of(inner[0])
        return self.class_of(inner[-1]) if outer in COROUTINES else self.dotted(annotation.value)

    def dotted(self, node: ast.expr | None) -> str | None:
        if isinstance(node, ast.Attribute):
            owner = self.dotted(node.value)
            return owner and f"{owner}.{node.attr}"
        if not isinstance(node, ast.Name):
            return None
        if node.id == "Self":
            return SELF
        if node.id in self.origins:
            return self.origins[node.id]
        return f"builtins.{node.id}" if isinstance(getattr(builtins, node.id, None), type) else None


def is_public(name: str) -> bool:
    return not name.startswith("_") or name in SPECIAL


def joined(*parts: str | None) -> str:
    return ", ".join(filter(None, parts))


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call | ast.Subscript):
        return last_name(node.func if isinstance(node, ast.Call) else node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def parameters_of(arguments: ast.arguments, *, skips_first: bool = False) -> str:
    """As in Entry.parameters. Two underscores before a stub's parameter make it positional only."""
    positional = [*arguments.posonlyargs, *arguments.args]
    optional_from = len(positional) - len(arguments.defaults)
    words = [item.arg + "=" * (index >= optional_from) for index, item in enumerate(positional)]
    only = max(
        (index for index, item in enumerate(positional, 1) if item.arg.startswith("__")),
        default=len(arguments.posonlyargs),
    )
    if only:
        words.insert(only, "/")
    if skips_first and words:
        words = [word for word in words[1:] if word != "/" or only > 1]
    if arguments.vararg or arguments.kwonlyargs:
        words.append(f"*{arguments.vararg.arg}" if arguments.vararg else "*")
    defaults = arguments.kw_defaults
    words += [
        item.arg + "=" * (default is not None) for item, default in zip(arguments.kwonlyargs, defaults, strict=True)
    ]
    return ", ".join([*words, *([f"**{arguments.kwarg.arg}"] if arguments.kwarg else [])])


def either(one: Entry, other: Entry) -> Entry:
    """An overloaded function takes what any of its forms takes, and gives what all of them give."""
    parameters = None if one.parameters is None else f"{one.parameters} | {other.parameters}"
    return Entry(one.kind, parameters, one.gives if one.gives == other.gives else None)


def constructor_of(definition: ast.ClassDef) -> str | None:
    """What calling the class takes, None when its text alone does not show it."""
    for wanted in ("__init__", "__new__"):
        found = [
            parameters_of(item.args, skips_first=True)
            for item in unfolded(definition.body)
            if isinstance(item, Function) and item.name == wanted
        ]
        if found:
            return " | ".join(dict.fromkeys(found))
    if not any(last_name(item) == "dataclass" and not takes_keywords(item) for item in definition.decorator_list):
        return None
    fields = [item for item in definition.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
    return ", ".join(
        item.target.id + "=" * (item.value is not None) for item in fields if isinstance(item.target, ast.Name)
    )


def takes_keywords(decorator: ast.expr) -> bool:
    """Whether a dataclass has fields that are not plain ones."""
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return any(item.arg in {"kw_only", "init"} for item in keywords)


def own_attributes(definition: ast.ClassDef) -> set[str]:
    """Public attributes that the methods of a class set on its instances."""
    return {
        node.attr
        for node in ast.walk(definition)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and is_public(node.attr)
    }
