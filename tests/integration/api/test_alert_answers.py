"""The page behind the links in alerts: asking for it does nothing, confirming it does it, forged links do neither."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from orchestration.alerting.answer_links import VALID_FOR, answer_links
from tests.support.api_accounts import LINK_SECRET, execute

if TYPE_CHECKING:
    import httpx

TITLE = "Atlas: quality fell <script>alert(1)</script>"


def links(
    thread_id: uuid.UUID, secret: str = LINK_SECRET.get_secret_value(), recorded_at: datetime | None = None
) -> dict[str, str]:
    """Label to path, as the pipeline makes them."""
    made = answer_links(secret, "https://api.bench.example", thread_id, TITLE, recorded_at or datetime.now(UTC))
    parts = {label: urlsplit(url) for label, url in made}
    return {label: f"{part.path}?{part.query}" for label, part in parts.items()}


def given(url: str, thread_id: uuid.UUID) -> list[tuple[Any, ...]]:
    return execute(
        url, "SELECT kind, note FROM account.alert_answers WHERE thread_id = %s ORDER BY given_at", thread_id
    )


def test_asking_for_the_page_does_nothing_and_confirming_it_does(keyed_api: httpx.Client, accounts_url: str) -> None:
    thread_id = uuid.uuid4()
    for label, path in links(thread_id).items():
        page = keyed_api.get(path)
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        answer = path.partition("answer=")[2]
        assert f'value="{answer}" checked' in page.text, label
        assert "<script>" not in page.text
        assert "Atlas: quality fell &lt;script&gt;" in page.text
        keyed_api.head(path)
    assert given(accounts_url, thread_id) == []
    address = links(thread_id)["Mute"].partition("?")[0]
    for answer, note in (("acknowledged", ""), ("note", "we moved house"), ("muted", "enough")):
        done = keyed_api.post(address, data={"answer": answer, "note": note})
        assert (done.status_code, "done" in done.text) == (200, True), done.text
    assert given(accounts_url, thread_id) == [("acknowledged", None), ("note", "we moved house"), ("muted", "enough")]


@pytest.mark.parametrize(
    "form",
    [{}, {"answer": "deleted"}, {"answer": "note"}, {"answer": "note", "note": "  "},
     {"answer": "muted", "note": "x" * 501}, {"answer": "muted", "note": "x" * 9000}],
)  # fmt: skip
def test_what_is_no_answer_is_refused(keyed_api: httpx.Client, accounts_url: str, form: dict[str, str]) -> None:
    thread_id = uuid.uuid4()
    address = links(thread_id)["Acknowledge"].partition("?")[0]
    assert keyed_api.post(address, data=form).status_code == 400
    assert given(accounts_url, thread_id) == []


def test_a_forged_a_changed_and_an_old_link_lead_nowhere(keyed_api: httpx.Client, accounts_url: str) -> None:
    thread_id = uuid.uuid4()
    own, foreign = (
        links(thread_id)["Mute"].partition("?")[0],
        links(thread_id, secret="some other secret than ours")["Mute"].partition("?")[0],
    )
    content, _, signature = own.rpartition(".")
    stranger = links(uuid.uuid4())["Mute"].partition("?")[0].rpartition(".")[0]
    old = links(thread_id, recorded_at=datetime.now(UTC) - VALID_FOR - timedelta(seconds=2))["Mute"].partition("?")[0]
    for path in (
        foreign, old, f"{content}x.{signature}", f"{content}.{signature[:-2]}", content, f"{stranger}.{signature}",
        "/alerts/x", "/alerts/" + "a" * 5000, "/alerts/%00",
    ):  # fmt: skip
        for response in (keyed_api.get(path), keyed_api.post(path, data={"answer": "muted"})):
            assert response.status_code == 404, path
            assert "No such alert" in response.text
    assert given(accounts_url, thread_id) == []


def test_an_alert_takes_so_many_answers_and_no_more(keyed_api: httpx.Client, accounts_url: str) -> None:
    thread_id = uuid.uuid4()
    execute(
        accounts_url,
        "INSERT INTO account.alert_answers (thread_id, given_at, kind) "
        "SELECT %s, now() - make_interval(secs => number), 'acknowledged' FROM generate_series(1, 50) AS number",
        thread_id,
    )
    address = links(thread_id)["Mute"].partition("?")[0]
    assert keyed_api.post(address, data={"answer": "muted"}).status_code == 409


def test_answering_is_counted_as_any_request(strange_api: httpx.Client) -> None:
    page = strange_api.get(links(uuid.uuid4())["Mute"], headers={"X-Forwarded-For": "192.0.2.44"})
    assert page.headers["ratelimit"].startswith('"free";r=99')
