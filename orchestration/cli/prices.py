"""`aibaas prices …`: what is wrong with the project's price rows, and rows for targets that have none."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from orchestration.settings import settings


@click.group()
def command() -> None:
    """Check the rows of price_rows.yaml, or print rows for it. Neither asks the network."""


@command.command()
def check() -> None:
    """Name faults, targets without a price, rows without a target and differences from litellm's bundled table."""
    from orchestration.collection.price_rows import checked_prices

    found = checked_prices(settings(), datetime.now(UTC))
    for told in (*found.faults, *found.notes):
        click.echo(told)
    click.echo(f"{found.row_count} price rows, {len(found.faults)} faults, {len(found.notes)} notes")
    sys.exit(1 if found.faults else 0)


@command.command()
def seed() -> None:
    """Print a row for each target whose model has no price, from litellm's bundled table. Check the page it names."""
    from orchestration.collection.price_rows import seeded_rows

    rows = seeded_rows(settings(), datetime.now(UTC))
    for row in rows:
        click.echo(row)
    click.echo(f"{len(rows)} rows", err=True)
