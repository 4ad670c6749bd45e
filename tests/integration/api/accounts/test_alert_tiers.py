"""Accounts that have no alerts any more, and what the pipeline then sees of their subscriptions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from api import admin
from api.accounts.migrate import migrate
from tests.support.api_accounts import KEY_SECRET, execute, open_account, stranger_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import httpx
    from click.testing import Result

    from api.settings import Settings

    Serve = Callable[[Settings], AbstractContextManager[httpx.Client]]

PATH = "/v1/alert-subscriptions"


@pytest.fixture
def url(marts_copy: str) -> str:
    migrate(marts_copy)
    return marts_copy


def deliverable(url: str) -> set[str]:
    """The addresses of accounts that the pipeline may deliver to."""
    return {email for (email,) in execute(url, "SELECT email FROM account.deliverable_subscriptions")}


def wait_for_tiers(url: str, *tiers: str) -> None:
    deadline = time.monotonic() + 10
    while {tier for (tier,) in execute(url, "SELECT tier FROM account.alert_tiers")} != set(tiers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def subscribe(api: httpx.Client, account: Any) -> None:
    response = api.post(PATH, headers=account.headers, json={"destination": {"channel": "in_app"}})
    assert response.status_code == 201, response.text


def test_who_loses_the_tier_is_not_delivered_to_until_it_has_it_again(
    serve_api: Serve, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def operator(*arguments: str) -> Result:
        return CliRunner().invoke(admin.command, arguments, catch_exceptions=False)

    monkeypatch.setenv("AIBAAS_API_DATABASE_URL", url)
    monkeypatch.setenv("AIBAAS_API_KEY_SECRET", KEY_SECRET.get_secret_value())
    account, other = open_account(url, "pro"), open_account(url, "enterprise")
    with serve_api(stranger_settings(url)) as api:
        subscribe(api, account)
        subscribe(api, other)
        assert deliverable(url) == {account.email, other.email}
        assert operator("accounts", "tier", account.email, "free").exit_code == 0
        assert deliverable(url) == {other.email}
        assert api.get(PATH, headers=account.headers).json()["data"]
        assert operator("accounts", "tier", account.email, "pro").exit_code == 0
        assert deliverable(url) == {account.email, other.email}


def test_where_everyone_has_alerts_a_free_account_is_delivered_to_and_no_longer_where_not(
    serve_api: Serve, url: str
) -> None:
    account = open_account(url, "free")
    with serve_api(stranger_settings(url, anonymous_tier="enterprise")) as api:
        wait_for_tiers(url, "anonymous", "free", "pro", "enterprise")
        subscribe(api, account)
        assert deliverable(url) == {account.email}
    with serve_api(stranger_settings(url)):
        wait_for_tiers(url, "pro", "enterprise")
        assert deliverable(url) == set()


def test_the_tables_begin_with_the_tiers_that_have_alerts(url: str) -> None:
    wait_for_tiers(url, "pro", "enterprise")
