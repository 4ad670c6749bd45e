"""An Exercism track's Python tests (unittest) as a test that asserts.

Not here: which files an exercise has (exercism).
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from scenarios.packs.python_code import packages_needed
from scenarios.packs.task import UnsuitedError

if TYPE_CHECKING:
    from collections.abc import Mapping

MODULES: Final = """\

import sys as _sys
import types as _types
import unittest as _unittest


def _module(name):
    _sys.modules[name] = _types.ModuleType(name)
    return vars(_sys.modules[name])


_module("SOLUTION").update({name: value for name, value in globals().items() if not name.startswith("_")})
"""

RUNNER: Final = """\

_tests = _unittest.defaultTestLoader.loadTestsFromModule(_sys.modules["__main__"])
_result = _unittest.TextTestRunner(verbosity=0).run(_tests)
_failed = [test.id().rpartition(".")[2] for test, _ in [*_result.failures, *_result.errors]]
assert _result.testsRun, "the module has no test"
assert not _failed, f"{len(_failed)} of {_result.testsRun} tests failed: {', '.join(_failed)}"
"""


def tail(solution: str, tests: Mapping[str, str]) -> str:
    """The published test file, and before it the modules that it imports. Raises UnsuitedError."""
    main = next((name for name in tests if name.endswith("_test.py")), None)
    if main is None:
        raise UnsuitedError("no file *_test.py")
    modules = {PurePath(name).stem for name in (solution, *tests)}
    for name, text in tests.items():
        if packages := packages_needed(text, modules):
            raise UnsuitedError(f"{name} needs the package {', '.join(packages)}, and cells have none")
    others = [module(name, text) for name, text in tests.items() if name != main]
    start = MODULES.replace("SOLUTION", PurePath(solution).stem)
    return "\n\n".join([start, *others, tests[main].strip(), RUNNER])


def module(file: str, text: str) -> str:
    """A further file of the tests, in whose objects the answer may look as in those of the tests themselves."""
    name = PurePath(file).stem
    return f'_names = _module("{name}")\n_names["__name__"] = "__main__"\nexec({text!r}, _names)'
