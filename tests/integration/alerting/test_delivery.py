"""From an anomaly's row to receivers: each alert and each recovery once on every channel, whatever receivers do.

Not here: programs that are killed (test_kills), the sensor (test_sensor).
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from standardwebhooks.webhooks import Webhook

from orchestration.alerting.change_events import FailedRun
from orchestration.alerting.channels import addresses
from orchestration.alerting.channels.interface import Leave
from orchestration.alerting.delivery import PAUSES
from orchestration.records import Change
from orchestration.storage.raw_tables import record_changes
from orchestration.storage.spending import Account, SpendingLedger
from tests.support.subscriptions import SECRET, anomaly, record, resolved, subscribe

if TYPE_CHECKING:
    from orchestration.storage.database import Database
    from tests.integration.alerting.conftest import Alerts
    from tests.support.alert_receivers import HttpReceiver, MailServer

ATTEMPTS = "SELECT attempt, outcome, reason FROM raw.alert_deliveries ORDER BY started_at, attempt"
EVENTS = "SELECT kind FROM raw.alert_events ORDER BY recorded_at, occurred_at, kind"


def webhook(receiver: HttpReceiver) -> dict[str, str]:
    return {"url": receiver.url, "secret": SECRET}


def test_an_alert_and_its_recovery_arrive_once_on_every_channel(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver, mail: MailServer
) -> None:
    slack, other = receiver.url.replace("/alerts", "/slack"), receiver.url.replace("http://", "json://")
    subscribe(accounts, "webhook", channel_settings=webhook(receiver))
    subscribe(accounts, "slack", channel_settings={"url": slack})
    subscribe(accounts, "apprise", channel_settings={"url": other.replace("/alerts", "/apprise")})
    subscribe(accounts, "email")
    subscribe(accounts, "in_app")
    record(accounts, anomaly())
    assert alerts.tell() == {"sent": 5}
    assert alerts.tell() == {}
    record(accounts, resolved(anomaly()))
    assert alerts.tell() == {"sent": 5}
    assert alerts.tell() == {}
    by_path: dict[str, list[bytes]] = {}
    for path, _, body in receiver.requests:
        by_path.setdefault(path, []).append(body)
    assert {path: len(bodies) for path, bodies in by_path.items()} == {"/alerts": 2, "/slack": 2, "/apprise": 2}
    raised, over = (mail["Subject"] for mail in mail.mails)
    assert raised == "Model sim-a: quality fell -1.30 points (major) [simulated]"
    assert over == "Model sim-a: quality is back at its earlier level [simulated]"
    blocks = json.loads(by_path["/slack"][0])["blocks"]
    assert [block["type"] for block in blocks] == ["header", "section", "actions", "context"]
    assert "[7.90, 8.30]" in blocks[1]["text"]["text"]
    assert raised in by_path["/apprise"][0].decode()


def test_a_webhook_is_signed_and_says_what_how_much_since_when_and_why(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver
) -> None:
    subscribe(accounts, "webhook", channel_settings=webhook(receiver))
    record(accounts, anomaly())
    alerts.tell()
    ((_, headers, body),) = receiver.requests
    said = Webhook(SECRET).verify(body, headers)
    (event,) = said["data"]["events"]
    assert (said["type"], event["kind"], event["severity"]) == ("aibaas.alerts", "raised", "major")
    assert (event["content"]["effect"], event["content"]["cause"]) == (-1.3, "model")
    assert event["content"]["onset_hour"] == "2026-11-23T02:00:00+00:00"
    assert event["links"]["Chart"] == "https://bench.example/model-trend?model=sim-a&days=30"
    assert event["commands"]["Acknowledge"] == f"./aibaas alerts ack {event['thread_id']}"


def test_a_mail_has_text_and_html_with_the_chart_in_it_and_answers_its_alert(
    alerts: Alerts, accounts: Database, mail: MailServer
) -> None:
    with accounts.connect() as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS intermediate")
        connection.execute("GRANT USAGE ON SCHEMA intermediate TO aibaas_collector")
        connection.execute("""
            CREATE TABLE intermediate.int_detection_cells AS
            SELECT 'sim-a' AS target_id, 'canary' AS suite, true AS is_simulated, hour AS benchmark_hour,
                CASE WHEN hour < '2026-11-23 02:00Z' THEN 8.1 ELSE 6.8 END::double precision AS score_mean
            FROM generate_series('2026-11-20Z'::timestamptz, '2026-11-23 05:00Z', '1 hour') AS hour
        """)
        connection.execute("GRANT SELECT ON intermediate.int_detection_cells TO aibaas_collector")
    subscribe(accounts, "email")
    record(accounts, anomaly())
    alerts.tell()
    record(accounts, resolved(anomaly()))
    alerts.tell()
    raised, over = mail.mails
    text, html = raised.get_body(("plain",)), raised.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "fingerprint at 2026-11-23 05:00 UTC: ['fp-1'] → ['fp-2']" in text.get_content()
    (image,) = (part for part in raised.walk() if part.get_content_type() == "image/png")
    assert image["Content-ID"].strip("<>") in html.get_content()
    assert image.get_payload(decode=True)[:8] == b"\x89PNG\r\n\x1a\n"
    assert raised["References"] == over["References"]
    assert raised["Message-ID"] != over["Message-ID"]


def test_a_transient_failure_is_tried_again_under_the_same_id_until_it_is_given_up(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver
) -> None:
    subscribe(accounts, "webhook", channel_settings=webhook(receiver))
    record(accounts, anomaly())
    receiver.answers += [500, 503]
    now = datetime.now(UTC)
    assert alerts.tell(now) == {"failed": 1}
    assert alerts.tell(now) == {}, "it is not tried again at once"
    assert alerts.tell(now + PAUSES[0] + timedelta(seconds=5)) == {"failed": 1}
    assert alerts.tell(now + PAUSES[1] + timedelta(seconds=10)) == {"sent": 1}
    assert alerts.rows(ATTEMPTS) == [(1, "failed", "answered 500"), (2, "failed", "answered 503"), (3, "sent", None)]
    assert len(set(receiver.ids)) == 1
    record(accounts, resolved(anomaly()))
    receiver.answers += [500] * 20
    moments = [now + timedelta(days=1, hours=hour) for hour in range(0, 10 * len(PAUSES), 10)]
    outcomes = [alerts.tell(moment) for moment in [*moments, moments[-1] + timedelta(days=1)]]
    assert outcomes == [{"failed": 1}] * len(PAUSES) + [{"failed": 1}]
    assert alerts.tell(moments[-1] + timedelta(days=2)) == {}


@pytest.mark.parametrize("status", [404, 410])
def test_an_address_that_is_gone_stops_its_subscription_alone_until_it_is_enabled_again(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver, status: int
) -> None:
    gone = subscribe(accounts, "webhook", channel_settings=webhook(receiver))
    subscribe(accounts, "in_app")
    record(accounts, anomaly())
    receiver.answers.append(status)
    assert alerts.tell() == {"refused": 1, "sent": 1}
    assert alerts.rows("SELECT subscription_id, reason FROM raw.subscription_stops") == [(gone, f"answered {status}")]
    record(accounts, resolved(anomaly()))
    assert alerts.tell() == {"sent": 1}
    with accounts.connect("aibaas_api") as connection:
        connection.execute("UPDATE account.alert_subscriptions SET enabled_at = now()")
    record(accounts, anomaly(100))
    assert alerts.tell() == {"sent": 2}


def test_an_unknown_mail_address_is_final_and_a_full_mailbox_is_not(
    alerts: Alerts, accounts: Database, mail: MailServer
) -> None:
    unknown = subscribe(accounts, "email", email="unknown@example.org")
    subscribe(accounts, "email", email="later@example.org")
    record(accounts, anomaly())
    assert alerts.tell() == {"refused": 1, "failed": 1}
    assert alerts.rows("SELECT subscription_id FROM raw.subscription_stops") == [(unknown,)]
    assert mail.mails == []


def test_a_receiver_that_hangs_keeps_nobody_else_waiting_for_long(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses.post, "__kwdefaults__", (addresses.post.__kwdefaults__ or {}) | {"within_s": 1.0})
    subscribe(accounts, "webhook", channel_settings=webhook(receiver))
    subscribe(accounts, "in_app")
    record(accounts, anomaly())
    receiver.answers.append("hang")
    assert alerts.tell() == {"failed": 1, "sent": 1}
    assert (1, "failed", "no answer within 1 s") in alerts.rows(ATTEMPTS)


def test_nothing_is_sent_into_private_networks_nor_where_a_redirect_leads(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver
) -> None:
    subscribe(accounts, "webhook", channel_settings=webhook(receiver))
    record(accounts, anomaly())
    receiver.answers.append(307)
    receiver.location = receiver.url.replace("/alerts", "/metadata")
    alerts.tell()
    assert [path for path, _, _ in receiver.requests] == ["/alerts"]
    assert "redirects are not followed" in str(alerts.rows(ATTEMPTS))
    alerts.leave = Leave()
    tokens = ["https://127.0.0.1:1/token", "https://localhost/token", "https://169.254.169.254/token", receiver.url]
    for url in tokens:
        subscribe(accounts, "webhook", channel_settings={"url": url, "secret": SECRET})
        subscribe(accounts, "slack", channel_settings={"url": url})
        subscribe(accounts, "apprise", channel_settings={"url": url.replace("https:", "jsons:")})
    record(accounts, anomaly(100))
    outcome = alerts.tell()
    assert outcome == {"refused": 13}
    assert len(receiver.requests) == 1
    said = str(
        alerts.rows("SELECT reason FROM raw.alert_deliveries UNION ALL SELECT reason FROM raw.subscription_stops")
    )
    assert "token" not in said
    assert SECRET not in said


def test_a_change_that_a_replay_raises_under_another_id_is_told_once_and_ends_once(
    alerts: Alerts, accounts: Database
) -> None:
    subscribe(accounts, "in_app")
    record(accounts, anomaly())
    alerts.tell()
    record(accounts, replace(anomaly(), revision=2, state="retracted"), anomaly(2))
    assert alerts.tell() == {}
    record(accounts, resolved(anomaly(2)))
    alerts.tell()
    record(accounts, replace(anomaly(2), revision=3, state="open"))
    alerts.tell()
    assert alerts.rows(EVENTS) == [("raised",), ("resolved",)]


def test_an_alarm_that_is_withdrawn_says_so_and_one_that_gets_worse_too(alerts: Alerts, accounts: Database) -> None:
    subscribe(accounts, "in_app", least_severity="critical")
    subscribe(accounts, "in_app")
    record(accounts, anomaly(severity="moderate"))
    assert alerts.tell() == {"sent": 1}
    record(accounts, replace(anomaly(), revision=2, severity="critical"))
    assert alerts.tell() == {"sent": 2}
    record(accounts, replace(anomaly(), revision=3, severity="minor"))
    assert alerts.tell() == {}
    record(accounts, replace(anomaly(), revision=4, state="retracted"))
    assert alerts.tell() == {"sent": 2}
    assert alerts.rows(EVENTS) == [("raised",), ("worse",), ("retracted",)]


def test_alarms_about_real_hours_long_past_are_history_and_no_news(alerts: Alerts, accounts: Database) -> None:
    subscribe(accounts, "in_app")
    now = datetime.now(UTC)
    old = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=3)
    record(accounts, anomaly(is_simulated=False, raised_hour=old))
    assert alerts.tell() == {}
    record(accounts, anomaly(1, is_simulated=False, raised_hour=old + timedelta(days=3), target_id="sim-b"))
    assert alerts.tell() == {"sent": 1}


def test_an_alarm_whose_extra_answers_never_come_is_told_while_the_pipeline_stands(
    alerts: Alerts, accounts: Database
) -> None:
    subscribe(accounts, "in_app")
    now = datetime.now(UTC)
    raised = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    held = anomaly(is_simulated=False, raised_hour=raised, verdict="pending", computed_at=now)
    record(accounts, held)
    assert alerts.tell(now + timedelta(hours=2)) == {}
    assert alerts.tell(now + timedelta(hours=3)) == {"sent": 1}
    assert alerts.rows("SELECT kind, occurred_at FROM raw.alert_events") == [("raised", raised)]


def test_an_alarm_that_was_held_over_a_gap_of_days_is_told_with_its_verdict(alerts: Alerts, accounts: Database) -> None:
    subscribe(accounts, "in_app")
    now = datetime.now(UTC)
    raised = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=5)
    held = anomaly(is_simulated=False, raised_hour=raised, verdict="pending", computed_at=raised + timedelta(hours=1))
    record(accounts, held, replace(held, revision=2, verdict="inconclusive", computed_at=now))
    assert alerts.tell(now) == {"sent": 1}


def test_a_drop_of_the_whole_model_reaches_who_follows_any_family_of_its_suite(
    alerts: Alerts, accounts: Database
) -> None:
    with accounts.connect() as connection:
        for number, family in enumerate(("sql", "debugging", "regex"), 1):
            connection.execute(
                "INSERT INTO raw.scenarios VALUES "
                "(%(id)s, 1, '', %(family)s, 'easy', 'python', '', '', '2026-01-01', 1, now())",
                scenario := {"id": f"{family}/task-1", "family": family},
            )
            suites = "INSERT INTO raw.suites VALUES ('canary', %(version)s, 'hourly', %(id)s, 1, now())"
            connection.execute(suites, scenario | {"version": 1 if number == 3 else 2})
    subscribe(accounts, "in_app", families=["debugging"])
    subscribe(accounts, "in_app", families=["regex"])
    record(accounts, anomaly())
    assert alerts.tell() == {"sent": 1}


def test_an_incident_of_a_provider_is_one_message_and_one_end(alerts: Alerts, accounts: Database) -> None:
    subscribe(accounts, "in_app")
    incident = uuid4()
    parts = [anomaly(number, target_id=f"sim-{number}", incident_id=incident) for number in range(6)]
    record(accounts, *parts)
    assert alerts.tell() == {"sent": 1}
    record(accounts, *map(resolved, parts[:5]))
    assert alerts.tell() == {}
    record(accounts, resolved(parts[5]))
    assert alerts.tell() == {"sent": 1}
    assert alerts.rows("SELECT thread_id, kind FROM raw.alert_events ORDER BY recorded_at") == [
        (incident, "raised"),
        (incident, "resolved"),
    ]
    titles = alerts.rows("SELECT title FROM raw.in_app_messages ORDER BY told_at")
    assert titles == [
        ("simulator: 6 models got worse together (major) [simulated]",),
        ("simulator: 6 models are back at their earlier levels [simulated]",),
    ]


def test_quiet_hours_and_digests_tell_everything_at_once_later(
    alerts: Alerts, accounts: Database, receiver: HttpReceiver
) -> None:
    quiet = {"quiet_from": time(22), "quiet_until": time(7), "time_zone": "Europe/Berlin"}
    subscribe(accounts, "webhook", channel_settings=webhook(receiver), **quiet)
    subscribe(accounts, "webhook", channel_settings=webhook(receiver), is_digest=True, digest_at=time(9))
    night = (datetime.now(UTC) + timedelta(days=1)).replace(hour=1, minute=30)
    record(accounts, anomaly())
    assert alerts.tell(night) == {}
    record(accounts, resolved(anomaly()), anomaly(200))
    assert alerts.tell(night + timedelta(hours=1)) == {}
    assert alerts.tell(night + timedelta(hours=3)) == {}, "half past five in Berlin"
    assert alerts.tell(night.replace(hour=6, minute=0)) == {"sent": 1}
    assert alerts.tell(night.replace(hour=9, minute=0)) == {"sent": 1}
    told = [[event["kind"] for event in json.loads(body)["data"]["events"]] for _, _, body in receiver.requests]
    assert told == [["raised", "resolved", "raised"]] * 2


def test_what_is_open_is_said_again_to_those_who_wish_until_somebody_has_answered(
    alerts: Alerts, accounts: Database
) -> None:
    subscribe(accounts, "in_app", remind_after=timedelta(hours=6))
    subscribe(accounts, "in_app")
    record(accounts, anomaly())
    now = datetime.now(UTC)
    assert alerts.tell(now) == {"sent": 2}
    assert alerts.tell(now + timedelta(hours=5)) == {}
    assert alerts.tell(now + timedelta(hours=14)) == {"sent": 1}
    assert alerts.tell(now + timedelta(hours=15)) == {}
    with accounts.connect("aibaas_collector") as connection:
        connection.execute(
            "INSERT INTO raw.alert_feedback SELECT DISTINCT thread_id, now(), 'acknowledged' FROM raw.alert_events"
        )
    assert alerts.tell(now + timedelta(hours=20)) == {}
    record(accounts, resolved(anomaly()))
    assert alerts.tell(now + timedelta(hours=21)) == {"sent": 2}


def test_a_level_that_turns_out_to_be_beyond_a_floor_is_told_then_and_once(alerts: Alerts, accounts: Database) -> None:
    floored = subscribe(accounts, "in_app", metrics=["quality"], value_floor=7.0, name="floor")
    subscribe(accounts, "in_app", name="all")
    early = anomaly(after_value=7.1, is_final=False)
    record(accounts, early)
    assert alerts.tell() == {"sent": 1}
    final = replace(early, revision=2, after_value=6.1, after_ci95_lower=5.4, after_ci95_upper=6.8, is_final=True)
    record(accounts, final)
    later = subscribe(accounts, "in_app", metrics=["quality"], value_floor=7.0, name="later")
    assert alerts.tell() == {"sent": 1}
    record(accounts, replace(final, revision=3, after_value=6.0))
    assert alerts.tell() == {}
    told = "SELECT kind, subscription_id FROM raw.alert_events INNER JOIN raw.alert_notices USING (event_id)"
    assert [row for row in alerts.rows(told) if row[1] in {floored, later}] == [("beyond_bounds", floored)]
    record(accounts, replace(resolved(final), revision=4))
    assert alerts.tell() == {"sent": 2}
    titles = {title for (title,) in alerts.rows("SELECT title FROM raw.in_app_messages WHERE title LIKE '%known%'")}
    assert titles == {"Model sim-a: quality fell -1.30 points as is known by now (major) [simulated]"}


def test_a_suspected_price_that_is_withdrawn_is_told_to_those_who_heard_of_it(
    alerts: Alerts, accounts: Database
) -> None:
    subscribe(accounts, "in_app", topics=["prices"])
    now, doubted = datetime.now(UTC), {"input": 90, "suspicion": "input rises by a factor of 90"}
    with accounts.connect("aibaas_collector") as connection:
        record_changes(connection, [Change("price", "acme/atlas", now, {"input": 1}, doubted, "prices", now)])
    assert alerts.tell(now) == {"sent": 1}
    subscribe(accounts, "in_app", topics=["prices"])
    later = now + timedelta(days=1)
    with accounts.connect("aibaas_collector") as connection:
        record_changes(connection, [Change("price", "acme/atlas", later, doubted, {"input": 1}, "prices", later)])
    assert alerts.tell(later) == {"sent": 1}
    assert alerts.rows("SELECT DISTINCT topic, count(DISTINCT thread_id) FROM raw.alert_events GROUP BY 1") == [
        ("prices", 1)
    ]
    assert alerts.rows(EVENTS) == [("price_suspect",), ("price_withdrawn",)]


def test_prices_models_budgets_and_the_pipeline_itself_are_told_once(alerts: Alerts, accounts: Database) -> None:
    topics = ["prices", "lifecycle", "budget", "pipeline"]
    subscribe(accounts, "in_app", topics=topics)
    subscribe(accounts, "in_app")
    now = datetime.now(UTC)
    day = Account("day", now.replace(hour=0, minute=0, second=0, microsecond=0), "")
    with accounts.connect("aibaas_collector") as connection:
        record_changes(
            connection,
            [
                Change("price", "acme/atlas", now, {"input": 1}, {"input": 2}, "prices", now),
                Change("listing", "acme/nova", now, None, {"event": "first_seen"}, "listing", now),
                Change("limits", "acme-atlas", now, {"rpm": 1}, {"rpm": 2}, "targets", now),
            ],
        )
        SpendingLedger(connection).set_aside(Decimal("8.5"), {day: Decimal(10)})
    failed = [FailedRun("run-1", "run_hourly_benchmark_job", "2026-11-23-05:00", now)]
    for _ in range(2):
        alerts.tell(now, {day: Decimal(10)}, failed)
    told = "SELECT topic, kind FROM raw.alert_notices INNER JOIN raw.alert_events USING (event_id) ORDER BY 1"
    assert alerts.rows(told) == [
        ("budget", "budget_80"),
        ("lifecycle", "model_listed"),
        ("pipeline", "run_failed"),
        ("prices", "price_changed"),
    ]
