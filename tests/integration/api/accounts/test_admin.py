"""`aibaas-admin` as a process: accounts and keys of a real database, one line for what a person can mend."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from api.accounts.api_keys import ApiKey
from tests.support.api_accounts import KEY_SECRET

if TYPE_CHECKING:
    import httpx


def run(url: str, *arguments: str, secret: str = KEY_SECRET.get_secret_value()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.admin", *arguments],
        env={"AIBAAS_API_DATABASE_URL": url, "AIBAAS_API_KEY_SECRET": secret},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def done(url: str, *arguments: str) -> str:
    result = run(url, *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_an_operator_opens_an_account_gives_it_keys_and_ends_them(keyed_api: httpx.Client, accounts_url: str) -> None:
    email = "admin-test@example.org"
    assert done(accounts_url, "accounts", "create", "Admin-Test@example.org", "--tier", "pro").startswith(
        f"{email}  pro"
    )
    made = run(accounts_url, "keys", "create", email, "--scope", "account", "--expires-days", "3")
    first = ApiKey.read(made.stdout.strip())
    assert first.text not in made.stderr
    assert keyed_api.get("/v1/account", headers={"X-API-Key": first.text}).json()["data"]["email"] == email
    second = ApiKey.read(done(accounts_url, "keys", "rotate", first.api_key_id, "--overlap-hours", "0").strip())
    listed = done(accounts_url, "keys", "list", email)
    assert [line.split()[0] for line in listed.splitlines()] == [first.api_key_id, second.api_key_id]
    assert second.text[12:] not in listed
    assert "revoked never" not in done(accounts_url, "keys", "revoke", second.api_key_id)
    for key in (first, second):
        assert keyed_api.get("/v1/account", headers={"X-API-Key": key.text}).status_code == 401
    assert done(accounts_url, "accounts", "tier", email, "enterprise").startswith(f"{email}  enterprise")
    assert "closed" in done(accounts_url, "accounts", "close", email)
    assert "closed" not in done(accounts_url, "accounts", "reopen", email)
    assert email in done(accounts_url, "accounts", "list")


def test_what_a_person_can_mend_is_one_line(accounts_url: str, empty_url: str) -> None:
    nobody, absent = "nobody@example.org", "postgresql://someone:secret-word@127.0.0.1:1/aibaas"
    known = "known-to-admin@example.org"
    done(accounts_url, "accounts", "create", known)
    for result, line in (
        (run(accounts_url, "keys", "create", nobody), f"{nobody} has no account"),
        (run(accounts_url, "keys", "revoke", "12345678"), "there is no key 12345678"),
        (run(accounts_url, "keys", "rotate", "12345678"), "there is no living key 12345678"),
        (run(accounts_url, "accounts", "create", "no address"), "'no address' is no address"),
        (run(accounts_url, "accounts", "create", known), f"{known} has an account"),
        (run(accounts_url, "keys", "create", known, secret=""), "AIBAAS_API_KEY_SECRET is not set"),
        (run(accounts_url, "keys", "create", known, secret="short"), "AIBAAS_API_KEY_SECRET"),
        (run(empty_url, "accounts", "list"), "tables of accounts"),
        (run(absent, "accounts", "list"), "database"),
    ):
        assert (result.returncode, result.stdout) == (2, ""), result.stderr
        assert line in result.stderr.splitlines()[-1]
        assert "secret-word" not in result.stderr
