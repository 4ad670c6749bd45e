"""Prints the leaderboard of the marts on the terminal; shared by `demo` and `status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestration.storage.marts import LeaderboardRow, read_leaderboard

if TYPE_CHECKING:
    from orchestration.storage.database import Database

HEADER = "     model                    score  95% interval       n     $/task   latency  errors"


def number(value: float | None, pattern: str) -> str:
    return "—" if value is None else format(value, pattern)


def line_of(rank: int, row: LeaderboardRow) -> str:
    interval = f"{row.score_ci95_lower:.2f} - {row.score_ci95_upper:.2f}" if row.score_ci95_lower is not None else "—"
    label = f"{row.label} (simulated)" if row.is_simulated else row.label
    seconds = None if row.latency_p50_ms is None else row.latency_p50_ms / 1000
    return (
        f"{rank:>3}  {label:<24} {number(row.score_mean, '.2f'):>5}  {interval:<13} {row.scored_count:>6,}  "
        f"{number(row.cost_per_task_usd, '.6f'):>9}  {number(seconds, '.2f') + ' s':>8}  {row.error_rate:>6.1%}"
    )


def print_leaderboard(database: Database, window: str = "7d") -> None:
    """The leaderboard of one window over the whole suite, best first."""
    rows = read_leaderboard(database, window)
    if not rows:
        click.echo("the leaderboard is empty: nothing has been measured yet")
        return
    first = rows[0]
    click.secho(
        f"Leaderboard, {window} to {first.window_end:%Y-%m-%d %H}:00 UTC, suite {first.suite} v{first.suite_version}",
        bold=True,
    )
    click.echo(HEADER)
    for rank, row in enumerate(rows, start=1):
        click.echo(line_of(rank, row))
