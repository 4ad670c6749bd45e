"""What people are told, as rows: events, notices, attempts to deliver, stopped subscriptions, feedback.

Not here: which events there are and who hears of them (alerting).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Literal, LiteralString, TypeVar

from psycopg import OperationalError, sql
from psycopg.rows import class_row, namedtuple_row
from psycopg.types.json import Jsonb

from orchestration.storage.bulk_insert import Connection, RawTable, insert_rows
from orchestration.storage.spending import PATIENCE_S, reconnected

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime, timedelta
    from datetime import time as clock_time
    from uuid import UUID

Topic = Literal["anomalies", "prices", "lifecycle", "budget", "pipeline", "test"]
Outcome = Literal["sent", "failed", "refused"]
FeedbackKind = Literal["acknowledged", "false_alarm", "muted", "note"]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """Something that people may want to hear of, once. Those of one `thread_id` are of the same matter.

    `value` is the new level in the metric's unit; an event that has no provider, target or metric is of none in
    particular. `content` is what the message is made of.
    """

    event_id: UUID
    thread_id: UUID
    topic: Topic
    kind: str
    target_ids: list[str]
    families: list[str]
    provider: str | None
    metric: str | None
    severity: str | None
    value: float | None
    is_simulated: bool
    content: dict[str, Any]
    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AlertNotice:
    """That a subscription is to hear of an event, not before `due_at`; those of one message are told together."""

    event_id: UUID
    subscription_id: UUID
    message_id: UUID
    due_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AlertDelivery:
    """One attempt. `refused` is final; so is `failed` without a `retry_at`."""

    message_id: UUID
    attempt: int
    subscription_id: UUID
    channel: str
    started_at: datetime
    finished_at: datetime
    outcome: Outcome
    reason: str | None
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class InAppMessage:
    """A message that is read where it is listed, in words: a part has its event's names, title, facts and links."""

    message_id: UUID
    subscription_id: UUID
    told_at: datetime
    title: str
    parts: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SubscriptionStop:
    """That nothing is delivered to a subscription any more, until its account enables it again."""

    subscription_id: UUID
    stopped_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AlertFeedback:
    """What a person said of a matter."""

    thread_id: UUID
    given_at: datetime
    kind: FeedbackKind
    note: str | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A row of account.deliverable_subscriptions. `channel_settings` hold secrets."""

    subscription_id: UUID
    topics: list[str]
    target_ids: list[str]
    families: list[str]
    providers: list[str]
    metrics: list[str]
    least_severity: str
    direction: str
    value_floor: float | None
    value_ceiling: float | None
    has_simulated: bool
    quiet_from: clock_time | None
    quiet_until: clock_time | None
    time_zone: str
    is_digest: bool
    digest_at: clock_time
    remind_after: timedelta | None
    channel: str
    channel_settings: dict[str, Any]
    enabled_at: datetime
    email: str

    def __repr__(self) -> str:
        return f"Subscription({self.subscription_id}, {self.channel})"


@dataclass(frozen=True, slots=True)
class DueMessage:
    """What is to be delivered now: a subscription's notices of one message, and the number of this attempt."""

    message_id: UUID
    subscription_id: UUID
    attempt: int
    event_ids: list[UUID]


def _table(name: str, record: type[Any], json: Collection[str] = ()) -> RawTable[Any]:
    names = tuple(field.name for field in fields(record))
    if not json:
        return RawTable(name, names, attrgetter(*names))
    return RawTable(name, names, lambda row: tuple(_stored(row, column, json) for column in names))


def _stored(row: object, column: str, json: Collection[str]) -> Any:
    value = getattr(row, column)
    return Jsonb(value) if column in json else value


ALERT_EVENTS: Final[RawTable[AlertEvent]] = _table("alert_events", AlertEvent, {"content"})
ALERT_NOTICES: Final[RawTable[AlertNotice]] = _table("alert_notices", AlertNotice)
ALERT_DELIVERIES: Final[RawTable[AlertDelivery]] = _table("alert_deliveries", AlertDelivery)
IN_APP_MESSAGES: Final[RawTable[InAppMessage]] = _table("in_app_messages", InAppMessage, {"parts"})
SUBSCRIPTION_STOPS: Final[RawTable[SubscriptionStop]] = _table("subscription_stops", SubscriptionStop)
ALERT_FEEDBACK: Final[RawTable[AlertFeedback]] = _table("alert_feedback", AlertFeedback)
ALERT_TABLES: Final[tuple[RawTable[Any], ...]] = (
    ALERT_EVENTS,
    ALERT_NOTICES,
    ALERT_DELIVERIES,
    IN_APP_MESSAGES,
    SUBSCRIPTION_STOPS,
    ALERT_FEEDBACK,
)


def record_events(connection: Connection, events: Iterable[AlertEvent], notices: Iterable[AlertNotice]) -> None:
    """Record events with all that subscriptions are to hear of them, or nothing."""
    with connection.transaction():
        insert_rows(connection, ALERT_EVENTS, events)
        insert_rows(connection, ALERT_NOTICES, notices)


def record_delivery(
    connection: Connection,
    delivery: AlertDelivery,
    stop: SubscriptionStop | None,
    listed: InAppMessage | None,
    reconnect: Callable[[], Connection],
) -> None:
    """Record an attempt, and with it that its subscription is stopped, or a message to be listed, and commit.

    What was sent was sent: when the database goes away, this waits two minutes for it and records by a new session.
    """
    try:
        _record_delivery(connection, delivery, stop, listed)
    except OperationalError:
        if not connection.closed:
            raise
        with reconnected(reconnect, time.monotonic() + PATIENCE_S) as fresh:
            _record_delivery(fresh, delivery, stop, listed)


def _record_delivery(
    connection: Connection, delivery: AlertDelivery, stop: SubscriptionStop | None, listed: InAppMessage | None
) -> None:
    insert_rows(connection, ALERT_DELIVERIES, [delivery])
    insert_rows(connection, SUBSCRIPTION_STOPS, [stop] if stop else [])
    insert_rows(connection, IN_APP_MESSAGES, [listed] if listed else [])
    connection.commit()


def record_feedback(connection: Connection, feedback: AlertFeedback) -> int:
    return insert_rows(connection, ALERT_FEEDBACK, [feedback])


def server_time(connection: Connection) -> datetime:
    """One clock for all machines: what waits for a digest must not be put into one that was sent."""
    moment: datetime
    ((moment,),) = connection.execute("select clock_timestamp()").fetchall()
    return moment


_EVENT_COLUMNS = ALERT_EVENTS.column_list
_SUBSCRIPTION_COLUMNS = sql.SQL(", ").join(sql.Identifier(field.name) for field in fields(Subscription))

_DELIVERABLE: LiteralString = """
account.deliverable_subscriptions as subscriptions
where not exists (
    select from raw.subscription_stops as stops
    where stops.subscription_id = subscriptions.subscription_id and stops.stopped_at >= subscriptions.enabled_at
)
"""
_UNENDED: LiteralString = """
select
    notices.message_id, notices.subscription_id, notices.event_ids,
    coalesce(tries.attempt, 0) + 1 as attempt, coalesce(tries.retry_at, notices.due_at) as due_at
from (
    select message_id, subscription_id, max(due_at) as due_at, array_agg(event_id order by event_id) as event_ids
    from raw.alert_notices
    where recorded_at > %(since)s
    group by message_id, subscription_id
) as notices
left join lateral (
    select attempt, outcome, retry_at from raw.alert_deliveries
    where message_id = notices.message_id order by attempt desc limit 1
) as tries on true
where
    (tries.attempt is null or tries.retry_at is not null)
    and notices.subscription_id in (select subscription_id from {deliverable})
"""


def read_subscriptions(connection: Connection) -> list[Subscription]:
    """Those that are enabled and were not stopped since."""
    query = sql.SQL("select {columns} from {deliverable} order by subscription_id")
    return _rows(
        connection,
        Subscription,
        query.format(columns=_SUBSCRIPTION_COLUMNS, deliverable=sql.SQL(_DELIVERABLE)),
        {},
    )


def read_due_messages(connection: Connection, now: datetime, since: datetime) -> list[DueMessage]:
    """What is due and was neither delivered nor given up; notices of before `since` are left alone. Oldest first."""
    query = sql.SQL(
        "select message_id, subscription_id, attempt, event_ids from ({unended}) as unended "
        "where due_at <= %(now)s order by due_at, message_id"
    ).format(unended=_unended())
    return _rows(connection, DueMessage, query, {"now": now, "since": since})


def next_due(connection: Connection, now: datetime, since: datetime) -> tuple[UUID, int] | None:
    """The message, and the number of its attempt, that has been due for longest; None where nothing is."""
    due = read_due_messages(connection, now, since)
    return (due[0].message_id, due[0].attempt) if due else None


def _unended() -> sql.Composed:
    return sql.SQL(_UNENDED).format(deliverable=sql.SQL(_DELIVERABLE))


def read_events(connection: Connection, event_ids: Collection[UUID]) -> list[AlertEvent]:
    """In the order in which they happened."""
    query = sql.SQL(
        "select {columns} from raw.alert_events where event_id = any(%(ids)s) order by occurred_at, event_id"
    )
    return _rows(connection, AlertEvent, query.format(columns=_EVENT_COLUMNS), {"ids": list(event_ids)})


def read_recent_events(connection: Connection, since: datetime) -> list[AlertEvent]:
    """Those recorded from a moment on, and all of their threads; newest first."""
    query = sql.SQL("""
        select {columns} from raw.alert_events
        where thread_id in (select thread_id from raw.alert_events where recorded_at >= %(since)s)
        order by recorded_at desc, occurred_at desc, event_id
    """)
    return _rows(connection, AlertEvent, query.format(columns=_EVENT_COLUMNS), {"since": since})


def read_threads(connection: Connection, thread_ids: Collection[UUID]) -> list[AlertEvent]:
    """All that was told of these matters, newest first."""
    query = sql.SQL(
        "select {columns} from raw.alert_events where thread_id = any(%(ids)s) order by recorded_at desc, event_id"
    )
    return _rows(connection, AlertEvent, query.format(columns=_EVENT_COLUMNS), {"ids": list(thread_ids)})


def known_event_ids(connection: Connection, event_ids: Collection[UUID]) -> set[UUID]:
    rows = connection.execute("select event_id from raw.alert_events where event_id = any(%s)", (list(event_ids),))
    return {row[0] for row in rows}


def told_subscriptions(connection: Connection, thread_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By the matter: the subscriptions that have a notice of it."""
    rows = connection.execute(
        "select distinct thread_id, subscription_id from raw.alert_notices "
        "inner join raw.alert_events using (event_id) where thread_id = any(%s)",
        (list(thread_ids),),
    )
    told: dict[UUID, set[UUID]] = {}
    for thread_id, subscription_id in rows:
        told.setdefault(thread_id, set()).add(subscription_id)
    return told


def read_feedback(connection: Connection, thread_ids: Collection[UUID]) -> list[AlertFeedback]:
    """What was said of these matters, oldest first."""
    query = sql.SQL("select {columns} from raw.alert_feedback where thread_id = any(%(ids)s) order by given_at")
    query_of = query.format(columns=ALERT_FEEDBACK.column_list)
    return _rows(connection, AlertFeedback, query_of, {"ids": list(thread_ids)})


def read_deliveries(connection: Connection, event_ids: Collection[UUID]) -> list[Any]:
    """The newest attempt of each message of these events: event_id, subscription_id, channel, outcome, reason."""
    query = """
        select distinct on (notices.event_id, notices.subscription_id)
            notices.event_id, notices.subscription_id, tries.channel, tries.outcome, tries.reason
        from raw.alert_notices as notices
        left join raw.alert_deliveries as tries using (message_id)
        where notices.event_id = any(%s)
        order by notices.event_id, notices.subscription_id, tries.attempt desc
    """
    with connection.cursor(row_factory=namedtuple_row) as cursor:
        return cursor.execute(query, (list(event_ids),)).fetchall()


def read_stops(connection: Connection) -> list[SubscriptionStop]:
    """The subscriptions that are stopped now, newest first."""
    query = sql.SQL("""
        select {columns} from raw.subscription_stops
        inner join account.deliverable_subscriptions using (subscription_id)
        where stopped_at >= enabled_at order by stopped_at desc
    """)
    return _rows(connection, SubscriptionStop, query.format(columns=SUBSCRIPTION_STOPS.column_list), {})


def _rows(connection: Connection, kind: type[Row], query: sql.Composed, parameters: dict[str, Any]) -> list[Row]:
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(query, parameters).fetchall()
