"""What people ask through the API reaches the pipeline: a test is delivered and told of, an answer becomes feedback."""

from __future__ import annotations

import uuid
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook

from api.alert_answers.tokens import AnswerToken
from orchestration.storage.alert_requests import requests_mark
from orchestration.storage.alert_rows import server_time
from tests.integration.alerting.conftest import LINK_SECRET
from tests.support.subscriptions import SECRET, anomaly, record, resolved, subscribe

if TYPE_CHECKING:
    from orchestration.storage.database import Database
    from tests.integration.alerting.conftest import Alerts
    from tests.support.alert_receivers import HttpReceiver


def as_api(database: Database, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with database.connect("aibaas_api") as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def ask_for_a_test(database: Database, subscription_id: uuid.UUID) -> uuid.UUID:
    statement = "INSERT INTO account.alert_tests (subscription_id) VALUES (%s) RETURNING test_id"
    ((test_id,),) = as_api(database, statement, subscription_id)
    return uuid.UUID(str(test_id))


def answer(database: Database, thread_id: object, kind: str, note: str | None = None) -> None:
    as_api(
        database, "INSERT INTO account.alert_answers (thread_id, kind, note) VALUES (%s, %s, %s)", thread_id, kind, note
    )


def mark(database: Database) -> str | None:
    with database.connect("aibaas_collector") as connection:
        return requests_mark(connection, server_time(connection) - timedelta(hours=1))


def test_a_test_is_delivered_once_at_any_hour_and_its_outcome_is_seen(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver
) -> None:
    wish = subscribe(
        accounts, "webhook", channel_settings={"url": receiver.url, "secret": SECRET},
        quiet_from=time(0), quiet_until=time(23, 59, 59), is_digest=True,
    )  # fmt: skip
    subscribe(accounts, "in_app")
    test_id = ask_for_a_test(accounts, wish)
    outcome = "SELECT outcome, attempt_count, reason FROM account.told_tests WHERE test_id = %s"
    assert as_api(accounts, outcome, test_id) == [(None, None, None)]
    assert mark(accounts) is not None
    assert alerts.tell() == {"sent": 1}
    assert alerts.tell() == {}
    assert mark(accounts) is None
    ((_, headers, body),) = receiver.requests
    assert Webhook(SECRET).verify(body, headers)["data"]["title"] == "AIBaaS reaches you here"
    assert as_api(accounts, outcome, test_id) == [("sent", 1, None)]


def test_a_test_that_is_refused_stops_its_subscription_and_the_account_is_told(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver
) -> None:
    wish = subscribe(accounts, "webhook", channel_settings={"url": receiver.url, "secret": SECRET})
    receiver.answers.append(410)
    test_id = ask_for_a_test(accounts, wish)
    assert alerts.tell() == {"refused": 1}
    told = "SELECT outcome, reason FROM account.told_tests WHERE test_id = %s"
    assert as_api(accounts, told, test_id) == [("refused", "answered 410")]
    assert as_api(accounts, "SELECT subscription_id, reason FROM account.stopped_subscriptions") == [
        (wish, "answered 410")
    ]
    assert as_api(accounts, "SELECT kind, title FROM account.notifications") == [
        ("subscription_stopped", "alerts by webhook was stopped: answered 410")
    ]
    ask_for_a_test(accounts, wish)
    assert mark(accounts) is None, "nothing is sent to what is stopped"
    assert alerts.tell() == {}


def test_a_message_in_the_app_is_kept_in_words_with_links_that_the_api_reads(
    alerts: Alerts, accounts: Database
) -> None:
    wish = subscribe(accounts, "in_app")
    record(accounts, anomaly())
    assert alerts.tell() == {"sent": 1}
    ((subscription_id, kind, title, parts),) = as_api(
        accounts, "SELECT subscription_id, kind, title, parts FROM account.notifications"
    )
    assert (subscription_id, kind) == (wish, "alert")
    assert title == "Model sim-a: quality fell -1.30 points (major) [simulated]"
    (part,) = parts
    assert {"heading": "Cause", "text": "a change of the model that answers"} in part["facts"]
    links = {link["label"]: urlsplit(link["url"]) for link in part["links"]}
    assert list(links) == ["Chart", "Runs", "Acknowledge", "False alarm", "Mute"]
    token = AnswerToken.read(links["Mute"].path.removeprefix("/alerts/"), SecretStr(LINK_SECRET))
    assert (str(token.thread_id), token.title) == (part["thread_id"], title)
    assert links["Mute"].query == "answer=muted"


def test_an_answer_becomes_feedback_once_and_has_its_effect(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver
) -> None:
    subscribe(accounts, "webhook", channel_settings={"url": receiver.url, "secret": SECRET})
    record(accounts, anomaly())
    alerts.tell()
    ((thread_id,),) = alerts.rows("SELECT thread_id FROM raw.alert_events")
    answer(accounts, thread_id, "note", "we moved house")
    answer(accounts, thread_id, "muted")
    assert mark(accounts) is not None
    record(accounts, resolved(anomaly()))
    assert alerts.tell() == {}, "nobody is told that it is over"
    assert alerts.rows("SELECT kind, note FROM raw.alert_feedback ORDER BY given_at") == [
        ("note", "we moved house"),
        ("muted", None),
    ]
    assert mark(accounts) is None
    alerts.tell()
    assert alerts.rows("SELECT count(*) FROM raw.alert_feedback") == [(2,)]


def test_an_answer_to_an_anomaly_that_nobody_was_told_of_counts_too(alerts: Alerts, accounts: Database) -> None:
    record(accounts, anomaly())
    answer(accounts, anomaly().anomaly_id, "false_alarm")
    assert mark(accounts) is not None
    alerts.tell()
    kept = alerts.rows("SELECT thread_id, kind FROM raw.alert_feedback")
    assert kept == [(anomaly().anomaly_id, "false_alarm")]
    assert mark(accounts) is None


def test_an_answer_to_an_alert_that_there_is_not_is_left_alone(alerts: Alerts, accounts: Database) -> None:
    answer(accounts, uuid.uuid4(), "muted")
    assert mark(accounts) is None
    alerts.tell()
    assert alerts.rows("SELECT count(*) FROM raw.alert_feedback") == [(0,)]


@pytest.mark.parametrize("kind", ["raised", "resolved"])
def test_only_what_can_be_answered_has_links_and_every_attempt_has_the_same(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver, kind: str
) -> None:
    subscribe(accounts, "webhook", channel_settings={"url": receiver.url, "secret": SECRET})
    record(accounts, anomaly())
    receiver.answers.append(500)
    alerts.tell()
    with accounts.connect() as connection:
        connection.execute("UPDATE raw.alert_deliveries SET retry_at = now()")
    alerts.tell()
    if kind == "resolved":
        record(accounts, resolved(anomaly()))
        alerts.tell()
    bodies = [Webhook(SECRET).verify(body, headers) for _, headers, body in receiver.requests]
    assert bodies[0] == bodies[1]
    links = bodies[-1]["data"]["events"][0]["links"]
    assert ("Mute" in links) == (kind == "raised")


def test_an_account_whose_tier_has_no_alerts_is_told_nothing(alerts: Alerts, accounts: Database) -> None:
    subscribe(accounts, "in_app", email="former@example.org")
    subscribe(accounts, "in_app", email="present@example.org")
    as_api(accounts, "UPDATE account.accounts SET tier = 'free' WHERE email = 'former@example.org'")
    record(accounts, anomaly())
    assert alerts.tell() == {"sent": 1}
    told = "SELECT email FROM account.notifications JOIN account.accounts USING (account_id)"
    assert as_api(accounts, told) == [("present@example.org",)]
