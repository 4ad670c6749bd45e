"""What every answer carries, how large a request may be, and how a route says that it will go away."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date
from typing import TYPE_CHECKING

import brotli
import pytest
import zstandard

from api.app import create_app
from api.deprecation import Deprecation
from api.settings import Settings
from tests.integration.api.conftest import serving

if TYPE_CHECKING:
    import httpx

PATHS = ("/v1/leaderboard", "/v1/models/nobody", "/v1/nothing", "/v1/status", "/healthz", "/metrics", "/docs")
DECODERS = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_an_id_and_rules_for_browsers(api: httpx.Client, path: str) -> None:
    headers = api.get(path).headers
    assert re.fullmatch(r"[0-9a-f]{16}", headers["x-request-id"])
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert "server" not in headers
    assert all(len(headers.get_list(name)) == 1 for name in headers)


def test_an_id_of_the_callers_own_comes_back_also_with_a_kept_answer(api: httpx.Client) -> None:
    for given in ("abc-123", "A" * 64, "a.b_c"):
        for _ in range(2):
            assert api.get("/v1/models", headers={"X-Request-Id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "A" * 65, "a b", "a\tb", "a;b", "<script>", "\xe9", "../x", '"a"'])
def test_what_is_no_id_is_replaced(api: httpx.Client, given: str) -> None:
    answer = api.get("/v1/models", headers={b"X-Request-Id": given.encode("latin-1")})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])


@pytest.mark.parametrize("coding", sorted(DECODERS))
def test_answers_are_compressed_as_the_caller_can_read_them(api: httpx.Client, coding: str) -> None:
    plain = api.get("/v1/models", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for _ in range(2):
        with api.stream("GET", "/v1/models", headers={"Accept-Encoding": coding}) as packed:
            body = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == coding
        assert len(body) < len(plain.content) / 2
        assert int(packed.headers["content-length"]) == len(body)
        assert DECODERS[coding](body) == plain.content
        assert packed.headers["vary"].lower().count("accept-encoding") == 1


@pytest.mark.parametrize("refused", ["gzip;q=0", "identity", "compress", "", "gzip;q=0, br;q=0.0, zstd;q=0"])
def test_no_coding_is_used_that_the_caller_does_not_take(api: httpx.Client, refused: str) -> None:
    assert "content-encoding" not in api.get("/v1/models", headers={"Accept-Encoding": refused}).headers


def test_pages_of_any_origin_may_ask_with_a_key(api: httpx.Client) -> None:
    allowed = api.options(
        "/v1/leaderboard",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization, if-none-match",
        },
    )
    assert allowed.status_code == 200
    assert allowed.headers.get_list("access-control-allow-origin") == ["*"]
    assert "GET" in allowed.headers["access-control-allow-methods"]
    assert "Authorization" in allowed.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in allowed.headers
    answer = api.get("/v1/leaderboard", headers={"Origin": "https://example.org"})
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]
    assert "ETag" in answer.headers["access-control-expose-headers"]


def test_a_page_may_not_ask_with_other_headers(api: httpx.Client) -> None:
    refused = api.options(
        "/v1/leaderboard",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "x-forwarded-for",
        },
    )
    assert refused.status_code == 400


def test_an_options_request_that_is_no_preflight_is_an_ordinary_one(api: httpx.Client) -> None:
    assert api.options("/v1/leaderboard").status_code == 405


@pytest.mark.parametrize(
    ("path", "headers", "status", "slug"),
    [
        (f"/v1/leaderboard?x={'a' * 9000}", {}, 414, "query-too-long"),
        (f"/v1/models/{'a' * 9000}", {}, 414, "query-too-long"),
        ("/v1/leaderboard", {"X-Long": "a" * 40_000}, 431, "headers-too-large"),
        ("/v1/leaderboard", {f"X-{number}": "a" * 100 for number in range(400)}, 431, "headers-too-large"),
    ],
)
def test_what_is_too_large_is_refused_as_a_problem(
    api: httpx.Client, path: str, headers: dict[str, str], status: int, slug: str
) -> None:
    response = api.get(path, headers=headers)
    assert (response.status_code, response.json()["type"]) == (status, f"/problems/{slug}")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"]
    assert len(response.content) < 10_000


def test_a_large_body_is_refused_before_it_is_read(api: httpx.Client) -> None:
    response = api.post("/v1/leaderboard", content=b"x" * 65_537)
    assert (response.status_code, response.json()["type"]) == (413, "/problems/body-too-large")
    assert response.headers["connection"] == "close"
    assert api.post("/v1/leaderboard", content=b"x" * 65_536).status_code == 405


def test_a_body_that_does_not_say_how_large_it_is_is_counted(marts_url: str) -> None:
    app = create_app(Settings(database_url=marts_url))

    @app.post("/echo")
    async def echo(body: dict[str, str]) -> int:
        return len(body["text"])

    def pieces(size: int) -> list[bytes]:
        whole = json.dumps({"text": "x" * size}).encode()
        return [whole[start : start + 1000] for start in range(0, len(whole), 1000)]

    with serving(app) as api:
        typed = {"Content-Type": "application/json"}
        assert api.post("/echo", content=iter(pieces(60_000)), headers=typed).json() == 60_000
        refused = api.post("/echo", content=iter(pieces(70_000)), headers=typed)
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/body-too-large")


def test_a_route_that_will_go_away_says_when_and_what_takes_its_place(marts_url: str) -> None:
    app = create_app(Settings(database_url=marts_url))
    ending = Deprecation(since=date(2026, 11, 1), sunset=date(2027, 5, 1), successor="/v1/leaderboard")

    @app.get("/v1/standings", openapi_extra=ending.declared())
    async def list_standings() -> list[str]:
        return []

    with serving(app) as api:
        answer = api.get("/v1/standings")
        assert answer.headers["deprecation"] == "@1793491200"
        assert answer.headers["sunset"] == "Sat, 01 May 2027 00:00:00 GMT"
        assert answer.links["successor-version"]["url"] == "/v1/leaderboard"
        assert "deprecation" not in api.get("/v1/leaderboard").headers
    said = app.openapi()["paths"]["/v1/standings"]["get"]
    assert said["deprecated"] is True
    assert said["x-deprecation"] == {"since": "2026-11-01", "sunset": "2027-05-01", "successor": "/v1/leaderboard"}


def test_an_answer_to_a_defect_has_an_id_that_the_log_has_too(marts_url: str, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(Settings(database_url=marts_url))

    @app.get("/defect")
    async def fail() -> None:
        raise ZeroDivisionError

    with serving(app) as api:
        answer = api.get("/defect", headers={"X-Request-Id": "find-me"})
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal-error")
    assert answer.headers["x-request-id"] == "find-me"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "ZeroDivisionError" in caplog.text
