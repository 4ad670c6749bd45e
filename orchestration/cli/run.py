"""`aibaas run`: one benchmark hour from plan to leaderboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestration.cli.execution import execute_hours, simulated_models
from orchestration.cli.hours import BenchmarkHour
from orchestration.cli.preparation import check_executor, prepare
from orchestration.cli.rerun_options import rerun_options
from orchestration.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.cli.execution import PartialRun
    from orchestration.storage.database import Database


@click.command()
@click.option("--hour", type=BenchmarkHour(), default="now", show_default=True, help="UTC hour, like 2026-11-23T20.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Print the plan and its price; ask nothing.")
@rerun_options
def command(hour: datetime, *, is_dry: bool, part: PartialRun) -> None:
    """Measure one benchmark hour. Rerunning it asks only for answers that are missing."""
    if not is_dry:
        check_executor(settings())
    database = prepare()
    if is_dry:
        print_forecast(database, hour, part)
        return
    with simulated_models(settings()):
        execute_hours(hour, hour, part=part)
    click.echo(f"measured {hour:%Y-%m-%d %H}:00 UTC")


def print_forecast(database: Database, hour: datetime, part: PartialRun) -> None:
    """What the hour's missing calls will cost, and what budgets leave out of them."""
    from orchestration.collection.forecast import forecast_hour
    from orchestration.storage.database import COLLECTOR

    with database.connect(COLLECTOR) as connection:
        found = forecast_hour(settings(), connection, hour, part.targets, part.scenarios, force=part.force)
    click.echo(f"{hour:%Y-%m-%d %H}:00 UTC: {found.planned_count} planned calls, {found.missing_count} to make")
    click.echo(f"{'target':<40} {'calls':>6} {'expected USD':>14} {'at most USD':>14}")
    for target_id, plan in sorted(found.by_target.items()):
        price = f"{plan.expected_usd:>14.6f} {plan.bound_usd:>14.6f}" if not plan.unpriced_count else "  price unknown"
        click.echo(f"{target_id:<40} {plan.call_count:>6} {price}")
    for (target_id, reason), count in sorted(found.left_out.items()):
        click.echo(f"left out: {count} calls of {target_id}: {reason}")
    for name, spent in found.spent.items():
        click.echo(f"{name}: {spent}")
    for fault in found.faults:
        click.echo(f"price: {fault}", err=True)
    click.echo("nothing was asked")
