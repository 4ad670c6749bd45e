"""Documents that ask for too much are refused before anything is asked, in little time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from graphql import get_introspection_query

from api.graphql.limits import MOST_ALIASES

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    Ask = Callable[..., dict[str, Any]]

LIVES = "{ providers { next_cursor } }"


def nested(depth: int) -> str:
    return "{ leaderboard { data { target { history { data " + "{ status " * depth + "}" * depth + " } } } } }"


def doubled(count: int) -> str:
    """Fragments each of which spreads the next one twice: 2^count places in few words."""
    fragments = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(count)]
    last = f"fragment F{count} on Query {{ providers {{ next_cursor }} }}"
    return " ".join(["{ ...F0 }", *fragments, last])


def branching(count: int) -> str:
    """Aliases in fragments that spread each other: 2^count aliases in few words."""
    fragments = [f"fragment F{n} on Query {{ a{n}: __typename ...F{n + 1} ...F{n + 1} }}" for n in range(count)]
    return " ".join(["{ ...F0 }", *fragments, f"fragment F{count} on Query {{ __typename }}"])


ALIASES = "{ " + " ".join(f"a{n}: providers {{ next_cursor }}" for n in range(MOST_ALIASES + 1)) + " }"
CYCLE = "{ ...A } fragment A on Query { providers { next_cursor } ...B } fragment B on Query { ...A }"
COSTLY = "{ models(limit: 200) { data { history(days: 90) { data { score_mean } } } } }"
INTROSPECTIONS = "{ " + " ".join(f"a{n}: __schema {{ types {{ name }} }}" for n in range(6)) + " }"
DEEP_INTROSPECTION = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"


@pytest.mark.parametrize(
    ("document", "code", "told"),
    [
        (nested(12), "document-too-costly", "deep"),
        (nested(3000), "invalid-document", "nested too deeply"),
        (ALIASES, "document-too-costly", "aliases"),
        (branching(20), "document-too-costly", "aliases"),
        (doubled(60), "document-too-costly", "fields"),
        (CYCLE, "invalid-document", "fragment"),
        (COSTLY, "document-too-costly", "fields"),
        (INTROSPECTIONS, "document-too-costly", "fields"),
        (DEEP_INTROSPECTION, "invalid-document", "introspection depth"),
        ("{ " + "providers { next_cursor } " * 700 + "}", "invalid-document", "token"),
        ("query " + "@skip(if: true) " * 400 + LIVES, "invalid-document", "tokens"),
        ("{ " + "... on Query { " * 150 + "__typename" + " }" * 150 + " }", None, None),
        ("{ " + "a { " * 240 + "b" + " }" * 240 + " }", "invalid-document", "nested too deeply"),
    ],
    ids=[
        "depth", "long", "aliases", "aliases-by-fragments", "fragments-doubled", "cycle", "lists-in-lists",
        "introspections", "introspection-depth", "words", "directives", "inline-fragments", "unknown-fields-deep",
    ],
)  # fmt: skip
def test_a_hostile_document_is_refused_quickly(
    api: httpx.Client, ask: Ask, document: str, code: str | None, told: str | None
) -> None:
    started = time.perf_counter()
    answer = ask(document)
    assert time.perf_counter() - started < 5
    if code is None:
        assert answer == {"data": {"__typename": "Query"}}
    else:
        assert answer.get("data") is None
        assert answer["errors"][0]["extensions"]["code"] == code
        assert told is not None
        assert told in answer["errors"][0]["message"].lower()
    assert api.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("query ($n: Int!) { models(limit: $n) { data { history(days: 90) { data { status } } } } }", {"n": 200}),
        ("query ($n: Int = 200) { models(limit: $n) { data { history(days: 90) { data { status } } } } }", {}),
        (
            "{ a: models(limit: -99999) { next_cursor } models(limit: 200) { data { history { data { status } } } } }",
            {},
        ),
        ("query A { models(limit: 200) { data { history { data { status } } } } } query B { __typename }", {}),
    ],
)
def test_the_length_of_lists_can_not_be_hidden(ask: Ask, document: str, variables: dict[str, Any]) -> None:
    errors = ask(document, **variables)["errors"]
    assert errors[0]["extensions"]["code"] == "document-too-costly"


def test_variables_of_another_type_are_refused(ask: Ask) -> None:
    document = "query ($n: Int!) { models(limit: $n) { data { label } } }"
    for value in ("200", [1], {"a": 1}, 1e300, None):
        assert ask(document, n=value)["errors"][0]["extensions"]["code"] == "invalid-document"


def test_several_questions_in_one_request_are_refused(api: httpx.Client) -> None:
    answer = api.post("/graphql", json=[{"query": LIVES}] * 100)
    assert answer.status_code == 400
    assert "batch" in answer.text.lower()


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'{"query": 1}', "application/json"),
        (b'{"query": "{ __typename }", "variables": []}', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"", "application/json"),
        (b"query=%7B__typename%7D", "application/x-www-form-urlencoded"),
        (b"--x--", "multipart/form-data; boundary=x"),
    ],
)
def test_a_body_that_is_none_is_a_client_error(api: httpx.Client, content: bytes, content_type: str) -> None:
    answer = api.post("/graphql", content=content, headers={"content-type": content_type})
    assert 400 <= answer.status_code < 500 or answer.json()["errors"], answer.text
    assert answer.status_code < 500


def test_the_whole_schema_can_be_asked_for_once(ask: Ask) -> None:
    answer = ask(get_introspection_query())
    assert "errors" not in answer
    assert {"Query", "Subscription"} <= {each["name"] for each in answer["data"]["__schema"]["types"]}


def test_injections_are_only_values(ask: Ask) -> None:
    for value in ("' OR '1'='1", "'; DROP TABLE marts.dim_targets; --", "%(suite)s"):
        answer = ask("query ($v: String!) { model(model_id: $v) { meta { as_of } } }", v=value)
        assert answer["errors"][0]["extensions"]["code"] == "unknown-model"
    assert len(ask("{ models { data { label } } }")["data"]["models"]["data"]) == 6
