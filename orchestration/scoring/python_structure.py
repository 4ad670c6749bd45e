"""Measures Python code without running it; a cell runs this file on an answer, as parsing one may exhaust the parser.

Not here: what a check asks of the measures (structure). Only the standard library, as a cell has nothing else.
"""

from __future__ import annotations

import ast
import builtins
import json
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match)
LOOPS_AND_BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert)
SHORTEST_CLONE = 2
LONGEST_RUN = 30


def describe(code: str) -> str:
    """JSON: `functions` (name -> measures), `clone` (statements), `uses` (name, line, positional, keywords or null).

    A use's name begins with its module, and has `()` for what a call gives; keywords null is a use that is no call.
    `**` among the keywords, and a count of -1, are arguments that only a run shows. Raises SyntaxError.
    """
    tree = ast.parse(code)
    functions = {
        node.name: measures(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    uses = Uses()
    uses.visit(tree)
    return json.dumps({"functions": functions, "clone": longest_clone(tree), "uses": uses.found})


def measures(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, int]:
    return {
        "complexity": complexity(function),
        "nesting": nesting(function.body),
        "statements": sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1 - has_docstring(function),
        "parameters": parameter_count(function.args),
    }


def complexity(function: ast.AST) -> int:
    """McCabe, A Complexity Measure (1976): decisions + 1, each operand of a condition one more."""
    return 1 + sum(decisions(node) for node in ast.walk(function))


def decisions(node: ast.AST) -> int:
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    if isinstance(node, ast.match_case):
        is_default = isinstance(node.pattern, ast.MatchAs) and node.pattern.pattern is None and node.guard is None
        return 0 if is_default else 1
    return int(isinstance(node, LOOPS_AND_BRANCHES))


def nesting(body: list[ast.stmt]) -> int:
    """The deepest block within blocks; an `elif` is as deep as its `if`."""
    deepest = 0
    stack: list[tuple[ast.AST, int]] = [(statement, 0) for statement in body]
    while stack:
        node, depth = stack.pop()
        is_block = isinstance(node, BLOCKS)
        deepest = max(deepest, depth + is_block)
        for field, value in ast.iter_fields(node):
            children = value if isinstance(value, list) else [value]
            is_elif = field == "orelse" and isinstance(node, ast.If) and len(children) == 1
            stack.extend(
                (child, depth if is_elif and isinstance(child, ast.If) else depth + is_block)
                for child in children
                if isinstance(child, ast.AST)
            )
    return deepest


def has_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return ast.get_docstring(function, clean=False) is not None


def parameter_count(arguments: ast.arguments) -> int:
    positional = [*arguments.posonlyargs, *arguments.args]
    is_method = bool(positional) and positional[0].arg in {"self", "cls"}
    starred = (arguments.vararg is not None) + (arguments.kwarg is not None)
    return len(positional) + len(arguments.kwonlyargs) + starred - is_method


def longest_clone(tree: ast.Module) -> int:
    """Statements, those within them counted, of the largest run of neighbours that stands twice; 0 without one."""
    places: dict[tuple[str, ...], list[tuple[int, int, int]]] = {}
    sizes: dict[tuple[str, ...], int] = {}
    for block, statements in enumerate(blocks(tree)):
        shapes = [shape(statement) for statement in statements]
        counts = [sum(isinstance(node, ast.stmt) for node in ast.walk(statement)) for statement in statements]
        for start in range(len(statements)):
            for end in range(start + 1, min(start + LONGEST_RUN, len(statements)) + 1):
                run = tuple(shapes[start:end])
                sizes[run] = sum(counts[start:end])
                places.setdefault(run, []).append((block, start, end))
    twice = [sizes[run] for run, found in places.items() if sizes[run] >= SHORTEST_CLONE and are_apart(found)]
    return max(twice, default=0)


def blocks(tree: ast.Module) -> list[list[ast.stmt]]:
    """Every list of neighbouring statements without imports and docstrings, which repeat by nature."""
    found = []
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(node, name, None)
            if isinstance(statements, list):
                found.append([statement for statement in statements if counts_for_clones(statement)])
    return found


def counts_for_clones(statement: Any) -> bool:
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.stmt) and not (is_text or isinstance(statement, ast.Import | ast.ImportFrom))


def are_apart(places: list[tuple[int, int, int]]) -> bool:
    """Whether two of the places do not overlap."""
    first_end: dict[int, int] = {}
    for block, start, end in sorted(places):
        if block in first_end:
            if start >= first_end[block]:
                return True
        else:
            first_end[block] = end
    return len(first_end) > 1


def shape(statement: ast.stmt) -> str:
    """The statement without its names, constants, annotations and places: what copy and paste leaves equal."""
    parts = []
    for node in ast.walk(statement):
        fields = (
            len(value) if isinstance(value, list) else value is not None
            for field, value in ast.iter_fields(node)
            if field not in {"annotation", "returns", "type_comment", "kind"}
        )
        parts.append(f"{type(node).__name__}{tuple(fields)}")
    return " ".join(parts)


class Uses(ast.NodeVisitor):
    """The names that code uses, as far as its text shows where they come from.

    A variable stands for what was last assigned to it on the way down the text; what loops, containers and unknown
    calls give is unknown, and nothing is said of it.
    """

    def __init__(self) -> None:
        self.found: list[list[Any]] = []
        self.scopes: list[dict[str, str | None]] = [{name: name for name in dir(builtins)}, {}]

    def name_of(self, node: ast.expr | None) -> str | None:
        """The dotted name that an expression stands for, None when the text does not show it."""
        if isinstance(node, ast.Name):
            return next((scope[node.id] for scope in reversed(self.scopes) if node.id in scope), None)
        if isinstance(node, ast.Attribute):
            owner = self.name_of(node.value)
            return owner and f"{owner}.{node.attr}"
        if isinstance(node, ast.Call):
            called = self.name_of(node.func)
            return called and f"{called}()"
        if isinstance(node, ast.Await | ast.NamedExpr):
            return self.name_of(node.value)
        return None

    def note(self, name: str | None, node: ast.AST, positional: int = 0, keywords: list[str] | None = None) -> None:
        if name is not None:
            self.found.append([name, getattr(node, "lineno", 0), positional, keywords])

    def bind(self, target: ast.AST, name: str | None) -> None:
        if isinstance(target, ast.Name):
            self.scopes[-1][target.id] = name
        elif isinstance(target, ast.Tuple | ast.List):
            for item in target.elts:
                self.bind(item, None)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, None)
        elif isinstance(target, ast.expr):
            self.visit(target)

    def visit_Import(self, node: ast.Import) -> None:
        for item in node.names:
            self.note(item.name, node)
            self.scopes[-1][item.asname or item.name.partition(".")[0]] = (
                item.name if item.asname else item.name.partition(".")[0]
            )

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for item in node.names:
            name = f"{'.' * node.level}{node.module or ''}.{item.name}"
            if node.module == "__future__" or item.name == "*":
                continue
            self.note(name, node)
            self.scopes[-1][item.asname or item.name] = name

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
        for argument in (*node.args, *node.keywords):
            self.visit(argument)

    def visit_inside(self, node: ast.expr) -> None:
        """What a dotted name holds besides names: the calls that it goes through, with their arguments."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if not isinstance(node, ast.Name):
            self.visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.bind(target, self.name_of(node.value))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
        self.bind(node.target, self.name_of(node.value) or self.instance_of(node.annotation))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.bind(node.target, self.name_of(node.value))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        self.bind(node.target, None)

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            entered = self.name_of(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, entered and f"{entered}.__enter__()")
        for statement in node.body:
            self.visit(statement)

    visit_AsyncWith = visit_With

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self.bind(node.target, None)
        for statement in (*node.body, *node.orelse):
            self.visit(statement)

    visit_AsyncFor = visit_For

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.visit(node.type)
        if node.name:
            self.scopes[-1][node.name] = None
        for statement in node.body:
            self.visit(statement)

    def visit_comprehensions(self, node: Any) -> None:
        self.scopes.append({})
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
        for item in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(item)
        self.visit_body(node.args, node.body)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_function

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit_body(node.args, [node.body])

    def visit_body(self, arguments: ast.arguments, body: list[Any]) -> None:
        self.scopes.append({})
        for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            self.scopes[-1][item.arg] = self.instance_of(item.annotation)
        for starred in (arguments.vararg, arguments.kwarg):
            if starred is not None:
                self.scopes[-1][starred.arg] = None
        for statement in body:
            self.visit(statement)
        self.scopes.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for item in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(item)
        self.scopes.append({})
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
