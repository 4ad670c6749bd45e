"""What an account was told in the app: listed, newest first, and marked as read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg.types.json import Jsonb

from tests.support.api_accounts import KnownAccount, execute, open_account

if TYPE_CHECKING:
    import httpx

PATH = "/v1/notifications"
PART = {
    "thread_id": "f2b1c3d4-0a1b-4c2d-8e3f-5a6b7c8d9e0f", "topic": "anomalies", "kind": "raised", "severity": "major",
    "target_ids": ["sim-atlas"], "title": "Atlas: quality fell", "facts": [{"heading": "Cause", "text": "unknown"}],
    "links": [{"label": "Chart", "url": "https://bench.example/model-trend?model=sim-atlas"}],
}  # fmt: skip


@pytest.fixture
def told(accounts_url: str) -> KnownAccount:
    """An account that was told of three things, an hour apart."""
    account = open_account(accounts_url)
    ((subscription_id,),) = execute(
        accounts_url,
        "INSERT INTO account.alert_subscriptions (account_id, channel) VALUES (%s, 'in_app') RETURNING subscription_id",
        account.account_id,
    )
    for number in range(3):
        execute(
            accounts_url,
            "INSERT INTO raw.in_app_messages "
            "VALUES (gen_random_uuid(), %s, now() - make_interval(hours => %s), %s, %s)",
            subscription_id, number, f"told {number} hours ago", Jsonb([PART]),
        )  # fmt: skip
    return account


def titles(api: httpx.Client, account: KnownAccount, **asked: str) -> list[str]:
    return [entry["title"] for entry in api.get(PATH, headers=account.headers, params=asked).json()["data"]]


def test_what_was_told_is_listed_newest_first(keyed_api: httpx.Client, told: KnownAccount) -> None:
    answer = keyed_api.get(PATH, headers=told.headers).json()
    assert [entry["title"] for entry in answer["data"]] == [f"told {number} hours ago" for number in range(3)]
    assert (answer["unread_count"], answer["data"][0]["parts"], answer["data"][0]["read_at"]) == (3, [PART], None)
    first = keyed_api.get(PATH, headers=told.headers, params={"limit": 2}).json()
    rest = titles(keyed_api, told, limit="2", cursor=first["next_cursor"])
    assert rest == ["told 2 hours ago"]


def test_what_was_read_stays_read_since_then(keyed_api: httpx.Client, told: KnownAccount) -> None:
    (newest, *_) = keyed_api.get(PATH, headers=told.headers).json()["data"]
    address = f"{PATH}/{newest['notification_id']}/read"
    read = keyed_api.put(address, headers=told.headers).json()["data"]
    assert read["read_at"] is not None
    assert keyed_api.put(address, headers=told.headers).json()["data"]["read_at"] == read["read_at"]
    assert titles(keyed_api, told, is_read="true") == ["told 0 hours ago"]
    assert titles(keyed_api, told, is_read="false") == ["told 1 hours ago", "told 2 hours ago"]
    assert keyed_api.put(f"{PATH}/read", headers=told.headers).json() == {"read_count": 2}
    assert keyed_api.get(PATH, headers=told.headers).json()["unread_count"] == 0
