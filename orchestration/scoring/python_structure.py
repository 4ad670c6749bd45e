"""Measures Python code without running it; a cell runs this file on an answer, as parsing one may exhaust the parser.

Not here: the names that it uses (python_names), nor what a check asks of the measures (structure). Only the standard
library, as a cell has nothing else.
"""

from __future__ import annotations

import ast
import json
from typing import Any

from orchestration.scoring.python_names import Uses

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match)
LOOPS_AND_BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert)
SHORTEST_CLONE = 2
LONGEST_RUN = 30


def describe(code: str) -> str:
    """JSON: `functions` (measures by name, the largest of those with one name), `clone` (statements), and `uses`.

    A use has name, line, positional, keywords, is_sure. Its name begins with its module, and has `()` for what a call
    gives; keywords null is a use that is no call.
    `**` among the keywords, and a count of -1, are arguments that only a run shows. A use is sure where no other
    branch gives its variable another value. Raises SyntaxError.
    """
    tree = ast.parse(code)
    functions: dict[str, dict[str, int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            known = functions.get(node.name, {})
            functions[node.name] = {name: max(value, known.get(name, 0)) for name, value in measures(node).items()}
    uses = Uses(tree)
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
