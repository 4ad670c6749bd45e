"""`aibaas detect`: the changes of any series of runs, from a file into a file; `benchmark`: how often it errs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from orchestration.settings import PROJECT_ROOT, OperatorError

METHODOLOGY = PROJECT_ROOT / "docs" / "methodology.md"


@click.group(invoke_without_command=True)
@click.option("--in", "source", type=click.Path(dir_okay=False, path_type=Path), help="Rows of runs, Parquet.")
@click.option("--out", "target", type=click.Path(dir_okay=False, path_type=Path), help="Where the alarms go, CSV.")
@click.pass_context
def command(context: click.Context, source: Path | None, target: Path | None) -> None:
    """Say when the quality, latency or cost of each series changed; docs/methodology.md has columns and rules."""
    if context.invoked_subcommand is not None:
        return
    if source is None or target is None:
        raise click.UsageError("Missing option '--in'." if source is None else "Missing option '--out'.")
    _detect(source, target)


def _detect(source: Path, target: Path) -> None:
    import polars as pl

    from orchestration.stats.run_rows import RunRowError, alarms, checked_runs

    if not source.is_file():
        raise OperatorError(f"{source}: there is no such file")
    try:
        rows = pl.read_parquet(source)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise OperatorError(f"{source}: is not readable as Parquet ({str(error).splitlines()[0]})") from error
    try:
        found = alarms(checked_runs(rows))
    except RunRowError as error:
        raise OperatorError(f"{source}: {error}") from error
    try:
        found.write_csv(target)
    except OSError as error:
        raise OperatorError(f"{target}: can't be written ({error.strerror or error})") from error
    click.echo(f"{target}: {len(found)} alarms in {rows['series_id'].n_unique()} series")


@command.command()
@click.option("--seed", type=click.IntRange(0), help="Of the drawn series. Default: a new one from the clock.")
@click.option("--null", type=click.IntRange(1), default=400, show_default=True, help="Series in which nothing happens.")
@click.option("--events", type=click.IntRange(1), default=100, show_default=True, help="Series of each kind of change.")
@click.option("--insertions", type=click.IntRange(1), default=720, show_default=True, help="Hours of total failure.")
@click.option("--rivals", type=click.IntRange(1), default=40, show_default=True, help="Series for the other methods.")
@click.option("--write", is_flag=True, help="Put the tables into docs/methodology.md.")
def benchmark(seed: int | None, write: bool, **sizes: int) -> None:
    """Measure the detector on drawn series, beside z-score, CUSUM, PELT and E-divisive means; takes minutes."""
    options = [word for name, size in sizes.items() for word in (f"--{name}", str(size))]
    options += [] if seed is None else ["--seed", str(seed)]
    options += ["--write", str(METHODOLOGY)] if write else []
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.detector_rates", *options],
        cwd=PROJECT_ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"}, check=False,
    )  # fmt: skip
    sys.exit(done.returncode)
