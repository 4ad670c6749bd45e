"""A home with a year of drawn measurements, in which something happened to four models, and its marts.

Not here: who looks at it. AIBAAS_TEST_YEAR_HOME names a home that is kept for the next run: see docs/operations.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

import psycopg

from orchestration.pricing.price_watch import subject_of, value_of
from orchestration.records import Change, checks_id_of
from orchestration.settings import PROJECT_ROOT
from orchestration.simulator.synthetic_history import SyntheticHistory
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from orchestration.storage.raw_tables import record_changes, record_prices

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "AIBAAS_TEST_YEAR_HOME"
DAYS = 365
WORSE, SLOWER, CHEAPER, RENEWED = "synthetic-03", "synthetic-05", "synthetic-07", "synthetic-09"
"""What happened to whom."""
WORSE_FOR, SLOWER_FOR, CHEAPER_FOR, RENEWED_FOR = (timedelta(days=days) for days in (4, 3, 6, 5))
"""For how long, until the end of the year."""

ANSWERS_GET_WORSE: LiteralString = """
UPDATE raw.scores SET score = 2.5, checks_id = %(checks_id)s
FROM raw.responses
WHERE scores.benchmark_hour >= %(since)s AND scores.score IS NOT NULL AND hashtext(scores.call_id::text) %% 5 > 0
    AND responses.benchmark_hour = scores.benchmark_hour AND responses.call_id = scores.call_id
    AND responses.target_id = %(target_id)s
"""
ANSWERS_GET_SLOWER: LiteralString = """
UPDATE raw.responses SET latency_ms = 1.8 * latency_ms, time_to_first_token_ms = 1.8 * time_to_first_token_ms
WHERE benchmark_hour >= %(since)s AND target_id = %(target_id)s
"""
ANSWERS_GET_CHEAPER: LiteralString = """
UPDATE raw.responses SET cost_usd = cost_usd / 2, price_id = %(price_id)s
WHERE benchmark_hour >= %(since)s AND target_id = %(target_id)s
"""


@contextmanager
def year_database(scratch: Path) -> Iterator[str]:
    """The URL of its database, with a server that runs: of the home that the environment names, or of one in scratch.

    A home that is not there yet is drawn. One that is there stays as it is.
    """
    home = Path(os.environ.get(VARIABLE) or scratch / "year").absolute()
    server = EmbeddedPostgres(home)
    was_running = server.is_running()
    try:
        if not home.exists():
            draw(home, DAYS)
        yield server.start()
    finally:
        if not was_running:
            server.stop()


def draw(home: Path, days: int) -> None:
    """Days to yesterday in a new home: drawn, changed, built."""
    _run(home, "synth", "--days", str(days))
    end = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    history = SyntheticHistory((end - timedelta(days=days)).date(), days)
    with psycopg.connect(EmbeddedPostgres(home).url) as connection:
        _let_things_happen(connection, history, end)
    _run(home, "rebuild")


def _run(home: Path, *arguments: str) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AIBAAS_", "DATABASE_URL"))}
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        cwd=PROJECT_ROOT, env=own | {"AIBAAS_HOME": str(home)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]


def _let_things_happen(connection: psycopg.Connection, history: SyntheticHistory, end: datetime) -> None:
    poor = checks_id_of(history.checks()[1])
    connection.execute(ANSWERS_GET_WORSE, {"checks_id": poor, "since": end - WORSE_FOR, "target_id": WORSE})
    connection.execute(ANSWERS_GET_SLOWER, {"since": end - SLOWER_FOR, "target_id": SLOWER})
    before = next(price for price in history.prices() if price.model == CHEAPER)
    after = replace(
        before,
        price_id=f"{CHEAPER}-cheaper",
        valid_from=end - CHEAPER_FOR,
        input_usd_per_mtok=(before.input_usd_per_mtok or Decimal(0)) / 2,
        output_usd_per_mtok=(before.output_usd_per_mtok or Decimal(0)) / 2,
        checked_on=(end - CHEAPER_FOR).date(),
    )
    connection.execute(
        ANSWERS_GET_CHEAPER, {"since": after.valid_from, "target_id": CHEAPER, "price_id": after.price_id}
    )
    record_prices(connection, [after])
    price = Change(
        "price", subject_of(after), after.valid_from, value_of(before), value_of(after), "drawn", after.valid_from
    )
    renewed = end - RENEWED_FOR
    names = [{"served_models": [name]} for name in (RENEWED, f"{RENEWED}-renewed")]
    record_changes(connection, [price, Change("served_model", RENEWED, renewed, *names, "drawn", renewed)])
