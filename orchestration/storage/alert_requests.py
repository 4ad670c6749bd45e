"""What the API has written down for the pipeline: asked tests of subscriptions, and answers given to alerts.

Not here: what is done about them (alerting.requests). What was done is a row of schema raw, so nothing is done twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString, NamedTuple

from psycopg.rows import class_row

from orchestration.storage.alert_rows import AlertFeedback

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from orchestration.storage.bulk_insert import Connection


class AskedTest(NamedTuple):
    """That somebody wants to see whether a subscription reaches them."""

    test_id: UUID
    subscription_id: UUID
    requested_at: datetime


_TESTS: LiteralString = """
select tests.test_id, tests.subscription_id, tests.requested_at
from account.alert_tests as tests
inner join account.deliverable_subscriptions as subscriptions using (subscription_id)
where
    tests.requested_at > %(since)s
    and not exists (select from raw.alert_events as events where events.event_id = tests.test_id)
    and not exists (
        select from raw.subscription_stops as stops
        where stops.subscription_id = tests.subscription_id and stops.stopped_at >= subscriptions.enabled_at
    )
order by tests.requested_at, tests.test_id
"""
_ANSWERS: LiteralString = """
select answers.thread_id, answers.given_at, answers.kind, answers.note
from account.alert_answers as answers
where
    (
        exists (select from raw.alert_events as events where events.thread_id = answers.thread_id)
        or exists (select from raw.anomalies as anomalies where anomalies.anomaly_id = answers.thread_id)
    )
    and not exists (
        select from raw.alert_feedback as feedback
        where feedback.thread_id = answers.thread_id and feedback.given_at = answers.given_at
    )
order by answers.given_at, answers.thread_id
"""


def read_asked_tests(connection: Connection, since: datetime) -> list[AskedTest]:
    """Tests that were asked for since a moment and have not begun, of subscriptions that are delivered to."""
    with connection.cursor(row_factory=class_row(AskedTest)) as cursor:
        return cursor.execute(_TESTS, {"since": since}).fetchall()


def read_given_answers(connection: Connection) -> list[AlertFeedback]:
    """Answers to alerts or anomalies that there are, which are not kept as feedback yet."""
    with connection.cursor(row_factory=class_row(AlertFeedback)) as cursor:
        return cursor.execute(_ANSWERS).fetchall()


def requests_mark(connection: Connection, since: datetime) -> str | None:
    """Another text whenever there is something else to do; None where there is nothing."""
    tests, answers = read_asked_tests(connection, since), read_given_answers(connection)
    newest = max([*(test.requested_at for test in tests), *(answer.given_at for answer in answers)], default=None)
    return None if newest is None else f"{newest.isoformat()}-{len(tests)}-{len(answers)}"
