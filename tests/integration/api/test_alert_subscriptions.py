"""Alert subscriptions over HTTP: made, changed, muted, tested and ended; secrets go in and never come out."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.api_accounts import KnownAccount, execute, open_account

if TYPE_CHECKING:
    import httpx

PATH = "/v1/alert-subscriptions"
SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four bytes or more").decode()
WEBHOOK = {"channel": "webhook", "url": "https://hooks.example.org/a-secret-path?token=hidden-word", "secret": SECRET}
IN_APP = {"channel": "in_app"}


@pytest.fixture
def account(accounts_url: str) -> KnownAccount:
    return open_account(accounts_url)


def make(api: httpx.Client, account: KnownAccount, **fields: Any) -> dict[str, Any]:
    response = api.post(PATH, headers=account.headers, json={"destination": IN_APP} | fields)
    assert response.status_code == 201, response.text
    data: dict[str, Any] = response.json()["data"]
    return data


def change(api: httpx.Client, account: KnownAccount, made: dict[str, Any], **fields: Any) -> httpx.Response:
    return api.patch(f"{PATH}/{made['subscription_id']}", headers=account.headers, json=fields)


def deliverable(url: str, made: dict[str, Any]) -> bool:
    """Whether the pipeline would deliver to it."""
    found = "SELECT 1 FROM account.deliverable_subscriptions WHERE subscription_id = %s"
    return bool(execute(url, found, made["subscription_id"]))


def test_what_was_asked_for_is_what_the_pipeline_reads(
    keyed_api: httpx.Client, accounts_url: str, account: KnownAccount
) -> None:
    wanted = {
        "name": "Atlas or SQL", "topics": ["anomalies", "prices"], "target_ids": ["sim-atlas"], "families": ["sql"],
        "providers": ["acme"], "metrics": ["quality"], "least_severity": "major", "direction": "any",
        "value_floor": 7.5, "has_simulated": True, "quiet_from": "22:00:00", "quiet_until": "07:00:00",
        "time_zone": "Europe/Rome", "is_digest": True, "digest_at": "09:30:00", "remind_after_hours": 6.0,
    }  # fmt: skip
    made = make(keyed_api, account, destination=WEBHOOK, **wanted)
    assert {name: made[name] for name in wanted} == wanted
    assert (made["status"], made["destination"]) == ("active", {"channel": "webhook", "host": "hooks.example.org"})
    ((row,),) = execute(
        accounts_url,
        "SELECT to_jsonb(rows) FROM account.deliverable_subscriptions AS rows WHERE subscription_id = %s",
        made["subscription_id"],
    )
    assert row["channel_settings"] == {"url": WEBHOOK["url"], "secret": SECRET}
    assert (row["email"], row["value_floor"], row["remind_after"]) == (account.email, 7.5, "06:00:00")
    assert (row["direction"], make(keyed_api, account)["direction"]) == ("any", "worse")
    assert (row["topics"], row["time_zone"], row["digest_at"]) == (["anomalies", "prices"], "Europe/Rome", "09:30:00")


def test_addresses_and_secrets_are_never_shown_again(keyed_api: httpx.Client, account: KnownAccount) -> None:
    made = make(keyed_api, account, destination=WEBHOOK)
    one = f"{PATH}/{made['subscription_id']}"
    answers = [
        keyed_api.get(one, headers=account.headers),
        keyed_api.get(PATH, headers=account.headers),
        change(keyed_api, account, made, name="other"),
        keyed_api.put(f"{one}/mute", headers=account.headers, json={"until": "2030-01-01T00:00:00Z"}),
        keyed_api.delete(one, headers=account.headers),
    ]
    for answer in [json.dumps(made), *(answer.text for answer in answers)]:
        assert "hooks.example.org" in answer
        assert not any(word in answer for word in ("hidden-word", "a-secret-path", SECRET))


def test_a_webhooks_secret_is_made_where_none_is_sent_and_shown_once(
    keyed_api: httpx.Client, accounts_url: str, account: KnownAccount
) -> None:
    made = make(keyed_api, account, destination={"channel": "webhook", "url": "https://hooks.example.org/"})
    assert len(base64.b64decode(made["signing_secret"].removeprefix("whsec_"))) == 32
    ((kept,),) = execute(
        accounts_url,
        "SELECT channel_settings ->> 'secret' FROM account.alert_subscriptions WHERE subscription_id = %s",
        made["subscription_id"],
    )
    assert kept == made["signing_secret"]
    assert change(keyed_api, account, made, name="other").json()["data"]["signing_secret"] is None


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"destination": {"channel": "pigeon"}}, "destination"),
        ({"destination": {"channel": "webhook"}}, "destination.webhook.url"),
        ({"destination": {**IN_APP, "url": "https://x.example/"}}, "destination.in_app.url"),
        ({"destination": {**WEBHOOK, "url": "http://hooks.example.org/"}}, "destination.url"),
        ({"destination": {**WEBHOOK, "url": "ftp://hooks.example.org/"}}, "destination.url"),
        ({"destination": {**WEBHOOK, "url": "https://user:word@hooks.example.org/"}}, "destination.url"),
        ({"destination": {**WEBHOOK, "url": "https://127.0.0.1/hook"}}, "destination.url"),
        ({"destination": {**WEBHOOK, "url": "https://169.254.169.254/latest"}}, "destination.url"),
        ({"destination": {**WEBHOOK, "url": "https://[::1]/hook"}}, "destination.url"),
        ({"destination": {**WEBHOOK, "url": "https://localhost/hook"}}, "destination.url"),
        ({"destination": {**WEBHOOK, "url": "https://host:99999/hook"}}, "destination.url"),
        ({"destination": {**WEBHOOK, "secret": "short"}}, "destination.secret"),
        ({"destination": {**WEBHOOK, "secret": "not base64, though it is long enough for one"}}, "destination.secret"),
        ({"destination": {"channel": "slack", "url": "https://10.0.0.1/x"}}, "destination.url"),
        ({"destination": {"channel": "apprise", "url": "tgram:token"}}, "destination.url"),
        ({"topics": []}, "topics"),
        ({"topics": ["weather"]}, "topics.0"),
        ({"target_ids": ["sim-atlass"]}, "target_ids"),
        ({"families": ["sqll"]}, "families"),
        ({"providers": ["acmee"]}, "providers"),
        ({"metrics": ["beauty"]}, "metrics.0"),
        ({"value_floor": 7}, "metrics"),
        ({"value_ceiling": 7, "metrics": ["cost", "errors"]}, "metrics"),
        ({"value_ceiling": 7, "metrics": ["cost", "cost"]}, "metrics"),
        ({"direction": "down"}, "direction"),
        ({"value_ceiling": 7, "metrics": ["quality"]}, "direction"),
        ({"value_floor": 7, "metrics": ["cost"]}, "direction"),
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"time_zone": "localtime"}, "time_zone"),
        ({"remind_after_hours": 0.5}, "remind_after_hours"),
        ({"name": "a\u0000b"}, "name"),
        ({"account_id": "5f0c3c0e-6f0d-4c39-9b1e-3a2f0f7f7a10"}, "account_id"),
    ],
)
def test_what_can_not_be_meant_is_refused_by_name(
    keyed_api: httpx.Client, account: KnownAccount, fields: dict[str, Any], parameter: str
) -> None:
    response = keyed_api.post(PATH, headers=account.headers, json={"destination": IN_APP} | fields)
    assert (response.status_code, response.json()["type"]) == (422, "/problems/invalid-parameter"), response.text
    assert (parameter, "body") in [(error["parameter"], error["location"]) for error in response.json()["errors"]]
    assert not any(word in response.text for word in ("hidden-word", "user:word", SECRET))
    assert keyed_api.get(PATH, headers=account.headers).json()["data"] == []


def test_an_unknown_name_is_told_the_near_ones(keyed_api: httpx.Client, account: KnownAccount) -> None:
    fields = {"destination": IN_APP, "target_ids": ["sim-atlas", "sim-borealsi"]}
    response = keyed_api.post(PATH, headers=account.headers, json=fields)
    assert response.json()["near"][0] == "sim-borealis"


def test_a_change_keeps_what_it_does_not_name(keyed_api: httpx.Client, account: KnownAccount) -> None:
    made = make(keyed_api, account, metrics=["cost"], value_ceiling=0.5, quiet_from="22:00", quiet_until="06:00")
    changed = change(keyed_api, account, made, least_severity="critical", quiet_from=None, quiet_until=None)
    differences = {name for name, value in changed.json()["data"].items() if value != made[name]}
    assert differences == {"least_severity", "quiet_from", "quiet_until"}
    unfit = change(keyed_api, account, made, metrics=[])
    assert (unfit.status_code, unfit.json()["errors"][0]["parameter"]) == (422, "metrics")
    other = change(keyed_api, account, made, destination={"channel": "email"}).json()["data"]
    assert other["destination"] == {"channel": "email", "host": None}


def test_the_operators_topics_need_the_operators_scope(
    keyed_api: httpx.Client, accounts_url: str, account: KnownAccount
) -> None:
    made = make(keyed_api, account)
    for refused in (
        keyed_api.post(PATH, headers=account.headers, json={"destination": IN_APP, "topics": ["budget"]}),
        change(keyed_api, account, made, topics=["anomalies", "pipeline"]),
    ):
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/missing-scope")
        assert "no scope operator" in refused.json()["detail"]
    operator = open_account(accounts_url, scopes=("alerts", "operator"))
    assert make(keyed_api, operator, topics=["budget", "pipeline"])["topics"] == ["budget", "pipeline"]


def test_a_disabled_or_muted_one_is_not_delivered_to(
    keyed_api: httpx.Client, accounts_url: str, account: KnownAccount
) -> None:
    made = make(keyed_api, account)
    assert deliverable(accounts_url, made)
    one = f"{PATH}/{made['subscription_id']}"
    muted = keyed_api.put(f"{one}/mute", headers=account.headers, json={"until": "2030-01-01T00:00:00Z"})
    assert (muted.json()["data"]["status"], deliverable(accounts_url, made)) == ("muted", False)
    assert keyed_api.post(f"{one}/tests", headers=account.headers).status_code == 409
    loud = keyed_api.delete(f"{one}/mute", headers=account.headers).json()["data"]
    assert (loud["status"], loud["muted_until"], deliverable(accounts_url, made)) == ("active", None, True)
    past = keyed_api.put(f"{one}/mute", headers=account.headers, json={"until": "2020-01-01T00:00:00Z"})
    assert (past.json()["data"]["status"], deliverable(accounts_url, made)) == ("active", True)
    off = change(keyed_api, account, made, is_enabled=False).json()["data"]
    assert (off["status"], off["reason"]) == ("disabled", "switched off by its account")
    assert not deliverable(accounts_url, made)
    assert change(keyed_api, account, made, is_enabled=True).json()["data"]["status"] == "active"
    execute(accounts_url, "UPDATE account.accounts SET closed_at = now() WHERE account_id = %s", account.account_id)
    assert not deliverable(accounts_url, made)


def test_a_stopped_one_says_why_until_it_is_begun_again(
    keyed_api: httpx.Client, accounts_url: str, account: KnownAccount
) -> None:
    made = make(keyed_api, account, name="to the hook", destination=WEBHOOK)
    stop = "INSERT INTO raw.subscription_stops VALUES (%s, clock_timestamp(), 'answered 410')"
    execute(accounts_url, stop, made["subscription_id"])
    one = f"{PATH}/{made['subscription_id']}"
    told = keyed_api.get(one, headers=account.headers).json()["data"]
    assert (told["status"], told["reason"], bool(told["stopped_at"])) == ("stopped", "answered 410", True)
    assert keyed_api.post(f"{one}/tests", headers=account.headers).status_code == 409
    notices = keyed_api.get("/v1/notifications", headers=account.headers).json()
    assert [(notice["kind"], notice["title"]) for notice in notices["data"]] == [
        ("subscription_stopped", "to the hook by webhook was stopped: answered 410")
    ]
    assert change(keyed_api, account, made, name="renamed").json()["data"]["status"] == "stopped"
    again = change(keyed_api, account, made, is_enabled=True).json()["data"]
    assert (again["status"], again["reason"], again["stopped_at"]) == ("active", None, None)


def test_one_whose_message_was_given_up_says_so_until_a_later_one_arrives(
    keyed_api: httpx.Client, accounts_url: str, account: KnownAccount
) -> None:
    made = make(keyed_api, account, name="to the hook", destination=WEBHOOK)
    one = f"{PATH}/{made['subscription_id']}"
    tried = """
        INSERT INTO raw.alert_deliveries
        SELECT gen_random_uuid(), %s, %s, 'webhook', now(), clock_timestamp(), %s, %s, now() + %s::interval
    """

    def shown() -> tuple[str | None, bool]:
        told = keyed_api.get(one, headers=account.headers).json()["data"]
        return told["failure"], told["given_up_at"] is not None

    execute(accounts_url, tried, 8, made["subscription_id"], "failed", "answered 503", "8 hours")
    assert shown() == (None, False), "it is tried again"
    execute(accounts_url, tried, 9, made["subscription_id"], "failed", "answered 503", None)
    assert shown() == ("answered 503", True)
    notices = keyed_api.get("/v1/notifications", headers=account.headers).json()
    assert [(notice["kind"], notice["title"]) for notice in notices["data"]] == [
        ("message_given_up", "to the hook by webhook: a message was given up after 9 attempts: answered 503")
    ]
    execute(accounts_url, tried, 1, made["subscription_id"], "sent", None, None)
    assert shown() == (None, False)


def test_a_test_waits_for_the_pipeline_and_comes_once_a_minute(keyed_api: httpx.Client, account: KnownAccount) -> None:
    one, other = make(keyed_api, account), make(keyed_api, account)
    asked = keyed_api.post(f"{PATH}/{one['subscription_id']}/tests", headers=account.headers)
    assert (asked.status_code, asked.json()["data"]["status"]) == (202, "waiting")
    found = keyed_api.get(asked.headers["location"], headers=account.headers)
    assert found.json() == asked.json()
    for made in (one, other):
        again = keyed_api.post(f"{PATH}/{made['subscription_id']}/tests", headers=account.headers)
        assert (again.status_code, again.json()["type"]) == (429, "/problems/too-many-requests")
        assert again.headers["retry-after"] == "60"


def test_a_list_is_turned_page_by_page(keyed_api: httpx.Client, account: KnownAccount) -> None:
    names = [make(keyed_api, account, name=f"number {number}")["name"] for number in range(5)]
    seen, cursor = [], None
    for _ in range(3):
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = keyed_api.get(PATH, headers=account.headers, params=asked).json()
        seen += [entry["name"] for entry in page["data"]]
        cursor = page["next_cursor"]
    assert (seen, cursor) == (names, None)


def test_alerts_are_of_a_tier_and_what_there_is_can_be_ended_without_it(
    accounts_url: str, keyed_api: httpx.Client, strange_api: httpx.Client, account: KnownAccount
) -> None:
    made = make(keyed_api, account)
    execute(accounts_url, "UPDATE account.accounts SET tier = 'free' WHERE account_id = %s", account.account_id)
    for refused in (
        strange_api.post(PATH, headers=account.headers, json={"destination": IN_APP}),
        change(strange_api, account, made, name="other"),
        strange_api.post(f"{PATH}/{made['subscription_id']}/tests", headers=account.headers),
    ):
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-in-tier")
        assert "tier pro has" in refused.json()["detail"]
    assert len(strange_api.get(PATH, headers=account.headers).json()["data"]) == 1
    gone = strange_api.delete(f"{PATH}/{made['subscription_id']}", headers=account.headers)
    assert (gone.status_code, gone.json()["data"]["name"]) == (200, made["name"])
    assert strange_api.get(PATH, headers=account.headers).json()["data"] == []
