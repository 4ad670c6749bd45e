"""`aibaas synth`: an empty database filled with drawn history, for measuring the warehouse at size."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.preparation import prepare
from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from orchestration.simulator.synthetic_history import SyntheticHistory
    from orchestration.storage.bulk_insert import Connection


@click.command()
@click.option("--days", type=click.IntRange(1, 3660), default=365, show_default=True)
@click.option("--targets", type=click.IntRange(1, 99), default=12, show_default=True)
@click.option("--scenarios", type=click.IntRange(1, 99), default=20, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--last-day", type=click.DateTime(["%Y-%m-%d"]), help="The last day. Default: yesterday (UTC).")
@click.option("--parquet", type=click.Path(file_okay=False, path_type=Path), help="Write the same rows there as well.")
def command(
    days: int, targets: int, scenarios: int, seed: int, last_day: datetime | None, parquet: Path | None
) -> None:
    """Draw raw rows of every hour of some days, labelled as simulated, into a database without measurements."""
    from orchestration.simulator.synthetic_history import SyntheticHistory
    from orchestration.storage.database import COLLECTOR

    end = (last_day or datetime.now(UTC) - timedelta(days=1)).date()
    history = SyntheticHistory(end - timedelta(days=days - 1), days, seed, targets, scenarios)
    database = prepare()
    with database.connect(COLLECTOR) as connection:
        refuse_measurements(connection, database.place)
        load_catalogue(connection, history)
        load_days(connection, history, parquet)
    with database.connect() as connection:
        connection.autocommit = True
        connection.execute("VACUUM (ANALYZE) raw.planned_calls, raw.responses, raw.scores")
    click.echo(f"{history.call_count:,} calls of {days} days to {end}")


def refuse_measurements(connection: Connection, place: str) -> None:
    """Drawn rows never stand beside measured ones. Raises OperatorError when there are any."""
    if connection.execute("SELECT 1 FROM raw.planned_calls LIMIT 1").fetchone():
        raise OperatorError(
            f"{place} holds measurements: drawn history goes into an empty database only; set AIBAAS_HOME to a new "
            "folder or DATABASE_URL to another database"
        )


def load_catalogue(connection: Connection, history: SyntheticHistory) -> None:
    from orchestration.storage import raw_tables

    raw_tables.record_targets(connection, history.targets())
    raw_tables.record_scenarios(connection, history.scenarios())
    raw_tables.record_suites(connection, history.suite())
    raw_tables.record_prices(connection, history.prices())
    raw_tables.record_checks(connection, history.checks())


def load_days(connection: Connection, history: SyntheticHistory, parquet: Path | None) -> None:
    from orchestration.storage.frame_loading import copy_frame

    days = history.raw_days()
    with click.progressbar(days, length=history.days, label="drawing days") as shown:
        for number, day in enumerate(shown):
            for table, frame in day._asdict().items():
                copy_frame(connection, table, frame)
                if parquet is not None:
                    (parquet / table).mkdir(parents=True, exist_ok=True)
                    frame.write_parquet(parquet / table / f"{number:05}.parquet")
