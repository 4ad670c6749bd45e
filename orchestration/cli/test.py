"""`aibaas test`: every test, with the Debian packages that they need."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from orchestration.settings import PROJECT_ROOT, OperatorError

NEEDED = {
    "chromium": "chromium",
    "fc-list": "fontconfig",
    "node": "nodejs",
    "ip": "iproute2",
    "git": "git",
    "redis-server": "redis-server",
}
"""Program to Debian package."""

ORDINARY = (
    *("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"),
    *("-m", "not soak and not scale and not timescale"),
    *("--durations", "25", "--durations-min", "10"),
)
"""Three workers, as tests wait often, share out files in order: those that start the whole product come first."""


def missing_packages() -> list[str]:
    return sorted(package for program, package in NEEDED.items() if shutil.which(program) is None)


def install(packages: list[str]) -> None:
    """Installs Debian packages when root; otherwise says what to type."""
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise OperatorError(f"the tests need {', '.join(packages)}: as root, run `{line}` and start again")
    click.echo(f"installing {', '.join(packages)} for the tests")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in ("apt-get update -q", line):
        result = subprocess.run(step.split(), env=environment, capture_output=True, text=True, check=False)
        if result.returncode:
            raise OperatorError(f"`{step}` failed: {result.stderr.strip()[-500:]}")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def command(pytest_arguments: tuple[str, ...]) -> None:
    """Run every test but those marked soak, scale and timescale; arguments go to pytest."""
    if packages := missing_packages():
        install(packages)
    arguments = pytest_arguments or ORDINARY
    pytest = Path(sys.executable).parent / "pytest"
    sys.exit(subprocess.run([pytest, *arguments], cwd=PROJECT_ROOT, check=False).returncode)
