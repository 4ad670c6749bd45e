"""Nothing of another account is read, changed or even known: every route with an id is tried with the other's."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from api.openapi import render
from tests.support.api_accounts import KnownAccount, execute, open_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

IDS = ("api_key_id", "subscription_id", "test_id", "notification_id")
BODIES: dict[str, dict[str, Any]] = {
    "update_alert_subscription": {"name": "mine now", "destination": {"channel": "in_app"}},
    "update_alert_subscription_mute": {"until": "2030-01-01T00:00:00Z"},
    "create_api_key_rotation": {},
}


@dataclass(frozen=True)
class Owned:
    """What an account has of everything that has an id."""

    account: KnownAccount
    ids: dict[str, str]


@pytest.fixture(scope="module")
def others(keyed_api: httpx.Client, accounts_url: str) -> Owned:
    account = open_account(accounts_url)
    made = keyed_api.post(
        "/v1/alert-subscriptions", headers=account.headers, json={"destination": {"channel": "in_app"}}
    )
    subscription_id = made.json()["data"]["subscription_id"]
    test = keyed_api.post(f"/v1/alert-subscriptions/{subscription_id}/tests", headers=account.headers)
    ((notification_id,),) = execute(
        accounts_url,
        "INSERT INTO raw.in_app_messages VALUES (gen_random_uuid(), %s, now(), 'told', '[]') RETURNING message_id",
        subscription_id,
    )
    ids = {
        "api_key_id": account.key.api_key_id,
        "subscription_id": subscription_id,
        "test_id": test.json()["data"]["test_id"],
        "notification_id": str(notification_id),
    }
    return Owned(account, ids)


def owned_routes() -> Iterator[tuple[str, str, str]]:
    for path, methods in json.loads(render())["paths"].items():
        for method, operation in methods.items():
            if set(re.findall(r"{(\w+)}", path)) & set(IDS):
                yield method, path, operation["operationId"]


def state(url: str, account: KnownAccount) -> list[tuple[Any, ...]]:
    """All that is kept of an account, but for when its key was used."""
    return [
        *execute(url, "SELECT * FROM account.alert_subscriptions WHERE account_id = %s", account.account_id),
        *execute(url, "SELECT api_key_id, expires_at, revoked_at FROM account.api_keys WHERE account_id = %s",
                 account.account_id),
        *execute(url, "SELECT notification_id FROM account.read_notifications WHERE account_id = %s",
                 account.account_id),
        *execute(url, "SELECT test_id FROM account.told_tests JOIN account.alert_subscriptions "
                      "USING (subscription_id) WHERE account_id = %s", account.account_id),
    ]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "operation"), owned_routes(), ids=str)
def test_the_others_things_are_not_there(
    keyed_api: httpx.Client, accounts_url: str, others: Owned, method: str, path: str, operation: str
) -> None:
    attacker = open_account(accounts_url, "enterprise", ("account", "alerts", "operator"))
    before = state(accounts_url, others.account)
    response = keyed_api.request(
        method.upper(), path.format(**others.ids), headers=attacker.headers, json=BODIES.get(operation)
    )
    assert response.status_code == 404, response.text
    assert response.json()["type"].startswith("/problems/unknown-")
    assert state(accounts_url, others.account) == before
    unknown = {name: "0" * 8 if name == "api_key_id" else "00000000-0000-4000-8000-000000000000" for name in IDS}
    never = keyed_api.request(
        method.upper(), path.format(**unknown), headers=attacker.headers, json=BODIES.get(operation)
    )
    assert (never.status_code, never.json()["type"]) == (404, response.json()["type"]), "the two look the same"


def test_a_test_is_not_read_through_ones_own_subscription(
    keyed_api: httpx.Client, accounts_url: str, others: Owned
) -> None:
    attacker = open_account(accounts_url)
    own = keyed_api.post(
        "/v1/alert-subscriptions", headers=attacker.headers, json={"destination": {"channel": "in_app"}}
    ).json()["data"]["subscription_id"]
    found = keyed_api.get(f"/v1/alert-subscriptions/{own}/tests/{others.ids['test_id']}", headers=attacker.headers)
    assert found.status_code == 404


@pytest.mark.parametrize("path", ["/v1/account/keys", "/v1/alert-subscriptions", "/v1/notifications"])
def test_lists_hold_ones_own(keyed_api: httpx.Client, accounts_url: str, others: Owned, path: str) -> None:
    attacker = open_account(accounts_url)
    listed = keyed_api.get(path, headers=attacker.headers)
    assert listed.status_code == 200
    assert not any(value in listed.text for value in others.ids.values())
    assert any(value in keyed_api.get(path, headers=others.account.headers).text for value in others.ids.values())


def test_a_cursor_of_anothers_list_leads_nowhere_else(
    keyed_api: httpx.Client, accounts_url: str, others: Owned
) -> None:
    for number in range(2):
        body = {"name": f"number {number}", "destination": {"channel": "in_app"}}
        keyed_api.post("/v1/alert-subscriptions", headers=others.account.headers, json=body)
    theirs = keyed_api.get("/v1/alert-subscriptions", headers=others.account.headers, params={"limit": 1}).json()
    attacker = open_account(accounts_url)
    page = keyed_api.get(
        "/v1/alert-subscriptions", headers=attacker.headers, params={"limit": 1, "cursor": theirs["next_cursor"]}
    )
    assert page.json()["data"] == []


def test_the_role_of_the_api_sees_nothing_of_the_raw_tables(accounts_url: str) -> None:
    rights = execute(
        accounts_url,
        "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
        "WHERE nspname = 'raw' AND relkind IN ('r', 'p', 'v') AND has_table_privilege('aibaas_api', pg_class.oid, "
        "'SELECT, INSERT, UPDATE, DELETE')",
    )
    assert rights == []
