"""`aibaas archive …`: prove that the archive is whole, mend it, and take out answers that were kept long enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from orchestration.cli.hours import BenchmarkHour
from orchestration.cli.preparation import enter_environment
from orchestration.settings import OperatorError, settings

if TYPE_CHECKING:
    from orchestration.storage.archive_verification import Range, Verification

RANGE = (
    click.option("--from", "first", type=BenchmarkHour(), help="First UTC hour, like 2026-11-23T20; else all."),
    click.option("--to", "last", type=BenchmarkHour(), help="Last UTC hour, included; else all."),
)


@click.group()
def command() -> None:
    """Look after the archive of answers."""


@command.command()
@RANGE[0]
@RANGE[1]
@click.pass_context
def verify(context: click.Context, first: datetime | None, last: datetime | None) -> None:
    """Recompute counts and hashes of every file and compare with raw.responses. Exit code 1 when anything is wrong."""
    from orchestration.storage.archive import Archive
    from orchestration.storage.archive_verification import verify as verify_archive

    with enter_environment().connect() as connection:
        found = verify_archive(connection, Archive.from_settings(settings()), range_of(first, last))
    for fault in found.faults:
        click.echo(str(fault))
    click.echo(summary_of(found))
    context.exit(1 if found.faults else 0)


@command.command()
@RANGE[0]
@RANGE[1]
def mend(first: datetime | None, last: datetime | None) -> None:
    """Replace broken and missing files from journals and raw.responses; the broken ones are kept in damaged/."""
    from orchestration.storage.archive import Archive
    from orchestration.storage.archive_mending import mend as mend_archive

    count = 0
    with enter_environment().connect() as connection:
        for count, mended in enumerate(  # noqa: B007 - the last number is the count
            mend_archive(connection, Archive.from_settings(settings()), range_of(first, last)), start=1
        ):
            click.echo(str(mended))
    click.echo(f"{count} files mended")


@command.command()
@click.option("--days", type=click.IntRange(1), help="Keep answers so many days instead of AIBAAS_ANSWERS_KEPT_DAYS.")
def expire(days: int | None) -> None:
    """Take the text out of answers that were kept long enough. What was measured of them stays."""
    from orchestration.storage.archive import Archive
    from orchestration.storage.archive_retention import expire_answers

    kept_days = days or settings().answers_kept_days
    done = expire_answers(Archive.from_settings(settings()), datetime.now(UTC) - timedelta(days=kept_days))
    for line in done.left:
        click.echo(line)
    click.echo(
        f"answers older than {kept_days} days: {done.expired_answers:,} taken out of {done.expired_files:,} files, "
        f"{done.removed_files:,} damaged files removed, {len(done.left)} left"
    )


def range_of(first: datetime | None, last: datetime | None) -> Range:
    from orchestration.storage.archive_verification import ALL_HOURS

    hours = first or ALL_HOURS[0], last or ALL_HOURS[1]
    if hours[0] > hours[1]:
        raise OperatorError("--from is after --to: exchange them")
    return hours


def summary_of(found: Verification) -> str:
    told = f"{found.hour_count:,} hours, {found.file_count:,} files, {found.attempt_count:,} attempts compared"
    expired = f", answers expired in {found.expired_count:,} files" if found.expired_count else ""
    dropped = f", measurements dropped of {found.dropped_count:,} hours" if found.dropped_count else ""
    lost = f", answers lost in {found.lost_count:,} files" if found.lost_count else ""
    aside = f", {found.set_aside_count:,} files set aside in damaged/" if found.set_aside_count else ""
    return f"{told}{expired}{dropped}{lost}{aside}: {len(found.faults)} faults"
