"""Who is let in, who is counted together, and what attackers try: forged keys, foreign addresses, revoked keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from api.accounts import api_keys
from api.accounts.api_keys import ApiKey
from tests.support.api_accounts import KEY_SECRET, add_key, execute, open_account, stranger_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import httpx

    from api.settings import Settings

    ServeApi = Callable[[Settings], AbstractContextManager[httpx.Client]]

PATH = "/v1/providers"


def remaining(response: httpx.Response) -> int:
    """What the header RateLimit says is left."""
    return int(response.headers["ratelimit"].split(";r=")[1].split(";")[0])


def refused(response: httpx.Response, status: int, slug: str) -> str:
    assert (response.status_code, response.json()["type"]) == (status, f"/problems/{slug}"), response.text
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["detail"])


def test_a_stranger_has_a_hundred_requests_an_hour_and_is_told_what_is_left(
    serve_api: ServeApi, accounts_url: str
) -> None:
    with serve_api(stranger_settings(accounts_url)) as api:
        first = api.get(PATH)
        assert first.status_code == 200
        assert first.headers["ratelimit-policy"] == '"anonymous";q=100;w=3600'
        assert [remaining(first)] + [remaining(api.get("/v1/no-such-thing")) for _ in range(99)] == list(
            range(99, -1, -1)
        )
        over = api.get(PATH)
        assert "100 requests an hour" in refused(over, 429, "too-many-requests")
        assert remaining(over) == 0
        assert 1 <= int(over.headers["retry-after"]) <= 3600
        for path in ("/healthz", "/readyz", "/metrics", "/docs", "/openapi.json"):
            answer = api.get(path)
            assert (answer.status_code, "ratelimit" in answer.headers) == (200, False), path


def test_keys_of_an_account_are_counted_together_and_apart_from_its_address(
    serve_api: ServeApi, accounts_url: str
) -> None:
    account = open_account(accounts_url, "pro")
    other = add_key(accounts_url, account.account_id)
    with serve_api(stranger_settings(accounts_url)) as api:
        assert remaining(api.get(PATH)) == 99
        answer = api.get(PATH, headers=account.headers)
        assert answer.headers["ratelimit-policy"] == '"pro";q=10000;w=3600'
        assert remaining(answer) == 9999
        assert remaining(api.get(PATH, headers={"X-API-Key": other.text})) == 9998
        assert remaining(api.get(PATH)) == 98


def test_a_shared_cache_is_told_that_answers_depend_on_the_key(keyed_api: httpx.Client) -> None:
    assert {"authorization", "x-api-key"} <= {
        name.strip().lower() for name in keyed_api.get(PATH).headers["vary"].split(",")
    }


def test_an_enterprise_has_no_limit(serve_api: ServeApi, accounts_url: str) -> None:
    account = open_account(accounts_url, "enterprise")
    with serve_api(stranger_settings(accounts_url)) as api:
        answers = [api.get(PATH, headers=account.headers) for _ in range(120)]
    assert {(answer.status_code, "ratelimit" in answer.headers) for answer in answers} == {(200, False)}


def forged(key: ApiKey) -> str:
    """The other's id and a right checksum, with another secret."""
    body = key.text[:12] + ApiKey.made().text[12:40]
    return body + api_keys._checksum(body)


def test_what_is_no_living_key_is_refused_with_a_challenge(keyed_api: httpx.Client, accounts_url: str) -> None:
    account = open_account(accounts_url)
    revoked, expired = (
        add_key(accounts_url, account.account_id),
        add_key(accounts_url, account.account_id, expires_at=datetime.now(UTC) - timedelta(seconds=1)),
    )
    execute(accounts_url, "UPDATE account.api_keys SET revoked_at = now() WHERE api_key_id = %s", revoked.api_key_id)
    closed = open_account(accounts_url)
    execute(accounts_url, "UPDATE account.accounts SET closed_at = now() WHERE account_id = %s", closed.account_id)
    mistyped = account.key.text[:-1] + ("A" if account.key.text[-1] != "A" else "B")
    wrong = {
        "": "no API key",
        "aib_": "no API key",
        "x" * 5000: "no API key",
        mistyped: "mistyped",
        account.key.text.lower(): "mistyped",
        ApiKey.made().text: "There is no such API key",
        forged(account.key): "There is no such API key",
        revoked.text: "revoked",
        expired.text: "expired",
        closed.key.text: "closed",
    }
    for text, reason in wrong.items():
        for headers in ({"Authorization": f"bearer {text}".strip()}, {"X-API-Key": text}):
            response = keyed_api.get(PATH, headers=headers)
            assert reason in refused(response, 401, "unauthenticated"), text
            assert 'error="invalid_token"' in response.headers["www-authenticate"]
            assert text == "" or text not in response.text
    assert keyed_api.get(PATH, headers=account.headers).status_code == 200


def test_a_digest_by_another_secret_is_another_key(serve_api: ServeApi, accounts_url: str) -> None:
    account = open_account(accounts_url)
    with serve_api(stranger_settings(accounts_url, key_secret="another secret than the server's")) as api:
        refused(api.get(PATH, headers=account.headers), 401, "unauthenticated")


def test_a_stolen_digest_is_no_key(keyed_api: httpx.Client, accounts_url: str) -> None:
    account = open_account(accounts_url)
    for text in (account.key.digest(KEY_SECRET).hex(), f"aib_{account.key.digest(KEY_SECRET).hex()[:42]}"):
        refused(keyed_api.get(PATH, headers={"X-API-Key": text}), 401, "unauthenticated")


def test_two_different_keys_at_once_are_refused(keyed_api: httpx.Client, accounts_url: str) -> None:
    one, other = open_account(accounts_url), open_account(accounts_url)
    both = one.headers | {"X-API-Key": other.key.text}
    assert "Two different" in refused(keyed_api.get(PATH, headers=both), 401, "unauthenticated")
    same = one.headers | {"X-API-Key": one.key.text}
    assert keyed_api.get(PATH, headers=same).status_code == 200
    assert keyed_api.get(PATH, headers={"Authorization": "Basic c29tZTpvbmU="}).status_code == 200


def test_a_revocation_holds_in_every_process_from_the_next_request_on(serve_api: ServeApi, accounts_url: str) -> None:
    account = open_account(accounts_url)
    with serve_api(stranger_settings(accounts_url)) as one, serve_api(stranger_settings(accounts_url)) as other:
        for api in (one, other):
            assert api.get(PATH, headers=account.headers).status_code == 200
        revoked = one.delete(f"/v1/account/keys/{account.key.api_key_id}", headers=account.headers)
        assert revoked.status_code == 200
        for api in (other, one):
            assert "revoked" in refused(api.get(PATH, headers=account.headers), 401, "unauthenticated")


def test_a_key_shows_its_last_use_to_the_minute(keyed_api: httpx.Client, accounts_url: str) -> None:
    account = open_account(accounts_url)
    last_use = "SELECT last_used_at FROM account.api_keys WHERE api_key_id = %s"
    assert execute(accounts_url, last_use, account.key.api_key_id) == [(None,)]
    keyed_api.get(PATH, headers=account.headers)
    ((first,),) = execute(accounts_url, last_use, account.key.api_key_id)
    keyed_api.get(PATH, headers=account.headers)
    assert execute(accounts_url, last_use, account.key.api_key_id) == [(first,)]
    assert datetime.now(UTC) - first < timedelta(minutes=1)
    earlier = "UPDATE account.api_keys SET last_used_at = now() - interval '61 s' WHERE api_key_id = %s"
    execute(accounts_url, earlier, account.key.api_key_id)
    keyed_api.get(PATH, headers=account.headers)
    ((second,),) = execute(accounts_url, last_use, account.key.api_key_id)
    assert second > first


def test_wrong_keys_use_up_what_their_address_has(serve_api: ServeApi, accounts_url: str) -> None:
    with serve_api(stranger_settings(accounts_url)) as api:
        statuses = [api.get(PATH, headers={"X-API-Key": ApiKey.made().text}).status_code for _ in range(102)]
    assert statuses == [401] * 100 + [429] * 2


def test_an_invented_address_does_not_make_a_new_caller(serve_api: ServeApi, accounts_url: str) -> None:
    with serve_api(stranger_settings(accounts_url)) as api:
        invented = (
            {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}", "Forwarded": "for=192.0.2.1"}
            for number in range(5)
        )
        assert [remaining(api.get(PATH, headers=headers)) for headers in invented] == [99, 98, 97, 96, 95]


def test_a_trusted_proxy_says_who_asks_and_its_callers_can_not(serve_api: ServeApi, accounts_url: str) -> None:
    settings = stranger_settings(accounts_url, trusted_proxies="127.0.0.1, 10.0.0.0/8")
    with serve_api(settings) as api:

        def left(*forwarded: str) -> int:
            return remaining(api.get(PATH, headers=[("X-Forwarded-For", text) for text in forwarded]))

        assert left("203.0.113.1") == 99
        assert left("203.0.113.2") == 99
        assert left("198.51.100.7, 203.0.113.1") == 98, "what stands further left may be invented"
        assert left("203.0.113.1, 10.1.2.3") == 97, "the inner proxy is trusted as well"
        assert left("198.51.100.8", "203.0.113.1") == 96, "several headers are one list"
        assert left("2001:db8:1:1::1") == 99
        assert left("2001:db8:1:1:ffff::2") == 98, "one caller has all of such addresses"
        assert left("nonsense") == 99, "nobody else than the proxy itself"


@pytest.mark.parametrize("scopes", [(), ("account",), ("operator",)])
def test_a_key_without_a_scope_is_told_which_one(
    keyed_api: httpx.Client, accounts_url: str, scopes: tuple[str, ...]
) -> None:
    account = open_account(accounts_url, scopes=scopes)
    response = keyed_api.get("/v1/alert-subscriptions", headers=account.headers)
    assert "no scope alerts" in refused(response, 403, "missing-scope")
    assert 'error="insufficient_scope", scope="alerts"' in response.headers["www-authenticate"]


def test_without_a_key_an_accounts_own_routes_say_what_to_send(keyed_api: httpx.Client) -> None:
    response = keyed_api.get("/v1/account")
    refused(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == 'Bearer realm="aibaas"'


def test_a_key_can_not_be_looked_up_without_its_database_or_its_secret(
    serve_api: ServeApi, accounts_url: str, marts_url: str
) -> None:
    key = {"X-API-Key": open_account(accounts_url).key.text}
    away = stranger_settings(
        marts_url, accounts_database_url="postgresql://nobody@127.0.0.1:1/none", connect_timeout_s=0.2
    )
    with serve_api(away) as api:
        refused(api.get(PATH, headers=key), 503, "database-unavailable")
        assert api.get(PATH).status_code == 200
    with serve_api(stranger_settings(accounts_url, key_secret=None)) as api:
        refused(api.get(PATH, headers=key), 503, "accounts-unavailable")
    with serve_api(stranger_settings(marts_url)) as api:
        refused(api.get(PATH, headers=key), 503, "accounts-unavailable")
