"""Questions over HTTP: one pool of connections for every session of the server, and answers that stay fresh a while.

Not here: which questions there are (client).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode

import httpx
from pydantic import ValidationError

from dashboard.api_client.errors import (
    ApiDeniedError,
    ApiError,
    ApiNotFoundError,
    ApiRefusedError,
    ApiTooSlowError,
    ApiUnreachableError,
    ApiUnreadableError,
)
from dashboard.api_client.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_TIMEOUT_S = 2.0
ANSWERS_KEPT = 128
DENIED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}

R = TypeVar("R", bound=Result)


@dataclass(frozen=True, slots=True)
class Question:
    """A path of the API with its parameters; one that repeats stands there as often."""

    path: str
    asked: tuple[tuple[str, str], ...] = ()

    def address(self, url: str) -> str:
        return f"{url}{self.path}?{urlencode(self.asked)}" if self.asked else f"{url}{self.path}"


class Transport:
    """Every method raises ApiError. httpx's pool is thread-safe, results are frozen: sessions share both."""

    def __init__(self, url: str, *, timeout_s: float = 10.0, fresh_for_s: float = 0) -> None:
        """An answer is given again without asking for up to `fresh_for_s`; errors never are."""
        self.url = url
        self._timeout_s = timeout_s
        self._fresh_for_s = fresh_for_s
        self._http = httpx.Client(
            base_url=url,
            timeout=httpx.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
            headers={"accept": "application/json"},
            trust_env=False,  # proxies of the environment are no setting of ours
        )
        self._kept = lru_cache(maxsize=ANSWERS_KEPT)(self._read)
        self._news: object = None
        self._age = 0

    def close(self) -> None:
        self._http.close()

    def get(self, kind: type[R], question: Question, key: str | None, *, is_live: bool = False) -> R:
        """`is_live` asks in any case."""
        if is_live or not self._fresh_for_s:
            result = self._read(kind, question, key)
        else:
            result = self._kept(kind, question, key, int(time.monotonic() / self._fresh_for_s), self._age)
        return cast("R", result)

    def forget(self, news: object) -> None:
        """No answer of before is given again, nor one that is under way. The same news again change nothing: of many
        sessions that hear of them the first one makes old answers old, and the others share the new ones.
        """
        if news != self._news:
            self._news = news
            self._age += 1

    def send(self, method: str, question: Question, key: str | None, body: Mapping[str, Any] | None = None) -> bytes:
        """Changes something, and returns what the API says to it."""
        return self._answer(method, question, key, body).content

    def _read(self, kind: type[Result], question: Question, key: str | None, *_times: int) -> Result:
        answer = self._answer("GET", question, key)
        try:
            return kind.model_validate_json(answer.content)
        except ValidationError as unreadable:
            first = unreadable.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the body"
            raise ApiUnreadableError(
                f"The API's answer to {question.path} can't be read at {where} ({first['msg']}): "
                "is this dashboard of the same version as the API?"
            ) from None

    def _answer(
        self, method: str, question: Question, key: str | None, body: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        answer = self._ask(method, question, {"authorization": f"Bearer {key}"} if key else {}, body)
        if not answer.is_success:
            raise _refusal(answer)
        return answer

    def _ask(
        self, method: str, question: Question, headers: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> httpx.Response:
        try:
            return self._http.request(method, question.path, params=question.asked, headers=headers, json=body)
        except httpx.ConnectTimeout as slow:
            raise self._unreachable() from slow
        except httpx.TimeoutException as slow:
            raise ApiTooSlowError(
                f"The API at {self.url} gave no answer within {self._timeout_s:g} s: it may be busy, try again."
            ) from slow
        except httpx.HTTPError as failed:
            raise self._unreachable() from failed

    def _unreachable(self) -> ApiError:
        return ApiUnreachableError(
            f"Nothing answers at {self.url}: start the API with ./aibaas up, or set AIBAAS_API_URL to where it runs."
        )


def _refusal(answer: httpx.Response) -> ApiRefusedError:
    problem = _problem_of(answer)
    said = problem.get("detail") or problem.get("title") or answer.reason_phrase
    kind = ApiNotFoundError if answer.status_code == HTTPStatus.NOT_FOUND else ApiRefusedError
    if answer.status_code in DENIED:
        kind = ApiDeniedError
    verb = "can't answer" if answer.is_server_error else "refuses"
    return kind(f"The API {verb} ({answer.status_code}): {said}")


def _problem_of(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
