"""An Exercism track's JavaScript tests (Jest) as a test that asserts, and modules as plain scripts.

Not here: which files an exercise has (exercism), nor the part of Jest that the tests use (exercism_jest.js).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from scenarios.packs.task import UnsuitedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

JEST: Final = Path(__file__).with_name("exercism_jest.js").read_text(encoding="utf-8")
OF_NODE: Final = frozenset(
    {"assert", "buffer", "child_process", "crypto", "events", "fs", "os", "path", "stream", "timers", "url", "util"}
)
"""Modules that Node brings along."""

IMPORT: Final = re.compile(
    r"""^import\s+(?:(?P<default>\w+)\s*,?\s*)?(?:\{(?P<names>[^}]*)\}|\*\s+as\s+(?P<whole>\w+))?\s*from\s+"""
    r"""['"](?P<module>[^'"]+)['"];?[ \t]*\n?""",
    re.MULTILINE,
)
REQUIRE: Final = re.compile(r"""\brequire\(\s*['"](?:node:)?([^'"/]+)""")
EXPORTED: Final = re.compile(r"^export\s+(?=(?:async\s+)?(?:function|class|const|let|var)\b)", re.MULTILINE)
DEFAULT_NAMED: Final = re.compile(r"^export\s+default\s+(?=(?:async\s+)?(?:function\s*\*?|class)\s+\w)", re.MULTILINE)
DEFAULT: Final = re.compile(r"^export\s+default\s+", re.MULTILINE)
LISTED: Final = re.compile(r"^export\s*\{([^}]*)\}[^;\n]*;?[ \t]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Spec:
    """The tests of one exercise; `default` is what they call the solution's default export."""

    text: str
    default: str | None

    @classmethod
    def of(cls, solution: str, tests: Mapping[str, str]) -> Self:
        """Raises UnsuitedError for tests that need more than the solution and the part of Jest that is here."""
        if len(tests) != 1:
            raise UnsuitedError(f"its tests are {len(tests)} files: {', '.join(tests) or 'none'}")
        (text,) = tests.values()
        refuse_other_needs(text, PurePath(solution).stem)
        found = (match["default"] for match in IMPORT.finditer(text) if match["module"].startswith("."))
        return cls(text, next(found, None))

    def plain(self, code: str) -> str:
        """A module's code as a script: its exports are names of the top level. Raises UnsuitedError for imports."""
        if match := IMPORT.search(code):
            raise UnsuitedError(f"its solution imports {match['module']}")
        code = DEFAULT_NAMED.sub("", EXPORTED.sub("", code))
        code = DEFAULT.sub(f"const {self.default or 'solution'} = ", code)
        return LISTED.sub(lambda match: aliases(match[1]), code)

    def tail(self) -> str:
        tests = IMPORT.sub(imported, self.text).strip()
        return f"\n{JEST}\n{tests}\n\nrunTests();\n"


def refuse_other_needs(text: str, solution: str) -> None:
    modules = [match["module"] for match in IMPORT.finditer(text)] + REQUIRE.findall(text)
    for module in modules:
        if module not in {f"./{solution}", f"./{solution}.js", "@jest/globals", ".", ".."} | OF_NODE:
            raise UnsuitedError(f"its tests need {module}")
    if re.search(r"\bjest\.", text):
        raise UnsuitedError("its tests use jest's own object, which is not here")


def aliases(names: str) -> str:
    """`a, b as c` as the names that they are known by: those that already are the code's own need nothing."""
    pairs = re.findall(r"(\w+)\s+as\s+(\w+)", names)
    return "".join(f"const {known} = {own};\n" for own, known in pairs if known != "default")


def imported(match: re.Match[str]) -> str:
    if match["whole"]:
        raise UnsuitedError(f"its tests import all of {match['module']} under one name")
    return "" if match["module"] == "@jest/globals" else aliases(match["names"] or "")
