"""`aibaas report`: what a day or a week has shown, as Markdown."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from orchestration.cli.preparation import prepare
from orchestration.settings import OperatorError, settings


@click.command()
@click.option("--day", help="A day (UTC), like 2026-11-23; without an option yesterday.")
@click.option("--week", help="An ISO week, like 2026-W47.")
def command(day: str | None, week: str | None) -> None:
    """Print the report of a day or a week from the marts, and keep it in raw.reports in place of an older one."""
    if day and week:
        raise OperatorError("--day and --week exclude each other: give one of them")
    from orchestration.collection.installation import known_targets, overall_budget
    from orchestration.reporting.document import report_of
    from orchestration.reporting.markdown import markdown_of
    from orchestration.reporting.period import last_period, named_period
    from orchestration.storage.database import COLLECTOR
    from orchestration.storage.discovery_rows import read_enrolments
    from orchestration.storage.report_rows import replace_report

    now = datetime.now(UTC)
    if week:
        period = named_period("weekly", week, now)
    else:
        period = named_period("daily", day, now) if day else last_period("daily", now)
    database, config = prepare(), settings()
    with database.connect(COLLECTOR) as connection:
        targets = known_targets(config, read_enrolments(connection))
        budgets = {target.target_id: target.budget for target in targets} | {"": overall_budget(config)}
        report = report_of(connection, period, budgets)
        replace_report(connection, report)
    click.echo(markdown_of(report), nl=False)
