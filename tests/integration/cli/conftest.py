"""The command line as a process, with an environment that holds nothing but what a test puts there.

Not here: what the commands measure (integration.pipeline, e2e).
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

import pytest

from orchestration.settings import PROJECT_ROOT
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.product import SMALL, port_variables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Result = subprocess.CompletedProcess[str]


class RunAibaas(Protocol):
    """Runs one command to its end; variables are added to the bare environment."""

    def __call__(self, *arguments: str, prefix: tuple[str, ...] = (), typed: str = "", **variables: str) -> Result: ...


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Where the command line keeps its things. A database that a test started there ends with it."""
    place = tmp_path / "home"
    yield place
    EmbeddedPostgres(place).stop()


@pytest.fixture
def aibaas(home: Path) -> RunAibaas:
    bare = {"PATH": os.environ["PATH"], "HOME": str(home.parent), "AIBAAS_HOME": str(home)} | SMALL | port_variables()

    def run(*arguments: str, prefix: tuple[str, ...] = (), typed: str = "", **variables: str) -> Result:
        return subprocess.run(
            [*prefix, sys.executable, "-m", "orchestration.cli", *arguments],
            cwd=PROJECT_ROOT,
            env=bare | variables,
            input=typed,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run
