"""Small mistakes in Python code, made on its syntax tree by the standard library alone.

Not here: the engines of development, whose mutants say how good a scenario's checks are (mutations). These here choose
inputs; what chose the inputs must not be what measures them.
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

OPERATORS: Final[Mapping[type[ast.AST], tuple[type[ast.AST], ...]]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Mult, ast.Div),
    ast.Mod: (ast.FloorDiv, ast.Mult),
    ast.Pow: (ast.Mult, ast.Add),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitOr,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq, ast.Lt, ast.Gt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
SWAPPED: Final = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "lower": "upper",
    "upper": "lower",
    "islower": "isupper",
    "isupper": "islower",
    "isdigit": "isalpha",
    "isalpha": "isalnum",
    "startswith": "endswith",
    "endswith": "startswith",
    "find": "rfind",
    "rfind": "find",
    "index": "rindex",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
    "ceil": "floor",
    "floor": "ceil",
    "append": "extend",
    "sum": "max",
}
UNCHANGED: Final = {"annotation", "returns", "type_params", "decorator_list", "ctx", "names"}
"""Fields of the tree where a change is none of behaviour, or leaves no program."""


def changed_texts(code: str) -> Iterator[str]:
    """Code with one change each, every text once and none that is the code. Raises SyntaxError for no Python."""
    tree = ast.parse(code)
    seen = {ast.unparse(tree)}
    for owner, field, index, child in list(places(tree)):
        for changed in alternatives(child):
            put(owner, field, index, changed)
            text = ast.unparse(ast.fix_missing_locations(tree))
            if text not in seen and is_compiled(text):
                seen.add(text)
                yield text
        put(owner, field, index, child)


def places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every node with the field of its owner in which it stands, those of docstrings and imports left out."""
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and field not in UNCHANGED and not says_nothing(child):
                yield node, field, index, child
                yield from places(child)


def says_nothing(node: ast.AST) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or isinstance(node, ast.Import | ast.ImportFrom | ast.Raise | ast.JoinedStr)


def put(owner: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(owner, field, node)
    else:
        getattr(owner, field)[index] = node


def is_compiled(text: str) -> bool:
    try:
        compile(text, "changed.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def alternatives(node: Any) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    yield from (kind() for kind in OPERATORS.get(type(node), ()))
    make = MAKERS.get(type(node))
    if make is not None:
        yield from make(node)


def with_field(node: Any, **fields: Any) -> Any:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def without_each(items: Sequence[Any]) -> Iterator[list[Any]]:
    for index in range(len(items)):
        yield [*items[:index], *items[index + 1 :]]


def constants(node: ast.Constant) -> Iterator[ast.AST]:
    match node.value:
        case bool():
            yield ast.Constant(not node.value)
        case int() | float():
            yield from (ast.Constant(node.value + step) for step in (1, -1))
        case str():
            yield from (ast.Constant(text) for text in ("", f"{node.value}x"))
        case None:
            yield ast.Constant(0)


def parts_of_and(node: ast.BoolOp) -> Iterator[ast.AST]:
    for values in without_each(node.values):
        yield values[0] if len(values) == 1 else with_field(node, values=values)


def calls(node: ast.Call) -> Iterator[ast.AST]:
    """Another function, one argument less, or the object itself instead of what its method makes."""
    match node.func:
        case ast.Name(id=name) if name in SWAPPED:
            yield with_field(node, func=ast.Name(SWAPPED[name]))
        case ast.Attribute(value=value, attr=name):
            yield value
            if name in SWAPPED:
                yield with_field(node, func=with_field(node.func, attr=SWAPPED[name]))
    for args in without_each(node.args):
        yield with_field(node, args=args)
    for keywords in without_each(node.keywords):
        yield with_field(node, keywords=keywords)
    if len(node.args) == 1:
        yield node.args[0]


def slices(node: ast.Slice) -> Iterator[ast.AST]:
    for name in ("lower", "upper", "step"):
        if getattr(node, name) is not None:
            yield with_field(node, **{name: None})


def conditions(node: ast.If | ast.While | ast.IfExp) -> Iterator[ast.AST]:
    for value in (False, True) if not isinstance(node, ast.While) else (False,):
        yield with_field(node, test=ast.Constant(value))
    yield with_field(node, test=ast.UnaryOp(ast.Not(), node.test))


def augmented(node: ast.AugAssign) -> Iterator[ast.AST]:
    yield ast.Pass()
    yield ast.Assign([node.target], node.value)


def filters(node: ast.comprehension) -> Iterator[ast.AST]:
    for ifs in without_each(node.ifs):
        yield with_field(node, ifs=ifs)


MAKERS: Final[Mapping[type[ast.AST], Callable[[Any], Iterator[ast.AST]]]] = {
    ast.Constant: constants,
    ast.BoolOp: parts_of_and,
    ast.UnaryOp: lambda node: iter([node.operand]),
    ast.Call: calls,
    ast.Slice: slices,
    ast.If: conditions,
    ast.While: conditions,
    ast.IfExp: conditions,
    ast.AugAssign: augmented,
    ast.Assign: lambda node: iter([ast.Pass(), with_field(node, value=ast.Constant(None))]),
    ast.Expr: lambda _node: iter([ast.Pass()]),
    ast.Return: lambda node: iter([with_field(node, value=None)]),
    ast.Break: lambda _node: iter([ast.Continue(), ast.Pass()]),
    ast.Continue: lambda _node: iter([ast.Break(), ast.Pass()]),
    ast.comprehension: filters,
}
