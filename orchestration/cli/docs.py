"""`aibaas docs`: what every table of the warehouse holds and what it is made of, as one page."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import click

from orchestration.cli.preparation import prepare
from orchestration.settings import PROJECT_ROOT, OperatorError, settings


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: dbt/docs.html in the home.")
def command(output: Path | None) -> None:
    """Write dbt's documentation of the warehouse to one HTML file: tables, columns, tests, lineage, consumers."""
    config = settings()
    page = (output or config.home / "dbt" / "docs.html").absolute()
    if output is not None and not page.parent.is_dir():
        raise OperatorError(f"{page.parent}: there is no such folder")
    prepare()
    write(page, config.home / "dbt" / "docs")
    click.echo(f"open {page} in a browser")


def write(page: Path, scratch: Path) -> None:
    """Raises OperatorError with dbt's reason; `scratch` is for its files."""
    project, places = str(PROJECT_ROOT / "dbt_project"), ("--target-path", str(scratch), "--log-path", str(scratch))
    generate = ["dbt", "--quiet", "docs", "generate", "--static", "--project-dir", project, "--profiles-dir", project]
    done = subprocess.run([*generate, *places], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OperatorError(f"dbt can't write the documentation: {done.stdout.strip() or done.stderr.strip()}")
    shutil.copy(scratch / "static_index.html", page)
