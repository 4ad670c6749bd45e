"""The skeleton of a new scenario: valid files with what is to do in them.

Not here: proving it.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, get_args

from scenarios.errors import CatalogueError
from scenarios.loader import EXTENSION_OF, load_scenario
from scenarios.schema import LANGUAGES_OF, NEEDS_ENTRY, Family, GraderKind

if TYPE_CHECKING:
    from pathlib import Path

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COMMENTS: Final = {"python": "# {}", "sql": "-- {}", "bash": "# {}", "javascript": "// {}", "text": "<!-- {} -->"}
FORMS: Final = {"python": "`python` block", "sql": "`sql` block", "bash": "`bash` block", "javascript": "`js` block"}
CHECKS: Final[dict[str, str]] = {
    "function": "  calls:\n    - {args: [1], expected: 2}\n",
    "program": "  stdin: |\n    to do\n  expected_stdout: |\n    done\n",
    "sql": "  setup: CREATE TABLE {{thing}} (id INTEGER)\n  ordered: false\n  expected:\n    rows: []\n",
    "text": '  kind: json\n  path: /answer\n  expected: "to do"\n',
    "asserts": "  tail: assert False\n",
    "tests": "  implementation: module.py\n",
}


def make_skeleton(root: Path, family: str, slug: str, *, kind: str, language: str | None, handle: str | None) -> Path:
    """The folder that was made. Raises CatalogueError for a name that can't be, or a folder that is there."""
    refuse(root, family in get_args(Family), "family", f"{family!r} is none of {', '.join(get_args(Family))}")
    refuse(root, kind in get_args(GraderKind), "kind", f"{kind!r} is none of {', '.join(get_args(GraderKind))}")
    for name in (slug, *([handle] if handle else [])):
        refuse(root, SLUG.fullmatch(name) is not None, "slug", f"{name!r}: small letters, digits and single hyphens")
    languages = sorted(item or "text" for item in LANGUAGES_OF[kind])  # type: ignore[index]
    chosen = language or ("python" if "python" in languages else languages[0])
    refuse(root, chosen in languages, "language", f"the kind {kind} grades {', '.join(languages)}, not {chosen!r}")
    owner = root / "community" / handle if handle else root / "core" / family
    folder = owner / slug
    refuse(folder, not folder.exists(), "(folder)", "is there already: choose another name")
    for name, text in files_of(owner.name, family, slug, kind, chosen).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    load_scenario(folder, "community" if handle else "core")
    return folder


def refuse(place: Path, holds: bool, field: str, reason: str) -> None:
    if not holds:
        raise CatalogueError(place, 1, field, reason)


def files_of(owner: str, family: str, slug: str, kind: str, language: str) -> dict[str, str]:
    canary = f"aibaas-canary-{uuid.uuid4()}"
    answer = "{kind: text}" if language == "text" else f"{{kind: code, language: {language}{entry_of(kind)}}}"
    form = "JSON object" if language == "text" else f"fenced {FORMS[language]} and nothing else"
    extension = EXTENSION_OF[language]
    files = {
        "scenario.yaml": (
            f"id: {owner}/{slug}\nversion: 1\ntitle: To do\nfamily: {family}\ndifficulty: medium\nlicence: MIT\n"
            f"created: {datetime.now(UTC).date()}\ncanary: {canary}\nmax_output_tokens: 1200\nanswer: {answer}\n"
            f"grader: {{kind: {kind}}}\nparameters:\n  thing: [orders, tickets, shipments]\n"
        ),
        "prompt.md": f"To do: a task about {{{{thing}}}}, in 150 to 500 words.\n\nAnswer with one {form}.\n",
        "tests/checks.yaml": f"# {canary}\n- name: to do\n  weight: 1\n{CHECKS[kind]}",
    }
    if kind == "tests":
        files["tests/module.py"] = "def solve(value):\n    return value\n"
    for name, score in (
        ("reference", "10"),
        ("wrong_a", "7.5 - to do"),
        ("wrong_b", "4 - to do"),
        ("wrong_c", "1 - to do"),
    ):
        files[f"solutions/{name}{extension}"] = f"{COMMENTS[language].format(f'score: {score}')}\nto do: {name}\n"
    return files


def entry_of(kind: str) -> str:
    return ", entry: solve" if kind in NEEDS_ENTRY else ""
