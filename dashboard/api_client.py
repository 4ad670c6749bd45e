"""The dashboard's one door to data: the API, asked with a time limit, answered with typed results or one clear line.

    ApiError
      ApiUnreachableError   nobody answers at the address
      ApiTooSlowError       no answer within the time limit
      ApiRefusedError       the API answered with problem details (RFC 9457): status, title, detail
        ApiNotFoundError    ... because what was asked for does not exist
      ApiUnreadableError    an answer that is not what its OpenAPI file promises

Not here: what is shown; results carry the API's own names and units, and None for what is unknown.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads it at run time
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from pydantic import SecretStr

CONNECT_TIMEOUT_S = 2.0
PAGE_SIZE = 200
MAX_PAGES = 50


class ApiError(Exception):
    """What went wrong and how to mend it, in one line that a reader of the page can act on."""


class ApiUnreachableError(ApiError):
    """Nobody answers at the address."""


class ApiTooSlowError(ApiError):
    """No answer within the time limit."""


class ApiRefusedError(ApiError):
    """The API says no, and why."""


class ApiNotFoundError(ApiRefusedError):
    """The API does not know what was asked for."""


class ApiUnreadableError(ApiError):
    """The answer is not what the API promises."""


class Result(BaseModel):
    """Frozen; fields that the dashboard does not read are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class LeaderboardEntry(Result):
    """One target in one window. Scores run 0-10, rates 0-1."""

    target_id: str
    label: str
    provider: str
    is_simulated: bool
    is_preliminary: bool
    score_mean: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    response_count: int
    scored_count: int
    scenario_count: int
    cost_per_task_usd: float | None
    time_to_first_token_p50_ms: float | None
    latency_p50_ms: float | None
    error_rate: float | None
    last_benchmark_hour: datetime | None


class Model(Result):
    """What is measured, as its latest definition states it."""

    target_id: str
    label: str
    provider: str
    model: str
    host: str
    reasoning_effort: str | None
    is_simulated: bool
    is_open_weights: bool
    is_enabled: bool
    disabled_reason: str | None
    last_answered_at: datetime | None
    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None


class HistoryPoint(Result):
    """One hour or day: measured, missing or late, and why. Counts of hours are those of a day, None for an hour."""

    period_start: datetime
    suite_version: int
    status: Literal["measured", "missing", "late"]
    reason: str | None
    score_mean: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    latency_p50_ms: float | None
    time_to_first_token_p50_ms: float | None
    planned_hour_count: int | None
    measured_hour_count: int | None


class OutcomeCount(Result):
    """Planned calls of the last hours that came to one end; a reason where they are missing."""

    outcome: Literal["answered", "late", "missing"]
    reason: str | None
    call_count: int
    scored_count: int


class Spending(Result):
    """What the calls of the current day or month cost; simulated models' costs are made up and stand apart."""

    period: Literal["day", "month"]
    simulated: bool
    cost_usd: float | None
    unknown_model_count: int


class BudgetUse(Result):
    """What was spent of a budget in the current hour, day or month; without a label that of all real models."""

    label: str | None
    period: Literal["hour", "day", "month"]
    limit_usd: float
    spent_usd: float
    simulated: bool


class Run(Result):
    """One run of the pipeline, as it was seen last."""

    job: str
    first_benchmark_hour: datetime | None
    last_benchmark_hour: datetime | None
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    seen_at: datetime


class Status(Result):
    """How collection goes."""

    newest_benchmark_hour: datetime | None
    model_count: int
    enabled_model_count: int
    hours: int
    outcomes: tuple[OutcomeCount, ...]
    spending: tuple[Spending, ...]
    budgets: tuple[BudgetUse, ...]
    runs: tuple[Run, ...]


class CoveredHour(Result):
    """One UTC hour of one model: planned calls, those answered on time and late, and why others are missing."""

    benchmark_hour: datetime
    planned_count: int
    answered_count: int
    late_count: int
    reason: str | None


class MissingCalls(Result):
    """Calls without an answer for one reason, over the whole span."""

    reason: str
    call_count: int


class ModelCoverage(Result):
    """One model's last hours, oldest first and without a hole."""

    target_id: str
    label: str
    is_simulated: bool
    is_enabled: bool
    disabled_reason: str | None
    hours: tuple[CoveredHour, ...]
    missing: tuple[MissingCalls, ...]


class _LeaderboardPage(Result):
    data: tuple[LeaderboardEntry, ...]
    next_cursor: str | None


class _ModelPage(Result):
    data: tuple[Model, ...]
    next_cursor: str | None


class _Provider(Result):
    provider: str


class _ProviderPage(Result):
    data: tuple[_Provider, ...]
    next_cursor: str | None


class _FamilyOfScores(Result):
    family: str


class _ModelScores(Result):
    scores: tuple[_FamilyOfScores, ...]


class _ModelAnswer(Result):
    data: _ModelScores


class _History(Result):
    data: tuple[HistoryPoint, ...]


class _StatusAnswer(Result):
    data: Status


class _CoveragePage(Result):
    data: tuple[ModelCoverage, ...]
    next_cursor: str | None


ANSWERS: dict[str, type[Result]] = {
    "/v1/leaderboard": _LeaderboardPage,
    "/v1/models": _ModelPage,
    "/v1/models/{model_id}": _ModelAnswer,
    "/v1/models/{model_id}/history": _History,
    "/v1/providers": _ProviderPage,
    "/v1/status": _StatusAnswer,
    "/v1/coverage": _CoveragePage,
}
"""What is read of each route, for the contract test against the API's OpenAPI file."""

R = TypeVar("R", bound=Result)
P = TypeVar("P", _LeaderboardPage, _ModelPage, _ProviderPage, _CoveragePage)


class Benchmarks(Protocol):
    """What pages need; every method raises ApiError."""

    def leaderboard(self, *, window: str, family: str, provider: str | None) -> tuple[LeaderboardEntry, ...]:
        """Targets of the newest suite version, best score first, those without a score last."""
        ...

    def providers(self) -> tuple[str, ...]: ...

    def families(self) -> tuple[str, ...]:
        """The families that scores are split by, without `all`; none before the first measured hour."""
        ...

    def models(self) -> tuple[Model, ...]: ...

    def history(self, target_id: str, *, granularity: str, days: int, family: str) -> tuple[HistoryPoint, ...]:
        """A target's hours or days, oldest first."""
        ...

    def status(self) -> Status: ...

    def coverage(self, *, hours: int) -> tuple[ModelCoverage, ...]:
        """Every model's last hours, those that are not measured now too."""
        ...


class ApiClient:
    """Benchmarks over HTTP. One client serves every session of the server: httpx's pool is thread-safe."""

    def __init__(self, url: str, *, timeout_s: float = 10.0, api_key: SecretStr | None = None) -> None:
        self._url = url
        self._timeout_s = timeout_s
        self._http = httpx.Client(
            base_url=url,
            timeout=httpx.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
            headers={"accept": "application/json", **_key_headers(api_key)},
            trust_env=False,  # proxies of the environment are no setting of ours
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def leaderboard(self, *, window: str, family: str, provider: str | None) -> tuple[LeaderboardEntry, ...]:
        asked = {"window": window, "family": family, "provider": provider}
        pages = self._pages(_LeaderboardPage, "/v1/leaderboard", asked)
        return tuple(entry for page in pages for entry in page.data)

    def providers(self) -> tuple[str, ...]:
        pages = self._pages(_ProviderPage, "/v1/providers", {})
        return tuple(item.provider for page in pages for item in page.data)

    def families(self) -> tuple[str, ...]:
        """Those of the best model: every model is asked the same suite."""
        best = self._get(_LeaderboardPage, "/v1/leaderboard", {"window": "90d", "limit": "1"}).data
        if not best:
            return ()
        scores = self._get(_ModelAnswer, _model_path(best[0].target_id), {"window": "90d"}).data.scores
        return tuple(sorted({score.family for score in scores} - {"all"}))

    def models(self) -> tuple[Model, ...]:
        pages = self._pages(_ModelPage, "/v1/models", {})
        return tuple(model for page in pages for model in page.data)

    def history(self, target_id: str, *, granularity: str, days: int, family: str) -> tuple[HistoryPoint, ...]:
        asked = {"granularity": granularity, "days": str(days), "family": family}
        return self._get(_History, f"{_model_path(target_id)}/history", asked).data

    def status(self) -> Status:
        return self._get(_StatusAnswer, "/v1/status", {}).data

    def coverage(self, *, hours: int) -> tuple[ModelCoverage, ...]:
        pages = self._pages(_CoveragePage, "/v1/coverage", {"hours": str(hours)})
        return tuple(model for page in pages for model in page.data)

    def _pages(self, kind: type[P], path: str, asked: Mapping[str, str | None]) -> Iterator[P]:
        cursor: str | None = None
        for _ in range(MAX_PAGES):
            page = self._get(kind, path, {**asked, "limit": str(PAGE_SIZE), "cursor": cursor})
            yield page
            cursor = page.next_cursor
            if cursor is None:
                return

    def _get(self, kind: type[R], path: str, asked: Mapping[str, str | None]) -> R:
        answer = self._ask(path, {name: value for name, value in asked.items() if value})
        if answer.status_code != HTTPStatus.OK:
            raise _refusal(answer)
        try:
            return kind.model_validate_json(answer.content)
        except ValidationError as unreadable:
            first = unreadable.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the body"
            raise ApiUnreadableError(
                f"The API's answer to {path} can't be read at {where} ({first['msg']}): "
                "is this dashboard of the same version as the API?"
            ) from None

    def _ask(self, path: str, asked: Mapping[str, str]) -> httpx.Response:
        try:
            return self._http.get(path, params=asked)
        except httpx.ConnectTimeout as slow:
            raise self._unreachable() from slow
        except httpx.TimeoutException as slow:
            raise ApiTooSlowError(
                f"The API at {self._url} gave no answer within {self._timeout_s:g} s: it may be busy, try again."
            ) from slow
        except httpx.HTTPError as failed:
            raise self._unreachable() from failed

    def _unreachable(self) -> ApiUnreachableError:
        return ApiUnreachableError(
            f"Nothing answers at {self._url}: start the API with ./aibaas up, or set AIBAAS_API_URL to where it runs."
        )


@lru_cache(maxsize=8)
def shared_client(url: str, timeout_s: float, api_key: SecretStr | None = None) -> ApiClient:
    """The client of this process for an address; its connections outlive a run of a page."""
    return ApiClient(url, timeout_s=timeout_s, api_key=api_key)


def _key_headers(api_key: SecretStr | None) -> dict[str, str]:
    return {} if api_key is None else {"authorization": f"Bearer {api_key.get_secret_value()}"}


def _model_path(target_id: str) -> str:
    return f"/v1/models/{quote(target_id, safe='')}"


def _refusal(answer: httpx.Response) -> ApiRefusedError:
    problem = _problem_of(answer)
    said = problem.get("detail") or problem.get("title") or answer.reason_phrase
    kind = ApiNotFoundError if answer.status_code == HTTPStatus.NOT_FOUND else ApiRefusedError
    verb = "can't answer" if answer.is_server_error else "refuses"
    return kind(f"The API {verb} ({answer.status_code}): {said}")


def _problem_of(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
