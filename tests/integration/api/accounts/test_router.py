"""One's own account and keys over HTTP: what a key may do, how it is made, replaced and ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from api.accounts.api_keys import ApiKey
from api.accounts.router import MOST_KEYS
from tests.support.api_accounts import KEY_SECRET, add_key, execute, open_account, stranger_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import httpx

    from api.settings import Settings

KEYS = "/v1/account/keys"


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def test_an_account_says_its_tier_and_what_is_left(
    serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]], accounts_url: str
) -> None:
    account = open_account(accounts_url, "pro")
    with serve_api(stranger_settings(accounts_url)) as api:
        api.get("/v1/models", headers=account.headers)
        told = api.get("/v1/account", headers=account.headers).json()["data"]
    assert (told["email"], told["tier"], told["history_days"]) == (account.email, "pro", 90)
    assert told["features"] == ["alerts", "custom_scenarios", "real_time"]
    assert (told["requests_per_hour"], told["remaining_count"]) == (10_000, 9_998)
    assert (told["api_key_id"], told["scopes"]) == (account.key.api_key_id, ["account", "alerts"])
    assert 1 <= told["reset_s"] <= 3600


def test_where_everything_is_open_a_key_takes_nothing_away(keyed_api: httpx.Client, accounts_url: str) -> None:
    account = open_account(accounts_url, "free")
    told = keyed_api.get("/v1/account", headers=account.headers).json()["data"]
    assert (told["tier"], told["requests_per_hour"], told["remaining_count"]) == ("enterprise", None, None)


def test_a_key_is_shown_once_and_kept_as_a_digest(keyed_api: httpx.Client, accounts_url: str) -> None:
    account = open_account(accounts_url)
    wanted = {"name": "nightly", "scopes": ["alerts"], "expires_in_days": 30}
    made = keyed_api.post(KEYS, headers=account.headers, json=wanted)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    data = made.json()["data"]
    key = ApiKey.read(data["api_key"])
    assert (data["api_key_id"], data["name"], data["scopes"]) == (key.api_key_id, "nightly", ["alerts"])
    life = datetime.fromisoformat(data["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < life <= timedelta(days=30)
    assert keyed_api.get("/v1/alert-subscriptions", headers=bearer(key.text)).status_code == 200
    assert keyed_api.get(KEYS, headers=bearer(key.text)).status_code == 403
    listed = keyed_api.get(KEYS, headers=account.headers)
    assert [entry["api_key_id"] for entry in listed.json()["data"]] == [account.key.api_key_id, key.api_key_id]
    assert key.text[12:] not in listed.text
    ((kept,),) = execute(
        accounts_url, "SELECT keys::text FROM account.api_keys AS keys WHERE api_key_id = %s", key.api_key_id
    )
    assert key.digest(KEY_SECRET).hex() in kept
    assert key.text[12:] not in kept


def test_no_key_makes_one_that_may_do_more(keyed_api: httpx.Client, accounts_url: str) -> None:
    account = open_account(accounts_url, scopes=("account",))
    greater = add_key(accounts_url, account.account_id, ("account", "operator"))
    refused = keyed_api.post(KEYS, headers=account.headers, json={"name": "more", "scopes": ["alerts"]})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/missing-scope")
    rotated = keyed_api.post(f"{KEYS}/{greater.api_key_id}/rotations", headers=account.headers, json={})
    assert (rotated.status_code, rotated.json()["type"]) == (403, "/problems/missing-scope")
    assert keyed_api.get(KEYS, headers=bearer(greater.text)).status_code == 200


def test_a_rotated_key_stays_valid_for_the_overlap_and_no_longer(keyed_api: httpx.Client, accounts_url: str) -> None:
    account = open_account(accounts_url)
    address = f"{KEYS}/{account.key.api_key_id}/rotations"
    first = keyed_api.post(address, headers=account.headers, json={"overlap_hours": 1})
    assert first.status_code == 201
    assert (first.json()["data"]["rotated_from"], first.json()["data"]["scopes"]) == (
        account.key.api_key_id,
        ["account", "alerts"],
    )
    for headers in (account.headers, bearer(first.json()["data"]["api_key"])):
        assert keyed_api.get("/v1/account", headers=headers).status_code == 200
    second = keyed_api.post(address, headers=account.headers, json={"overlap_hours": 0})
    assert second.status_code == 201
    assert "expired" in keyed_api.get("/v1/account", headers=account.headers).json()["detail"]
    again = keyed_api.post(address, headers=bearer(second.json()["data"]["api_key"]), json={})
    assert (again.status_code, again.json()["type"]) == (404, "/problems/unknown-api-key")


def test_an_account_has_so_many_living_keys(keyed_api: httpx.Client, accounts_url: str) -> None:
    account = open_account(accounts_url)
    for _ in range(MOST_KEYS - 1):
        last = add_key(accounts_url, account.account_id)
    over = keyed_api.post(KEYS, headers=account.headers, json={"name": "one too many"})
    assert (over.status_code, over.json()["type"]) == (409, "/problems/conflict")
    assert keyed_api.delete(f"{KEYS}/{last.api_key_id}", headers=account.headers).json()["data"]["revoked_at"]
    assert keyed_api.post(KEYS, headers=account.headers, json={"name": "fits"}).status_code == 201


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "scopes": ["everything"]}, "scopes.0"),
        ({"name": "x", "expires_in_days": 0}, "expires_in_days"),
        ({"name": "x", "tier": "enterprise"}, "tier"),
        ({"name": "x", "account_id": "5f0c3c0e-6f0d-4c39-9b1e-3a2f0f7f7a10"}, "account_id"),
    ],
)
def test_a_wrong_field_is_named(
    keyed_api: httpx.Client, accounts_url: str, body: dict[str, Any], parameter: str
) -> None:
    account = open_account(accounts_url)
    response = keyed_api.post(KEYS, headers=account.headers, json=body)
    assert (response.status_code, response.json()["type"]) == (422, "/problems/invalid-parameter")
    assert [(error["parameter"], error["location"]) for error in response.json()["errors"]] == [(parameter, "body")]
