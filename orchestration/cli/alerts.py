"""`aibaas alerts …`: what people were told, a test of a channel, and what people say of an alert."""

from __future__ import annotations

import secrets
import sys
from base64 import b64encode
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import click

from orchestration.settings import OperatorError, settings

if TYPE_CHECKING:
    from orchestration.storage.alert_rows import FeedbackKind, Outcome, Subscription

THREAD = click.argument("thread_id", metavar="ID", type=click.UUID)
NOTE = click.option("--note", help="A sentence that is kept with it.")


@click.group()
def command() -> None:
    """See what people were told, test a channel, and answer an alert."""


@command.command("list")
@click.option("--days", type=click.IntRange(1, 3650), default=7, show_default=True, help="How far back.")
def list_alerts(days: int) -> None:
    """Print what was told in the last days, newest first, how far it came, and subscriptions that were stopped."""
    from orchestration.alerting.installation import places_of
    from orchestration.alerting.wording import part_of
    from orchestration.cli.targets import warehouse
    from orchestration.storage.alert_rows import read_deliveries, read_feedback, read_recent_events, read_stops

    with warehouse() as connection:
        events = read_recent_events(connection, datetime.now(UTC) - timedelta(days=days))
        deliveries = read_deliveries(connection, [event.event_id for event in events])
        feedback = read_feedback(connection, {event.thread_id for event in events})
        stops = read_stops(connection)
    outcomes: dict[UUID, Counter[str]] = defaultdict(Counter)
    for row in deliveries:
        outcomes[row.event_id][row.outcome or "waiting"] += 1
    for event in events:
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes[event.event_id].items()))
        title = part_of(event, places_of(settings())).title
        click.echo(f"{event.recorded_at:%Y-%m-%d %H:%M}  {event.thread_id}  {title}  ({told or 'nobody asked for it'})")
    for said in feedback:
        click.echo(f"{said.given_at:%Y-%m-%d %H:%M}  {said.thread_id}  {said.kind}: {said.note or 'without a note'}")
    for stop in stops:
        click.echo(f"{stop.stopped_at:%Y-%m-%d %H:%M}  subscription {stop.subscription_id} was stopped: {stop.reason}")
    click.echo(f"{len(events)} events in {days} days, {len(stops)} subscriptions stopped")


@command.command()
@click.argument("channel")
@click.option("--to", "address", help="An address instead of subscriptions; - reads it from standard input.")
def test(channel: str, address: str | None) -> None:
    """Send a test by a channel (webhook, slack, email, in_app, apprise) to all of its subscriptions, or to one by id.

    Exit code 1 when one of them did not arrive. A webhook that is tested with --to is signed with a secret that is
    printed.
    """
    from orchestration.alerting.channels.registry import CHANNELS
    from orchestration.cli.targets import warehouse
    from orchestration.storage.alert_rows import read_subscriptions

    if address is not None:
        if channel not in CHANNELS:
            raise OperatorError(f"there is no channel {channel}: there are {', '.join(CHANNELS)}")
        outcomes = [_tested_address(channel, sys.stdin.readline().strip() if address == "-" else address)]
    else:
        with warehouse() as connection:
            known = read_subscriptions(connection)
        meant = [row for row in known if channel in {row.channel, str(row.subscription_id)}]
        if not meant:
            raise OperatorError(f"{channel} is no channel with a subscription and no id of one: use --to ADDRESS")
        outcomes = [_tested(row) for row in meant]
    sys.exit(0 if set(outcomes) == {"sent"} else 1)


def _tested(subscription: Subscription) -> Outcome:
    name = f"{subscription.channel} {subscription.subscription_id}"
    return _sent(name, subscription.channel, subscription.channel_settings, subscription.email)


def _tested_address(channel: str, address: str) -> Outcome:
    secret = f"whsec_{b64encode(secrets.token_bytes(24)).decode()}"
    if channel == "webhook":
        click.echo(f"signed with {secret}")
    return _sent(channel, channel, {"url": address, "secret": secret}, address)


def _sent(name: str, channel: str, channel_settings: dict[str, str], email: str) -> Outcome:
    from orchestration.alerting.delivery import sent
    from orchestration.alerting.installation import leave_of, places_of
    from orchestration.alerting.requests import event_of_test
    from orchestration.alerting.wording import message_of

    message = message_of(uuid4(), [event_of_test(datetime.now(UTC))], places_of(settings()))
    outcome, reason = sent(channel, channel_settings, email, message, leave_of(settings()))
    click.echo(f"{name}: {'sent' if reason is None else f'not sent: {reason}'}")
    return outcome


@command.command()
@THREAD
@NOTE
def ack(thread_id: UUID, note: str | None) -> None:
    """Say that somebody looks after an alert: it is not said again while it is open."""
    _answer(thread_id, "acknowledged", note)


@command.command("false-alarm")
@THREAD
@NOTE
def false_alarm(thread_id: UUID, note: str | None) -> None:
    """Say that an alert was wrong: it is counted, and not said again while it is open."""
    _answer(thread_id, "false_alarm", note)


@command.command()
@THREAD
@NOTE
def mute(thread_id: UUID, note: str | None) -> None:
    """Tell nobody anything more of an alert, not even that it is over."""
    _answer(thread_id, "muted", note)


@command.command()
@THREAD
@click.argument("text")
def note(thread_id: UUID, text: str) -> None:
    """Keep a sentence with an alert."""
    _answer(thread_id, "note", text)


def _answer(thread_id: UUID, kind: FeedbackKind, note: str | None) -> None:
    """Raises OperatorError for an alert that there is not."""
    from orchestration.cli.targets import warehouse
    from orchestration.storage.alert_rows import AlertFeedback, read_threads, record_feedback

    with warehouse() as connection:
        if not read_threads(connection, [thread_id]):
            raise OperatorError(f"there is no alert {thread_id}: `./aibaas alerts list` names them")
        record_feedback(connection, AlertFeedback(thread_id, datetime.now(UTC), kind, note or None))
    click.echo(f"{thread_id}: {kind}")
