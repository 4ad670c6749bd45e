"""The names that Python code uses, as far as its text shows where they come from; read in a cell, as its structure is.

Not here: whether the names exist (inventory). Only the standard library, as a cell has nothing else.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HANDING_ON = frozenset({"contextlib.closing", "contextlib.aclosing", "contextlib.nullcontext"})
MODULE_DEPTH = 2
IMPORT_FAILURES = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "NameError"})


def words_of(node: ast.AST | None) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name)} if node else set()


class Scope(dict[str, str | None]):
    """Dotted names by variable; `guessed` are variables that may stand for something else as well."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        super().__init__({name: name for name in names})
        self.guessed: set[str] = set()


class Uses(ast.NodeVisitor):
    """What a walk down the text finds: name, line, positional arguments, keywords, is_sure (see describe).

    A variable stands for what was last assigned to it on the way down the text; what loops, containers and unknown
    calls give is unknown, and nothing is said of it.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.found: list[list[Any]] = []
        self.scopes = [Scope(dir(builtins)), Scope()]
        declared = (node.names for node in ast.walk(tree) if isinstance(node, ast.Global | ast.Nonlocal))
        self.shared = {name for names in declared for name in names}
        self.returned: dict[str, str | None] = {}
        """What a call of one of the code's own functions gives, by its annotation."""

        self.is_doubted = False
        """Within a part of the code that asks first whether a name exists."""

    def scope_of(self, variable: str) -> Scope | None:
        return next((scope for scope in reversed(self.scopes) if variable in scope), None)

    def is_sure(self, node: ast.AST | None) -> bool:
        """Whether the variable that an expression begins with has one value only."""
        if self.is_doubted:
            return False
        while isinstance(node, ast.Attribute | ast.Call | ast.Await | ast.NamedExpr):
            node = node.func if isinstance(node, ast.Call) else node.value
        if not isinstance(node, ast.Name):
            return True
        scope = self.scope_of(node.id)
        return node.id not in self.shared and (scope is None or node.id not in scope.guessed)

    def name_of(self, node: ast.expr | None) -> str | None:
        """The dotted name that an expression stands for, None when the text does not show it."""
        if isinstance(node, ast.Name):
            scope = self.scope_of(node.id)
            return None if scope is None else scope[node.id]
        if isinstance(node, ast.Attribute):
            owner = self.name_of(node.value)
            return owner and f"{owner}.{node.attr}"
        if isinstance(node, ast.Call):
            called = self.name_of(node.func)
            return self.returned.get(called) or f"{called}()" if called else None
        if isinstance(node, ast.Await | ast.NamedExpr):
            return self.name_of(node.value)
        return None

    def note(self, name: str | None, node: ast.AST, positional: int = 0, keywords: list[str] | None = None) -> None:
        if name is not None:
            self.found.append([name, getattr(node, "lineno", 0), positional, keywords, self.is_sure(node)])

    def bind(self, target: ast.AST, name: str | None, is_sure: bool = True) -> None:
        if isinstance(target, ast.Name):
            scope = self.scopes[-1]
            scope[target.id] = name
            (scope.guessed.discard if is_sure else scope.guessed.add)(target.id)
        elif isinstance(target, ast.Tuple | ast.List):
            for item in target.elts:
                self.bind(item, None)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, None)
        elif isinstance(target, ast.expr):
            self.visit(target)

    def visit_block(self, statements: Iterable[ast.AST]) -> None:
        """What may be skipped: a variable that it changes stands for either value afterwards."""
        scope = self.scopes[-1]
        before = dict(scope)
        for statement in statements:
            self.visit(statement)
        scope.guessed.update(name for name, value in before.items() if scope[name] != value)

    def visit_loop(self, statements: Sequence[ast.stmt]) -> None:
        """What it changes at its end may have been changed at its beginning."""
        inner = (node for item in statements for node in ast.walk(item) if isinstance(node, ast.Name))
        changed = {node.id for node in inner if isinstance(node.ctx, ast.Store)}
        self.scopes[-1].guessed |= changed & self.scopes[-1].keys()
        self.visit_block(statements)

    def visit_If(self, node: ast.If | ast.While) -> None:
        self.visit(node.test)
        was_doubted = self.is_doubted
        self.is_doubted = was_doubted or "version" in ast.unparse(node.test)
        (self.visit_loop if isinstance(node, ast.While) else self.visit_block)(node.body)
        self.visit_block(node.orelse)
        self.is_doubted = was_doubted

    visit_While = visit_If

    def visit_Try(self, node: Any) -> None:
        was_doubted = self.is_doubted
        self.is_doubted = was_doubted or any(IMPORT_FAILURES & words_of(item.type) for item in node.handlers)
        self.visit_block(node.body)
        self.is_doubted = was_doubted
        for item in node.handlers:
            self.visit_block(filter(None, [item.type]))
            if item.name:
                self.bind(ast.Name(item.name), None)
            self.visit_block(item.body)
        self.visit_block(node.orelse)
        self.visit_block(node.finalbody)

    visit_TryStar = visit_Try

    def visit_match_case(self, node: ast.match_case) -> None:
        for inner in ast.walk(node.pattern):
            if isinstance(inner, ast.MatchAs | ast.MatchStar) and inner.name:
                self.bind(ast.Name(inner.name), None)
        self.visit(node.pattern)
        self.visit_block([*filter(None, [node.guard]), *node.body])

    def visit_Import(self, node: ast.Import) -> None:
        for item in node.names:
            self.note(item.name, node)
            root = item.name.partition(".")[0]
            self.bind(ast.Name(item.asname or root), item.name if item.asname else root)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for item in node.names:
            name = f"{'.' * node.level}{node.module or ''}.{item.name}"
            if item.name == "*":
                self.scopes[0].guessed |= self.scopes[0].keys()
            elif node.module != "__future__":
                self.note(name, node)
                self.bind(ast.Name(item.asname or item.name), name)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.note(self.name_of(node), node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name = self.name_of(node)
        if name is None or isinstance(node.ctx, ast.Store):
            self.visit(node.value)
        else:
            self.note(name, node)
            self.visit_inside(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        name = self.name_of(node.func)
        if name is None:
            self.visit(node.func)
        else:
            is_open = any(isinstance(item, ast.Starred) for item in node.args)
            keywords = [item.arg or "**" for item in node.keywords]
            self.note(name, node, -1 if is_open else len(node.args), keywords)
            self.visit_inside(node.func)
        self.doubt_narrowed(node)
        for argument in (*node.args, *node.keywords):
            self.visit(argument)

    def doubt_narrowed(self, node: ast.Call) -> None:
        """A value whose class is asked for may be of another one than the text says."""
        first = node.args[0] if node.args else None
        if self.name_of(node.func) in {"isinstance", "issubclass", "hasattr"} and isinstance(first, ast.Name):
            scope = self.scope_of(first.id)
            if scope is not None:
                scope.guessed.add(first.id)

    def visit_inside(self, node: ast.expr) -> None:
        """What a dotted name holds besides names: the calls that it goes through, with their arguments."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if not isinstance(node, ast.Name):
            self.visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.bind(target, self.name_of(node.value), self.is_sure(node.value))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
        self.visit(node.annotation)
        name = self.name_of(node.value) or self.instance_of(node.annotation)
        self.bind(node.target, name, self.is_sure(node.value))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.bind(node.target, self.name_of(node.value), self.is_sure(node.value))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        self.bind(node.target, None)

    def entered(self, node: ast.expr) -> str | None:
        """What `with` gives its variable."""
        if isinstance(node, ast.Call) and node.args and self.name_of(node.func) in HANDING_ON:
            return self.name_of(node.args[0])
        name = self.name_of(node)
        return name and f"{name}.__enter__()"

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, self.entered(item.context_expr), self.is_sure(item.context_expr))
        for statement in node.body:
            self.visit(statement)

    visit_AsyncWith = visit_With

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self.bind(node.target, None)
        self.visit_loop(node.body)
        self.visit_block(node.orelse)

    visit_AsyncFor = visit_For

    def visit_comprehensions(self, node: Any) -> None:
        self.scopes.append(Scope())
        for generator in node.generators:
            self.visit(generator.iter)
            self.bind(generator.target, None)
            for condition in generator.ifs:
                self.visit(condition)
        for part in ("key", "value", "elt"):
            if hasattr(node, part):
                self.visit(getattr(node, part))
        self.scopes.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehensions

    def visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.scopes[-1][node.name] = node.name
        annotations = [item.annotation for item in ast.walk(node.args) if isinstance(item, ast.arg)]
        outside = (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults, *annotations, node.returns)
        for item in filter(None, outside):
            self.visit(item)
        if not node.decorator_list and len(self.scopes) == MODULE_DEPTH:
            self.returned[node.name] = self.instance_of(node.returns)
        self.visit_body(node.args, node.body)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_function

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit_body(node.args, [node.body])

    def visit_body(self, arguments: ast.arguments, body: list[Any]) -> None:
        self.scopes.append(Scope())
        for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            self.scopes[-1][item.arg] = self.instance_of(item.annotation)
        self.scopes[-1].update({item.arg: None for item in (arguments.vararg, arguments.kwarg) if item})
        for statement in body:
            self.visit(statement)
        self.scopes.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for item in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(item)
        self.scopes.append(Scope())
        for statement in node.body:
            self.visit(statement)
        self.scopes.pop()
        self.scopes[-1][node.name] = None

    def instance_of(self, annotation: ast.expr | None) -> str | None:
        """An annotated value is what calling its class gives."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            try:
                annotation = ast.parse(annotation.value, mode="eval").body
            except SyntaxError:
                return None
        name = self.name_of(annotation)
        return name and f"{name}()"
