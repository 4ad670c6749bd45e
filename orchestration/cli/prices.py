"""`aibaas prices …`: what is wrong with price rows, rows for targets that have none, and what hosts publish now."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from orchestration.settings import settings


@click.group()
def command() -> None:
    """Check the rows of price_rows.yaml or print rows for it, without asking the network; or watch published prices."""


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


@command.command()
def watch() -> None:
    """Ask every host that publishes prices now, as Dagster does every day. Exit code 1 when a host gave none."""
    import asyncio

    from orchestration.cli.execution import simulated_models
    from orchestration.cli.targets import warehouse
    from orchestration.collection.installation import known_targets
    from orchestration.collection.published_prices import known_prices
    from orchestration.providers.litellm_client import LiteLLMClient
    from orchestration.storage.discovery_rows import read_enrolments
    from orchestration.storage.raw_tables import record_changes, record_prices
    from orchestration.storage.read_back import newest_price_changes, read_prices

    config, now = settings(), datetime.now(UTC)
    with warehouse() as connection, simulated_models(config):
        asking = known_prices(
            known_targets(config, read_enrolments(connection)),
            LiteLLMClient(),
            stored=read_prices(connection),
            newest_changes=newest_price_changes(connection),
            now=now,
            price_file=config.price_rows_file,
            asks_all_hosts=True,
        )
        known = asyncio.run(asking)
        prices = record_prices(connection, known.book.rows)
        changes = record_changes(connection, known.changes(now))
    for name, reason in known.silent_hosts.items():
        click.echo(f"{name}: no prices: {reason}", err=True)
    click.echo(f"{prices} new prices, {changes} changes")
    sys.exit(1 if known.silent_hosts else 0)
