"""`aibaas alerts`: a test reaches a real receiver, what went wrong is one line without secrets, answers are kept."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import psycopg
import pytest
from standardwebhooks.webhooks import Webhook

from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.alert_receivers import http_receiver, mail_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import RunAibaas

ALLOW = {"AIBAAS_ALERT_PRIVATE_NETWORKS": "allow"}


def test_a_test_of_a_channel_arrives_or_says_why_not(aibaas: RunAibaas) -> None:
    with http_receiver() as receiver, mail_server() as mail:
        done = aibaas("alerts", "test", "webhook", "--to", receiver.url, **ALLOW)
        assert (done.returncode, done.stdout.splitlines()[1]) == (0, "webhook: sent"), done.stderr
        ((_, headers, body),) = receiver.requests
        secret = done.stdout.splitlines()[0].removeprefix("signed with ")
        assert Webhook(secret).verify(body, headers)["data"]["title"] == "AIBaaS reaches you here"
        done = aibaas("alerts", "test", "slack", "--to", receiver.url.replace("http:", "https:"))
        assert (done.returncode, done.stdout) == (1, "slack: not sent: the address leads into a private network\n")
        done = aibaas("alerts", "test", "email", "--to", "someone@example.org", AIBAAS_SMTP_URL=mail.url)
        assert (done.returncode, done.stdout, len(mail.mails)) == (0, "email: sent\n", 1), done.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "line"),
    [
        (("test", "pigeon", "--to", "x"), {}, "there is no channel pigeon"),
        (("test", "email", "--to", "x@y"), {"AIBAAS_SMTP_URL": "http://user:hidden-word@host"}, "AIBAAS_SMTP_URL"),
        (("test", "email", "--to", "x@y"), {"AIBAAS_MAIL_FROM": "nobody"}, "AIBAAS_MAIL_FROM"),
    ],
)
def test_a_mistake_is_one_line(
    aibaas: RunAibaas, arguments: tuple[str, ...], variables: dict[str, str], line: str
) -> None:
    done = aibaas("alerts", *arguments, **variables)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert line in done.stderr
    assert "hidden-word" not in done.stderr + done.stdout


def test_answers_are_kept_with_alerts_that_there_are(aibaas: RunAibaas, home: Path) -> None:
    unknown = aibaas("alerts", "ack", str(uuid.uuid4()))
    assert (unknown.returncode, unknown.stderr.count("\n")) == (2, 1), unknown.stderr
    listed = aibaas("alerts", "list")
    assert listed.stdout == "0 events in 7 days, 0 subscriptions stopped\n"
    thread = uuid.uuid4()
    told = f"""
        INSERT INTO raw.alert_events VALUES (
            '{uuid.uuid4()}', '{thread}', 'pipeline', 'late', '{{}}', '{{}}', null, null, null, null, false,
            '{{"newest_hour": "2026-11-23T05:00:00+00:00"}}', now(), now())
    """
    with psycopg.connect(EmbeddedPostgres(home).files.url("aibaas")) as connection:
        connection.execute(told)
    answered = aibaas("alerts", "false-alarm", str(thread), "--note", "we moved house")
    assert answered.stdout == f"{thread}: false_alarm\n"
    listed = aibaas("alerts", "list")
    assert "hours are not measured  (nobody asked for it)" in listed.stdout
    assert "false_alarm: we moved house" in listed.stdout
