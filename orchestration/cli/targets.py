"""`aibaas targets …`: what is measured and what is skipped, and the models that hosts list besides."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from orchestration.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from orchestration.collection.discover import Listings
    from orchestration.providers.discovery import Proposal
    from orchestration.providers.targets import Target
    from orchestration.records import Enrolment
    from orchestration.settings import Settings
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.database import Database


@click.group(invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Say which targets are measured and which are skipped, and why."""
    if context.invoked_subcommand is None:
        print_targets(targets_known_now(settings()), vanished_models(settings()))
        print_other_faults(settings())


@command.command()
def proposals() -> None:
    """Name the models that hosts list and no target measures, each as the target that it would be."""
    with warehouse() as connection:
        found = found_proposals(connection)
    for proposal in found:
        click.echo(f"{proposal.target_id}  {proposal.entry.host}: {proposal.entry.model}  {leave(proposal)}")
    click.echo(f"{len(found)} proposals; `./aibaas targets enrol ID` measures one from the next hour on")


@command.command()
@click.argument("target_id", metavar="ID")
def enrol(target_id: str) -> None:
    """Measure a proposed model, or one that was retired, from the next hour on."""
    from orchestration.collection.enrolment import enrol as enrol_target

    with warehouse() as connection:
        told(enrol_target(connection, target_id, found_proposals(connection)))


@command.command()
@click.argument("target_id", metavar="ID")
def retire(target_id: str) -> None:
    """Measure an enrolled target no more; what was measured stays."""
    from orchestration.collection.enrolment import retire as retire_target

    with warehouse() as connection:
        told(retire_target(connection, target_id))


@command.command()
def discover() -> None:
    """Ask every host for its models now, as Dagster does every day. Exit code 1 when a host gave no listing."""
    import asyncio

    from orchestration.cli.execution import simulated_models
    from orchestration.collection.discover import ask_hosts, record_listings
    from orchestration.collection.enrolment import enrol_by_rule
    from orchestration.collection.installation import askable_hosts
    from orchestration.providers.litellm_client import LiteLLMClient

    with warehouse() as connection:
        with simulated_models(settings()):
            listings = asyncio.run(ask_hosts(askable_hosts(settings()), LiteLLMClient()))
        changes = record_listings(connection, listings)
        for enrolment in enrol_by_rule(connection, found_proposals(connection)):
            told(enrolment)
    print_listings(listings)
    click.echo(f"{len(changes)} models came or went")
    sys.exit(1 if listings.silent_hosts else 0)


@contextmanager
def warehouse() -> Iterator[Connection]:
    """A session of the collector with the database up to date, which commits at the end."""
    from orchestration.cli.preparation import prepare
    from orchestration.storage.database import COLLECTOR

    with prepare().connect(COLLECTOR) as connection:
        yield connection


def found_proposals(connection: Connection) -> list[Proposal]:
    from orchestration.collection.budget_leave import installed_proposals

    return installed_proposals(settings(), connection)


def targets_known_now(config: Settings) -> Sequence[Target]:
    """Those of the file, and the enrolled ones where the database runs. Starts and makes nothing."""
    from orchestration.collection.installation import known_targets
    from orchestration.storage.discovery_rows import stored_enrolments

    database = running_database(config)
    return known_targets(config, stored_enrolments(database) if database else ())


def vanished_models(config: Settings) -> dict[tuple[str, str], datetime]:
    """Host and model of those that their host lists no more, with the moment since when."""
    from orchestration.storage.discovery_rows import stored_sightings

    database = running_database(config)
    hosts = stored_sightings(database) if database else {}
    return {
        (host, name): seen.missed_since
        for host, models in hosts.items()
        for name, seen in models.items()
        if seen.vanished_at and seen.missed_since
    }


def running_database(config: Settings) -> Database | None:
    from orchestration.storage.database import Database
    from orchestration.storage.embedded_postgres import EmbeddedPostgres

    if config.database_url is None and not EmbeddedPostgres(config.home).is_running():
        return None
    return Database.from_settings(config)


def print_targets(targets: Sequence[Target], vanished: Mapping[tuple[str, str], datetime]) -> None:
    width = max((len(target.target_id) for target in targets), default=0)
    for target in targets:
        state = "measured" if target.is_enabled else f"skipped: {target.disabled_reason}"
        gone = vanished.get((target.host_name, target.model))
        note = f" (its host lists it no more since {gone:%Y-%m-%d})" if gone else ""
        click.echo(f"{target.target_id:<{width}}  {target.host_label}: {target.model}  {state}{note}")
    click.echo(f"{sum(target.is_enabled for target in targets)} of {len(targets)} targets are measured")


def print_other_faults(config: Settings) -> None:
    """The hosts and rules of discovery that are skipped; targets say so themselves."""
    from orchestration.collection.installation import stated_entries

    for fault in stated_entries(config).faults:
        if fault.kind != "target":
            click.echo(f"skipped {fault.kind} {fault.name}: {fault.reason}")


def print_skipped(targets: Sequence[Target]) -> None:
    """How many targets are measured, and the others by the reason why they are not."""
    click.echo(f"targets        {sum(target.is_enabled for target in targets)} of {len(targets)} are measured")
    reasons: dict[str, list[str]] = {}
    for target in targets:
        if target.disabled_reason is not None:
            reasons.setdefault(target.disabled_reason, []).append(target.target_id)
    for reason, ids in reasons.items():
        click.echo(f"  skipped, {reason}: {', '.join(ids)}")


def print_listings(listings: Listings) -> None:
    for listing in listings.answered:
        click.echo(f"{listing.host.name}: {len(listing.models)} models")
    for name, reason in listings.silent_hosts.items():
        click.echo(f"{name}: no listing: {reason}", err=True)


def leave(proposal: Proposal) -> str:
    return f"{proposal.rule}: {proposal.reason or 'enrolled by the next discovery'}"


def told(enrolment: Enrolment) -> None:
    state = "is measured from the next hour on" if enrolment.is_enrolled else "is measured no more"
    click.echo(f"{enrolment.target_id} {state}")
