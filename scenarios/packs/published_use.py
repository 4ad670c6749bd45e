"""How a published test looks at what the function returns, so that further inputs can be looked at in the same way.

Not here: running the test (the sandbox), nor the further inputs (domain, neighbours).
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scenarios.packs.python_code import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scenarios.packs.domain import Input

CANDIDATE: Final = "candidate"
"""The name that HumanEval's tests give to the function."""

VIEWS: Final = ("", "list", "tuple", "sorted", "set", "bool")
"""What a test may make of the returned value before it compares, from the strictest to the one that sees least."""

TOLERANCE: Final = 1e-6
LONGEST_CALL: Final = 2000


@dataclass(frozen=True, slots=True)
class Use:
    """`view` is the builtin that the returned value goes through ("" for none), `tolerance` absolute and relative."""

    view: str
    tolerance: float


def use_of(test: str, entry: str) -> Use | None:
    """None where a call is looked at in a way that fits these inputs only, or in no way that is known here."""
    tree = parsed(test)
    if tree is None:
        return None
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    uses = [use_of_call(call, parents) for call in calls_in(tree, {entry, CANDIDATE})]
    known = [use for use in uses if use]
    if not known or len(known) < len(uses):
        return None
    return Use(max((use.view for use in known), key=VIEWS.index), max(use.tolerance for use in known))


def calls_in(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    """The calls of these names, but for those in the message of an assert."""
    for child in ast.iter_child_nodes(tree):
        if not (isinstance(tree, ast.Assert) and child is tree.msg):
            yield from calls_in(child, names)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in names:
        yield tree


def use_of_call(call: ast.Call, parents: Mapping[ast.AST, ast.AST]) -> Use | None:
    node, view = seen_through(call, parents)
    compared = parents[node]
    if isinstance(compared, ast.Assert) or (isinstance(compared, ast.UnaryOp) and isinstance(compared.op, ast.Not)):
        return Use("bool", TOLERANCE)
    if isinstance(compared, ast.Compare) and all(isinstance(operator, ast.Eq | ast.Is) for operator in compared.ops):
        return Use(view, TOLERANCE)
    allowed = tolerance_of(compared, parents)
    return None if allowed is None else Use(view, allowed)


def seen_through(call: ast.Call, parents: Mapping[ast.AST, ast.AST]) -> tuple[ast.expr, str]:
    """The outermost builtin of VIEWS around a call, and the one of them that sees least."""
    node: ast.expr = call
    views = [""]
    while isinstance(parent := parents[node], ast.Call) and len(parent.args) == 1 and not parent.keywords:
        if not isinstance(parent.func, ast.Name) or parent.func.id not in VIEWS:
            break
        node = parent
        views.append(parent.func.id)
    return node, max(views, key=VIEWS.index)


def tolerance_of(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> float | None:
    """Of `math.isclose(call, expected, rel_tol=…)` or `abs(call - expected) < …`; None for anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        outer = parents[parents[node]]
        bound = outer.comparators[0] if isinstance(outer, ast.Compare) and name_of(parents[node]) == "abs" else None
        return number_in(bound)
    if name_of(node) in {"isclose", "math.isclose"} and isinstance(node, ast.Call):
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        return max(TOLERANCE, *(number_in(given.get(name)) or 0.0 for name in ("rel_tol", "abs_tol")))
    return None


def name_of(node: ast.AST) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def number_in(node: ast.AST | None) -> float | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return float(value) if isinstance(value, int | float) else None


def shown_inputs(prompt: str, entry: str) -> list[Input]:
    """The inputs of the calls that a prompt shows, where their arguments are literals."""
    starts = [match.start() for match in re.finditer(rf"\b{re.escape(entry)}\(", prompt)]
    found = (arguments_at(prompt[start : start + LONGEST_CALL]) for start in starts)
    return [given for given in found if given is not None]


def arguments_at(text: str) -> Input | None:
    """The arguments of the call that the text begins with."""
    for end in (match.end() for match in re.finditer(r"\)", text)):
        tree = parsed(text[:end])
        if tree is not None:
            call: Any = tree.body[0].value if isinstance(tree.body[0], ast.Expr) else None
            return literal_arguments(call) if isinstance(call, ast.Call) else None
    return None


def literal_arguments(call: ast.Call) -> Input | None:
    try:
        return None if call.keywords or not call.args else tuple(map(ast.literal_eval, call.args))
    except ValueError:
        return None
