"""Answers of an account to anomalies, given and asked over HTTP with its key."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.api_accounts import KnownAccount, add_key, execute, open_account
from tests.support.api_answers import get, problem
from tests.support.other_marts import COST, LATENCY, QUALITY

if TYPE_CHECKING:
    import httpx

PATH = "/v1/alert-answers"


@pytest.fixture
def account(accounts_url: str) -> KnownAccount:
    return open_account(accounts_url, "enterprise")


def answer(api: httpx.Client, account: KnownAccount, anomaly_id: uuid.UUID, kind: str, **more: Any) -> httpx.Response:
    body = {"anomaly_id": str(anomaly_id), "kind": kind, **more}
    return api.post(PATH, json=body, headers=account.headers)


def answers(api: httpx.Client, account: KnownAccount, anomaly_id: uuid.UUID) -> list[tuple[str, str | None]]:
    response = api.get(PATH, params={"anomaly_id": str(anomaly_id)}, headers=account.headers)
    assert response.headers["cache-control"] == "no-store"
    return [(row["kind"], row["note"]) for row in response.json()["data"]]


def test_what_an_account_says_is_kept_for_the_pipeline_and_shown_to_itself_alone(
    keyed_api: httpx.Client, accounts_url: str, account: KnownAccount
) -> None:
    made = answer(keyed_api, account, QUALITY, "acknowledged")
    assert made.status_code == 201, made.text
    assert made.json()["data"].items() >= {"anomaly_id": str(QUALITY), "kind": "acknowledged", "note": None}.items()
    answer(keyed_api, account, QUALITY, "note", note="  <b>moved</b> house ")
    said = [("acknowledged", None), ("note", "<b>moved</b> house")]
    assert answers(keyed_api, account, QUALITY) == said
    assert answers(keyed_api, account, LATENCY) == []
    assert answers(keyed_api, open_account(accounts_url), QUALITY) == []
    kept = "SELECT kind, note FROM account.alert_answers WHERE account_id = %s AND thread_id = %s ORDER BY given_at"
    assert execute(accounts_url, kept, account.account_id, QUALITY) == said


def test_an_account_says_each_thing_once_and_so_much_in_all(
    keyed_api: httpx.Client, accounts_url: str, account: KnownAccount
) -> None:
    assert answer(keyed_api, account, COST, "false_alarm").status_code == 201
    again = problem(answer(keyed_api, account, COST, "false_alarm"), 409, "conflict")
    assert "false_alarm to this anomaly before" in again["detail"]
    for number in range(9):
        assert answer(keyed_api, account, COST, "note", note=f"{number}").status_code == 201
    full = problem(answer(keyed_api, account, COST, "note", note="more"), 409, "conflict")
    assert "as many as are kept" in full["detail"]
    assert answer(keyed_api, open_account(accounts_url), COST, "false_alarm").status_code == 201


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"kind": "acknowledged"}, "anomaly_id"),
        ({"anomaly_id": "one", "kind": "acknowledged"}, "anomaly_id"),
        ({"anomaly_id": str(QUALITY), "kind": "muted"}, "kind"),
        ({"anomaly_id": str(QUALITY), "kind": "note"}, "body"),
        ({"anomaly_id": str(QUALITY), "kind": "note", "note": " "}, "note"),
        ({"anomaly_id": str(QUALITY), "kind": "note", "note": "x" * 501}, "note"),
        ({"anomaly_id": str(QUALITY), "kind": "note", "note": "a\x00b"}, "note"),
        ({"anomaly_id": str(QUALITY), "kind": "acknowledged", "account_id": str(QUALITY)}, "account_id"),
    ],
)
def test_what_is_no_answer_is_refused_by_name(
    keyed_api: httpx.Client, account: KnownAccount, body: dict[str, Any], named: str
) -> None:
    refused = problem(keyed_api.post(PATH, json=body, headers=account.headers), 422, "invalid-parameter")
    assert [error["parameter"] for error in refused["errors"]] == [named]


def test_only_an_anomaly_that_there_is_is_answered(
    keyed_api: httpx.Client, accounts_url: str, account: KnownAccount
) -> None:
    nobodys = uuid.uuid4()
    refused = problem(answer(keyed_api, account, nobodys, "acknowledged"), 422, "invalid-parameter")
    assert [(error["parameter"], error["location"]) for error in refused["errors"]] == [("anomaly_id", "body")]
    assert execute(accounts_url, "SELECT kind FROM account.alert_answers WHERE thread_id = %s", nobodys) == []


def test_strangers_small_tiers_and_keys_without_the_scope_say_nothing(
    keyed_api: httpx.Client, strange_api: httpx.Client, accounts_url: str, account: KnownAccount
) -> None:
    body = {"anomaly_id": str(QUALITY), "kind": "acknowledged"}
    problem(keyed_api.post(PATH, json=body), 401, "unauthenticated")
    problem(keyed_api.get(PATH, params={"anomaly_id": str(QUALITY)}), 401, "unauthenticated")
    reader = KnownAccount(account.account_id, account.email, add_key(accounts_url, account.account_id, ()))
    problem(answer(keyed_api, reader, QUALITY, "acknowledged"), 403, "missing-scope")
    free = open_account(accounts_url, "free")
    problem(answer(strange_api, free, QUALITY, "acknowledged"), 403, "not-in-tier")
    assert answers(strange_api, free, QUALITY) == []
    assert answers(keyed_api, account, QUALITY) == []


def test_an_answer_outlives_its_account_without_saying_whose_it_was(
    keyed_api: httpx.Client, accounts_url: str, account: KnownAccount
) -> None:
    answer(keyed_api, account, LATENCY, "note", note=account.email)
    execute(accounts_url, "DELETE FROM account.accounts WHERE account_id = %s", account.account_id)
    left = "SELECT account_id FROM account.alert_answers WHERE note = %s"
    assert execute(accounts_url, left, account.email) == [(None,)]


def test_counts_of_all_answers_stand_with_the_anomaly(keyed_api: httpx.Client) -> None:
    told = get(keyed_api, f"/v1/anomalies/{QUALITY}")["data"]
    assert [told[f"{kind}_count"] for kind in ("acknowledged", "false_alarm", "note")] == [1, 0, 0]
