"""`aibaas sql`: questions in SQL to the marts and the archive of answers, by DuckDB."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.preparation import enter_environment
from orchestration.settings import OperatorError, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyRelation

    from orchestration.storage.analysis import Analysis

WRITERS: dict[str, Callable[[DuckDBPyRelation, str], object]] = {
    ".csv": lambda answer, path: answer.write_csv(path, header=True),
    ".parquet": lambda answer, path: answer.write_parquet(path),
}
MAX_ROWS, MAX_WIDTH = 1000, 10_000


@click.command()
@click.argument("question", required=False)
@click.option("--file", "source", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Read it there.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write rows there: .csv or .parquet.")
def command(question: str | None, source: Path | None, output: Path | None) -> None:
    """Answer QUESTION, or ask for questions. Tables: marts.* and answers; docs/analysts.md has worked examples."""
    from orchestration.storage.analysis import Analysis
    from orchestration.storage.archive import Archive

    if output is not None and output.suffix not in WRITERS:
        raise OperatorError(f"{output}: rows are written as {' or '.join(WRITERS)}")
    question = source.read_text() if source else question
    with enter_environment().connect() as connection:
        analysis = Analysis(connection, Archive.from_settings(settings()))
        try:
            if question is None and sys.stdin.isatty():
                converse(analysis)
            else:
                answer(analysis, sys.stdin.read() if question is None else question, output)
        finally:
            analysis.close()


def answer(analysis: Analysis, question: str, output: Path | None = None) -> None:
    found = analysis.ask(question)
    if found is None:
        return
    if output is None:
        found.show(max_rows=MAX_ROWS, max_width=width_of(sys.stdout.isatty()))
    else:
        WRITERS[output.suffix](found, str(output))


def width_of(is_terminal: bool) -> int:
    """Characters a table may take: the terminal's, or all that it needs where no one looks."""
    return shutil.get_terminal_size().columns if is_terminal else MAX_WIDTH


def converse(analysis: Analysis) -> None:
    """Statements end with a semicolon; .tables lists what there is; Ctrl-D ends."""
    import readline  # noqa: F401 - gives input() its history

    click.echo("Statements end with ;   .tables lists the tables   Ctrl-D ends")
    lines: list[str] = []
    while True:
        try:
            line = input("   ... " if lines else "aibaas> ")
        except EOFError:
            click.echo()
            return
        if not lines and line.strip() == ".tables":
            for table, columns in analysis.tables.items():
                click.echo(f"{table}: {', '.join(columns)}")
            continue
        lines.append(line)
        if line.rstrip().endswith(";"):
            try:
                answer(analysis, "\n".join(lines))
            except OperatorError as error:
                click.echo(str(error), err=True)
            lines = []
