"""`aibaas check`: everything that can be said about the code without starting the product."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import click

from orchestration.settings import PROJECT_ROOT

BIN = Path(sys.executable).parent

PROOF = "tests/contract/scenarios/test_solutions_score_what_they_say.py"
STEPS: dict[str, tuple[str, ...]] = {
    "format": ("ruff", "format", "--check", "--quiet", "."),
    "lint": ("ruff", "check", "--quiet", "."),
    "types": ("mypy",),
    "import contracts": ("lint-imports", "--no-cache"),
    "SQL lint": ("sqlfluff", "lint", "--disable-progress-bar", "dbt_project/models"),
    "compose file": (
        "check-jsonschema",
        "--no-cache",
        "--builtin-schema",
        "vendor.compose-spec",
        "docker-compose.yml",
    ),
    "tests of parts, contracts and rules": (
        "pytest",
        "-q",
        "-n",
        "2",
        "tests/unit",
        "tests/contract",
        "tests/architecture",
        f"--ignore={PROOF}",
    ),
}
"""The proof of the whole catalogue takes minutes; it is among the tests of `aibaas test`."""


def passes(name: str, step: tuple[str, ...]) -> bool:
    """Runs one step and says how it went; its output is shown only when it failed."""
    started = time.monotonic()
    result = subprocess.run([BIN / step[0], *step[1:]], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    took = time.monotonic() - started
    passed = result.returncode == 0
    click.secho(f"{'ok  ' if passed else 'FAIL'}  {name}  ({took:.1f} s)", fg="green" if passed else "red")
    if not passed or step[0] == "pytest":
        click.echo((result.stdout + result.stderr).rstrip()[-20_000:])
    return passed


@click.command()
@click.option("--static", "is_static", is_flag=True, help="Leave out the tests, which `aibaas test` runs too.")
def command(*, is_static: bool) -> None:
    """Format, lint, types, import contracts, SQL, compose file, fast tests."""
    results = [passes(name, step) for name, step in STEPS.items() if not (is_static and step[0] == "pytest")]
    if not all(results):
        sys.exit(1)
