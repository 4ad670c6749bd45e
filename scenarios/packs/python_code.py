"""What Python code says of itself without being run: what it defines, which packages it needs.

Not here: running it (the sandbox).
"""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


def parsed(code: str) -> ast.Module | None:
    """None for what is no Python."""
    try:
        return ast.parse(code)
    except UNREADABLE:
        return None


def definitions(code: str) -> list[str]:
    """The functions and classes at the top level."""
    tree = parsed(code)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node.name for node in tree.body if isinstance(node, kinds)] if tree else []


def entry_of(code: str, test: str) -> str | None:
    """The definition of `code` that `test` names, the last one when it names several."""
    tree = parsed(test)
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} if tree else set()
    return next((name for name in reversed(definitions(code)) if name in named), None)


def packages_needed(code: str, provided: Collection[str] = ()) -> list[str]:
    """The modules that `code` imports at its top level beyond the standard library and `provided`."""
    tree = parsed(code)
    found: set[str] = set()
    for node in tree.body if tree else ():
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return sorted(name for name in found if name and name not in sys.stdlib_module_names and name not in provided)


def split_docstring(code: str) -> tuple[str, str]:
    """The code without a text that stands alone at its end, and that text."""
    tree = parsed(code)
    last = tree.body[-1] if tree and tree.body else None
    if not (isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant) and isinstance(last.value.value, str)):
        return code, ""
    return "\n".join(code.split("\n")[: last.lineno - 1]).rstrip("\n") + "\n", last.value.value.strip("\n")
