"""`aibaas detect`: the changes of any series of runs, from a file into a file."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.settings import OperatorError


@click.command()
@click.option(
    "--in", "source", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Rows of runs, Parquet."
)
@click.option(
    "--out", "target", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the alarms go, CSV."
)
def command(source: Path, target: Path) -> None:
    """Say when the quality, latency or cost of each series changed; docs/methodology.md has columns and rules."""
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
