"""Whatever is killed, and whenever: every message arrives, under one id, and what was recorded as sent is not repeated.

Not here: receivers that fail (test_delivery).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg

from orchestration.alerting.delivery import AT_ONCE
from orchestration.settings import PROJECT_ROOT
from tests.support.subscriptions import SECRET, anomaly, record, subscribe

if TYPE_CHECKING:
    from orchestration.storage.database import Database
    from tests.integration.alerting.conftest import Alerts
    from tests.support.alert_receivers import HttpReceiver

TELL = """
import sys
from orchestration.alerting.channels.interface import Leave
from orchestration.storage.database import Database
from tests.integration.alerting.conftest import Alerts
print(Alerts(Database(sys.argv[1]), Leave(True)).tell())
"""
SUBSCRIPTIONS, KILLS = 24, 3


def arrived(receiver: HttpReceiver, count: int, within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while len(receiver.requests) < count:
        assert time.monotonic() < deadline, f"{len(receiver.requests)} of {count} arrived"
        time.sleep(0.01)


def telling(database: Database) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", TELL, database.url], cwd=PROJECT_ROOT, env=dict(os.environ) | {"PYTHONPATH": "."},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_program_that_is_killed_while_it_sends_loses_nothing_and_repeats_only_what_was_on_its_way(
    accounts: Database, receiver: HttpReceiver
) -> None:
    for _ in range(SUBSCRIPTIONS):
        subscribe(accounts, "webhook", channel_settings={"url": receiver.url, "secret": SECRET})
    record(accounts, anomaly())
    receiver.delay_s = 0.2
    for kill in range(1, KILLS + 1):
        process = telling(accounts)
        arrived(receiver, kill * (AT_ONCE - 2))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    receiver.delay_s = 0.0
    last = telling(accounts)
    assert "failed" not in last.communicate(timeout=120)[0]
    with accounts.connect() as connection:
        ended = connection.execute("SELECT message_id::text, outcome FROM raw.alert_deliveries").fetchall()
        events = connection.execute("SELECT count(*) FROM raw.alert_events").fetchall()
    assert Counter(outcome for _, outcome in ended) == {"sent": SUBSCRIPTIONS}
    assert events == [(1,)]
    times = Counter(receiver.ids)
    assert set(times) == {message_id for message_id, _ in ended}
    assert sum(times.values()) - SUBSCRIPTIONS <= KILLS * AT_ONCE


def test_a_database_that_goes_away_while_a_message_is_on_its_way_is_told_of_it_afterwards(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver
) -> None:
    subscribe(accounts, "webhook", channel_settings={"url": receiver.url, "secret": SECRET})
    record(accounts, anomaly())
    receiver.delay_s = 1.0
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(alerts.tell)
        arrived(receiver, 1)
        with psycopg.connect(accounts.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert told.result(60) == {"sent": 1}
    assert alerts.tell() == {}
    assert len(receiver.requests) == 1
    assert alerts.rows("SELECT attempt, outcome FROM raw.alert_deliveries") == [(1, "sent")]
