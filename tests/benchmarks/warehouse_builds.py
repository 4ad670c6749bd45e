"""Measures what dbt and the statistics need: for everything, beside DuckDB, and for one hour, beside an empty project.

usage: python -m tests.benchmarks.warehouse_builds rebuild --home HOME --parquet DIRECTORY
       python -m tests.benchmarks.warehouse_builds hour --home HOME --week HOME

HOME holds what `AIBAAS_HOME=HOME aibaas synth --days 365 --parquet DIRECTORY` drew (--days 7 for --week), its server
running and its migrations made. CPU seconds count the server's ended sessions and the clients; on a machine that does
other work they say more than the wall time does.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.defs.assets.modelling import COMPARISONS
from orchestration.settings import PROJECT_ROOT
from orchestration.stats.contamination import variant_gap_table
from orchestration.stats.intervals import interval_table
from orchestration.storage.comparison_rows import read_window_days, replace_rows
from orchestration.storage.database import Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from orchestration.storage.interval_rows import read_gaps, read_scenario_means, replace_gaps, replace_intervals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.storage.bulk_insert import Connection

PROJECT = PROJECT_ROOT / "dbt_project"
AGGREGATES = Path(__file__).with_name("warehouse_duckdb.sql")
REBUILD_BAR_S, DUCKDB_BAR, YEAR_BAR, EMPTY_BAR = 90.0, 3.0, 1.5, 2.0
HOUR = timedelta(hours=1)
SESSION_END_S = 0.5  # an ended session counts once the server has looked after it

Touched = tuple[datetime, datetime]


class Cost:
    """Seconds that a part took: on the clock, and of processors."""

    wall_s = 0.0
    cpu_s = 0.0
    server_s = 0.0
    """Of `cpu_s` what the database server took."""

    def __str__(self) -> str:
        return f"{self.wall_s:6.1f} s, {self.cpu_s:6.1f} CPU s"


@contextmanager
def measured(server: EmbeddedPostgres | None = None) -> Iterator[Cost]:
    cost, server_s = Cost(), server_seconds(server)
    own_s, started = own_seconds(), time.monotonic()
    yield cost
    cost.wall_s = time.monotonic() - started
    cost.server_s = server_seconds(server) - server_s
    cost.cpu_s = own_seconds() - own_s + cost.server_s


def own_seconds() -> float:
    """Of processors, for this process and its ended children."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def server_seconds(server: EmbeddedPostgres | None) -> float:
    """Of processors, for the server's ended sessions."""
    if server is None:
        return 0.0
    time.sleep(SESSION_END_S)
    postmaster = int((server.files.data / "postmaster.pid").read_text().split()[0])
    fields = Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def dbt(database: Database, project: Path, scratch: Path, *arguments: str) -> None:
    """Run `dbt build` as the pipeline does."""
    written = {"DBT_TARGET_PATH": str(scratch / "target"), "DBT_LOG_PATH": str(scratch / "logs")}
    command = [str(Path(sys.executable).parent / "dbt"), "build", "--quiet", "--exclude-resource-type", "unit_test"]
    places = [f"--project-dir={project}", f"--profiles-dir={PROJECT}"]
    subprocess.run(
        [*command, *places, *arguments], env={**os.environ, **database.dbt_environment(), **written}, check=True
    )


def statistics(database: Database, touched: Touched | None) -> None:
    with database.connect() as connection:
        means = read_scenario_means(connection, touched)
        replace_intervals(connection, interval_table(means, datetime.now(UTC)), touched)
        replace_gaps(connection, variant_gap_table(read_gaps(connection), datetime.now(UTC)))
        days = read_window_days(connection)
        for table, (computed, _) in COMPARISONS.items():
            replace_rows(connection, table, computed(days, datetime.now(UTC)))


def publish(database: Database, scratch: Path, *arguments: str, touched: Touched | None = None) -> None:
    """Raw rows to marts: dbt, the intervals and comparisons, dbt."""
    dbt(database, PROJECT, scratch, "--selector", "resolved", *arguments)
    statistics(database, touched)
    dbt(database, PROJECT, scratch, "--selector", "published", *arguments)


def rebuild(home: Path, parquet: Path, scratch: Path) -> None:
    server = EmbeddedPostgres(home)
    with measured(server) as ours:
        publish(Database(server.url), scratch, "--full-refresh")
    query = AGGREGATES.read_text().format(parquet=parquet)
    with measured() as theirs, duckdb.connect(str(scratch / "aggregates.duckdb")) as connection:
        connection.execute("SET threads = 2; SET TimeZone = 'UTC'")
        connection.execute(query)
    print(f"rebuild          {ours} (bar {REBUILD_BAR_S} s on two free cores)")
    print(f"DuckDB, Parquet  {theirs}")
    print(
        f"ratio            {ours.wall_s / theirs.wall_s:.2f} by the clock, {ours.cpu_s / theirs.cpu_s:.2f} of CPU "
        f"(bar {DUCKDB_BAR})"
    )


def newest_hour(connection: Connection) -> datetime:
    ((hour,),) = connection.execute("SELECT max(benchmark_hour) FROM raw.planned_calls").fetchall()
    return hour  # type: ignore[no-any-return]


def newest_hours(database: Database) -> tuple[Touched, tuple[str, ...]]:
    """The newest hour, and the arguments that tell dbt of it."""
    with database.connect() as connection:
        hour = newest_hour(connection)
    touched = (hour, hour + HOUR)
    times = [f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" for moment in touched]
    return touched, ("--event-time-start", times[0], "--event-time-end", times[1])


def one_hour(home: Path, scratch: Path) -> tuple[float, float]:
    """CPU seconds of the server and seconds on the clock for the newest hour upon the others; the best of three."""
    server = EmbeddedPostgres(home)
    database = Database(server.url)
    touched, arguments = newest_hours(database)
    found = []
    for _ in range(3):
        with measured(server) as cost:
            publish(database, scratch, *arguments, touched=touched)
        found.append(cost)
    return min(cost.server_s for cost in found), min(cost.wall_s for cost in found)


def whole_build(home: Path, scratch: Path) -> float:
    """Seconds on the clock of one `dbt build` of all models and tests for the newest hour; the best of three."""
    database = Database(EmbeddedPostgres(home).url)
    _, arguments = newest_hours(database)
    found = []
    for _ in range(3):
        with measured() as cost:
            dbt(database, PROJECT, scratch, *arguments)
        found.append(cost.wall_s)
    return min(found)


def empty_build(home: Path, scratch: Path) -> float:
    """Seconds on the clock of `dbt build` of as many models that select nothing; the best of three."""
    project = scratch / "empty"
    (project / "models").mkdir(parents=True)
    stated = (PROJECT / "dbt_project.yml").read_text().split("\nmodels:\n  aibaas:")[0]
    (project / "dbt_project.yml").write_text(stated)
    (project / "macros").mkdir()
    for number in range(len(list((PROJECT / "models").rglob("*.sql")))):
        (project / "models" / f"empty_{number}.sql").write_text("select 1 as one")
    found = []
    for _ in range(3):
        with measured() as cost:
            dbt(Database(EmbeddedPostgres(home).url), project, scratch)
        found.append(cost.wall_s)
    return min(found)


def hour(home: Path, week: Path, scratch: Path) -> None:
    at_year, wall_s = one_hour(home, scratch)
    at_week, _ = one_hour(week, scratch)
    whole_s = whole_build(home, scratch)
    empty_s = empty_build(week, scratch)
    print(f"one hour at a year, on the server   {at_year:6.2f} CPU s")
    print(f"one hour at a week, on the server   {at_week:6.2f} CPU s")
    print(f"ratio {at_year / at_week:.2f} (bar {YEAR_BAR})")
    print(f"dbt build of the hour at a year     {whole_s:6.2f} s")
    print(f"dbt build of as many empty models   {empty_s:6.2f} s")
    print(f"ratio {whole_s / empty_s:.2f} (bar {EMPTY_BAR})")
    print(f"one hour at a year, with statistics {wall_s:6.2f} s, in two builds")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["rebuild", "hour"])
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--parquet", type=Path)
    parser.add_argument("--week", type=Path)
    options = parser.parse_args()
    print(f"load before: {os.getloadavg()}, cores: {os.cpu_count()}")
    with tempfile.TemporaryDirectory() as directory:
        if options.what == "rebuild":
            rebuild(options.home.resolve(), options.parquet, Path(directory))
        else:
            hour(options.home.resolve(), options.week.resolve(), Path(directory))
    print(f"load after: {os.getloadavg()}")


if __name__ == "__main__":
    main()
