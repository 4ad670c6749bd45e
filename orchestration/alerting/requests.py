"""Takes up what people asked of alerts through the API: answers become feedback, tests become events to deliver.

Not here: the delivery. To be run by one at a time (storage.turns).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

from orchestration.records import id_of
from orchestration.storage.alert_requests import read_asked_tests, read_given_answers
from orchestration.storage.alert_rows import AlertEvent, AlertNotice, record_events, record_feedback

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.storage.bulk_insert import Connection

TEST_WAITS: Final = timedelta(hours=1)
"""After this nobody looks for the message of a test any more."""


def take_up_requests(connection: Connection, now: datetime) -> int:
    """Keep new answers and begin new tests, and commit: they wait for no news. Returns how many there were."""
    answers = read_given_answers(connection)
    for answer in answers:
        record_feedback(connection, answer)
    tests = read_asked_tests(connection, now - TEST_WAITS)
    notices = [
        AlertNotice(test.test_id, test.subscription_id, id_of("message", test.subscription_id, test.test_id), now, now)
        for test in tests
    ]
    record_events(connection, [event_of_test(now, test.test_id) for test in tests], notices)
    connection.commit()
    return len(answers) + len(tests)


def event_of_test(now: datetime, event_id: UUID | None = None) -> AlertEvent:
    """That nothing has happened, for who wants to see whether alerts arrive."""
    known = event_id or uuid4()
    return AlertEvent(
        event_id=known, thread_id=known, topic="test", kind="test", target_ids=[], families=[], provider=None,
        metric=None, severity=None, value=None, is_simulated=False, content={}, occurred_at=now, recorded_at=now,
    )  # fmt: skip
