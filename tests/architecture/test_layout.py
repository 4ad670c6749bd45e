"""The layout, the names and the doors that the design promises, read from the tree itself."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("orchestration", "scenarios", "api", "dashboard")
TOP_LEVEL = {
    "aibaas", "pyproject.toml", "requirements.lock", "README.md", "CHANGELOG.md", "Procfile", "Dockerfile",
    "docker-compose.yml", "workspace.yaml", "dagster.yaml", ".ci", ".github", ".gitignore", "docs", "scenarios",
    "orchestration", "dbt_project", "api", "dashboard", "tests",
}  # fmt: skip
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "processor"}
DOORS = {
    "subprocess": ("orchestration/sandbox/", "orchestration/cli/", "orchestration/storage/embedded_postgres"),
    "plotly": ("dashboard/charts/",),
    "streamlit": (
        "dashboard/app.py",
        "dashboard/app_pages/",
        "dashboard/__main__.py",
        "dashboard/theme.py",
        "dashboard/logs.py",
    ),
    "psycopg": ("orchestration/storage/", "api/database.py", "api/accounts/"),
    "dagster": ("orchestration/defs/", "orchestration/definitions.py", "orchestration/cli/"),
    "dagster_celery": ("orchestration/defs/",),
    "celery": ("orchestration/defs/", "orchestration/cli/"),
    "litellm": ("orchestration/providers/",),
    "scipy": ("orchestration/stats/",),
}
"""Library to the only places that may import it, where import-linter can't say it because it is finer than a module."""


def tracked_files() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listing.stdout.splitlines() if (ROOT / name).exists()]


def modules() -> Iterator[tuple[str, ast.Module]]:
    for name in tracked_files():
        if name.endswith(".py") and name.split("/")[0] in PROGRAMS and not name.startswith("scenarios/core/"):
            yield name, ast.parse((ROOT / name).read_text(encoding="utf-8"))


def imported_libraries(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def words_of(identifier: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}


def test_top_level_holds_only_what_the_design_names() -> None:
    assert {name.split("/")[0] for name in tracked_files()} <= TOP_LEVEL


def test_no_name_that_says_nothing() -> None:
    offenders = []
    for name, tree in modules():
        identifiers = [Path(name).stem] + [
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        offenders += [f"{name}: {identifier}" for identifier in identifiers if words_of(identifier) & EMPTY_NAMES]
    assert offenders == []


@pytest.mark.parametrize("library", sorted(DOORS))
def test_each_dangerous_library_has_one_door(library: str) -> None:
    offenders = [
        name for name, tree in modules() if library in imported_libraries(tree) and not name.startswith(DOORS[library])
    ]
    assert offenders == []


def test_only_settings_read_the_environment() -> None:
    """A cell has an environment of its own, which the sandbox makes; `os.environ/NAME` is how litellm names one's."""
    settings = ("orchestration/settings.py", "api/settings.py", "dashboard/settings.py")
    allowed = (*settings, "orchestration/cli/", "orchestration/sandbox/cell/")
    reading = re.compile(r"os\.environ(?!/)|os\.getenv|BaseSettings\b")
    offenders = [
        name
        for name, _ in modules()
        if not name.startswith(allowed) and reading.search((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert offenders == []


def test_every_module_says_what_lives_in_it() -> None:
    assert [name for name, tree in modules() if not ast.get_docstring(tree)] == []


def test_files_stay_readable() -> None:
    long = {
        name: lines
        for name, _ in modules()
        if (lines := len((ROOT / name).read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_no_unfinished_work_is_marked() -> None:
    marks = re.compile("TO" + "DO|FIX" + "ME|NotImplemented" + "Error|X{3}")
    offenders = [
        name
        for name in tracked_files()
        if name.endswith((".py", ".sql", ".yml")) and marks.search((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert offenders == []


def test_no_address_in_the_lock_file_but_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.findall(r"^[a-z0-9][^\s]*==\S+", text, flags=re.MULTILINE)
    assert pins
    assert text.count("--hash=sha256:") >= len(pins)


def test_no_tracked_file_is_large() -> None:
    assert [name for name in tracked_files() if (ROOT / name).stat().st_size > 1024 * 1024] == []
