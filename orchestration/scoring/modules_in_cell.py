"""Python code that imports modules which its cell alone has.

Not here: whose modules these are (function, structure).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

INSTALLING: Final = """
def _install(modules):
    import sys
    for name, text in modules.items():
        module = sys.modules[name] = type(sys)(name)
        exec(compile(text, name + ".py", "exec"), module.__dict__)
"""


def beside(modules: Mapping[str, str], code: str) -> str:
    """Python code that can import `modules` (text by name), which stand in its cell alone."""
    if not modules:
        return code
    return f"{INSTALLING}_install({modules!r})\nexec(compile({code!r}, 'answer.py', 'exec'), globals())\n"
