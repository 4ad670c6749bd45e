"""The dbt project, parsed once in a run of tests: to parse it takes longer than much of what a home is made for.

Not here: builds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pathlib import Path

PARSE = "from orchestration.defs.dbt_translator import parsed_project; parsed_project()"


def parsed_once(place: Path) -> Path:
    """A home whose project is parsed. Of several that want it at once, the first parses."""
    subprocess.run(
        [sys.executable, "-c", PARSE],
        cwd=PROJECT_ROOT, env={"PATH": os.environ["PATH"], "HOME": str(place), "AIBAAS_HOME": str(place)}, check=True,
        capture_output=True,
    )  # fmt: skip
    return place


def give_parsed_project(source: Path, home: Path) -> None:
    """Copy the parsed project of a home into another."""
    shutil.copytree(source / "dbt", home / "dbt")
