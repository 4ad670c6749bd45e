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


THROUGH: Final = "_through"
"""The name under which code offers what its entry is called through."""


def beside(modules: Mapping[str, str], code: str) -> str:
    """Python code that can import `modules` (text by name), which stand in its cell alone."""
    if not modules:
        return code
    return f"{INSTALLING}_install({modules!r})\nexec(compile({code!r}, 'answer.py', 'exec'), globals())\n"


def through(way: str, code: str, entry: str) -> str:
    """Code of `beside` with a function THROUGH, which calls the one that `way` names with the entry in front.

    `way` is `module.function`, of one of the modules.
    """
    module, _, function = way.partition(".")
    return f"{code}{THROUGH} = __import__('functools').partial(__import__({module!r}).{function}, {entry})\n"
