"""How dbt's models appear in Dagster, and the parsed project that they are read from.

Not here: running them (assets.modelling).
"""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Mapping
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject
from packaging.version import Version

from orchestration.settings import PROJECT_ROOT, settings

PROJECT_DIR = PROJECT_ROOT / "dbt_project"


class ModelTranslator(DagsterDbtTranslator):
    """Asset key = table address; every model is of the stage `modelling`."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:  # noqa: ARG002 - dagster's signature
        return "modelling"


def parsed_project() -> DbtProject:
    """The dbt project with a manifest that is newer than everything it was parsed from.

    Builds write to another directory (build_directory): what other processes read here never changes under them.
    """
    project = DbtProject(project_dir=PROJECT_DIR, target_path=settings().home / "dbt" / "parsed")
    project.target_path.mkdir(parents=True, exist_ok=True)
    with (project.target_path / ".turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if is_stale(project.manifest_path):
            dbt_resource(project).cli(["parse", "--quiet"], target_path=project.target_path).wait()
    return project


def build_directory() -> Path:
    """Where dbt keeps what it compiled and logged; one build at a time uses it."""
    return settings().home / "dbt" / "build"


def is_stale(manifest: Path) -> bool:
    if not manifest.exists():
        return True
    parsed_at = manifest.stat().st_mtime
    sources = (path for path in PROJECT_DIR.rglob("*") if path.suffix in {".sql", ".yml", ".csv"})
    return any(path.stat().st_mtime > parsed_at for path in sources)


class InstalledDbt(DbtCliResource):
    """dbt of this environment. Its version is read from the package: `dbt --version` asks the network for newer."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(metadata.version("dbt-core"))


def dbt_resource(project: DbtProject) -> DbtCliResource:
    return InstalledDbt(
        project_dir=project,  # type: ignore[arg-type]  # a validator takes the project
        dbt_executable=str(Path(sys.executable).parent / "dbt"),
    )
