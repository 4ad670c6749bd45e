"""Every question that a page may put to the API. Each method raises ApiError.

Not here: HTTP and its errors (transport), nor what answers hold (one module a subject).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import quote

from dashboard.api_client.accounts import (
    Account,
    AccountAnswer,
    ApiKeyEntry,
    ApiKeyList,
    GivenAnswer,
    GivenAnswerList,
    MadeApiKeyAnswer,
    NotificationList,
    Subscription,
    SubscriptionList,
)
from dashboard.api_client.errors import ApiDeniedError
from dashboard.api_client.events import Anomaly, AnomalyAnswer, AnomalyPage, Change, ChangePage
from dashboard.api_client.methodology import MethodologyAnswer
from dashboard.api_client.models import History, HistoryPoint, Model, ModelAnswer, ModelPage, ProviderPage
from dashboard.api_client.operations import (
    CoverageCalendar,
    CoveragePage,
    CoveredHour,
    ModelCoverage,
    Status,
    StatusAnswer,
)
from dashboard.api_client.prices import PastPrice, PriceHistory, Projection
from dashboard.api_client.scenarios import Scenario, ScenarioAnswer, ScenarioDetail, ScenarioPage
from dashboard.api_client.standings import (
    ComparisonAnswer,
    LeaderboardEntry,
    LeaderboardPage,
    RecommendationAnswer,
)
from dashboard.api_client.transport import Question, Transport

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from dashboard.api_client.result import Result

PAGE_SIZE = 200
MAX_PAGES = 50
COMPARED_AT_MOST = 6

ANSWERS: dict[str, type[Result]] = {
    "/v1/leaderboard": LeaderboardPage,
    "/v1/models": ModelPage,
    "/v1/models/{model_id}": ModelAnswer,
    "/v1/models/{model_id}/history": History,
    "/v1/compare": ComparisonAnswer,
    "/v1/recommendations": RecommendationAnswer,
    "/v1/providers": ProviderPage,
    "/v1/scenarios": ScenarioPage,
    "/v1/scenarios/{family}/{name}": ScenarioAnswer,
    "/v1/anomalies": AnomalyPage,
    "/v1/anomalies/{anomaly_id}": AnomalyAnswer,
    "/v1/changes": ChangePage,
    "/v1/prices/history": PriceHistory,
    "/v1/costs/projection": Projection,
    "/v1/status": StatusAnswer,
    "/v1/coverage": CoveragePage,
    "/v1/coverage/calendar": CoverageCalendar,
    "/v1/methodology": MethodologyAnswer,
    "/v1/account": AccountAnswer,
    "/v1/account/keys": ApiKeyList,
    "/v1/alert-subscriptions": SubscriptionList,
    "/v1/alert-answers": GivenAnswerList,
    "/v1/notifications": NotificationList,
}
"""What is read of each route, for the contract test against the API's OpenAPI file."""

Asked = str | int | float | None
R = TypeVar("R", bound="Result")
P = TypeVar(
    "P",
    LeaderboardPage,
    ModelPage,
    ProviderPage,
    ScenarioPage,
    AnomalyPage,
    ChangePage,
    PriceHistory,
    CoveragePage,
)


class ApiClient:
    """The questions of one run of a page; `questions` are those put so far.

    Filters are the API's own parameters; None leaves one out.
    """

    def __init__(self, transport: Transport, key: str | None = None, own_key: str | None = None) -> None:
        """`key` reads for everybody. `own_key` is the reader's: it opens the account, and what `key` does not."""
        self._transport = transport
        self._key = key
        self._own_key = own_key
        self.questions: list[Question] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._transport.close()

    def leaderboard(self, **filters: Asked) -> tuple[LeaderboardEntry, ...]:
        """Targets of the newest suite version, best score first unless `sort` says otherwise, unknown last."""
        pages = self._pages(LeaderboardPage, "/v1/leaderboard", **filters)
        return tuple(entry for page in pages for entry in page.data)

    def providers(self) -> tuple[str, ...]:
        return tuple(item.provider for page in self._pages(ProviderPage, "/v1/providers") for item in page.data)

    def families(self) -> tuple[str, ...]:
        """The families that scores are split by, without `all`; none before the first measured hour.

        Those of the best model: every model is asked the same suite. Not noted: no view is made of it.
        """
        first = Question("/v1/leaderboard", (("limit", "1"),))
        best = self._read(LeaderboardPage, first).data
        if not best:
            return ()
        detail = Question(_model_path(best[0].target_id))
        scores = self._read(ModelAnswer, detail).data.scores
        return tuple(sorted({score.family for score in scores} - {"all"}))

    def models(self) -> tuple[Model, ...]:
        return tuple(model for page in self._pages(ModelPage, "/v1/models") for model in page.data)

    def history(
        self, target_id: str, *, granularity: str, days: int, include: Sequence[str] = (), **filters: Asked
    ) -> tuple[HistoryPoint, ...]:
        """A target's hours, days or weeks, oldest first."""
        return self.whole_history(target_id, granularity=granularity, days=days, include=include, **filters).data

    def whole_history(self, target_id: str, **asked: Asked | Sequence[str]) -> History:
        """As `history`, with what is of all of it."""
        return self._get(History, f"{_model_path(target_id)}/history", **asked)

    def compare(self, target_ids: Sequence[str], *, window: str, family: str, suite: str) -> ComparisonAnswer:
        """Two to six targets beside each other."""
        return self._get(
            ComparisonAnswer, "/v1/compare", target_id=target_ids, window=window, family=family, suite=suite
        )

    def recommendation(self, **limits: Asked) -> RecommendationAnswer:
        return self._get(RecommendationAnswer, "/v1/recommendations", **limits)

    def scenarios(self, **filters: Asked) -> tuple[Scenario, ...]:
        pages = self._pages(ScenarioPage, "/v1/scenarios", **filters)
        return tuple(scenario for page in pages for scenario in page.data)

    def scenario(self, scenario_id: str, **filters: Asked) -> ScenarioDetail:
        """One scenario by its `family/name`, with how its public variant was answered."""
        path = f"/v1/scenarios/{quote(scenario_id)}"
        return self._get(ScenarioAnswer, path, **filters).data

    def anomalies(self, **filters: Asked) -> tuple[Anomaly, ...]:
        """Newest first."""
        return tuple(anomaly for page in self._pages(AnomalyPage, "/v1/anomalies", **filters) for anomaly in page.data)

    def anomaly(self, anomaly_id: str) -> Anomaly:
        return self._get(AnomalyAnswer, f"/v1/anomalies/{quote(anomaly_id, safe='')}").data

    def changes(self, **filters: Asked) -> tuple[Change, ...]:
        """Newest first."""
        return tuple(change for page in self._pages(ChangePage, "/v1/changes", **filters) for change in page.data)

    def past_prices(self, **filters: Asked) -> tuple[PastPrice, ...]:
        pages = self._pages(PriceHistory, "/v1/prices/history", **filters)
        return tuple(price for page in pages for price in page.data)

    def projection(self, tasks: Sequence[str], **filters: Asked) -> Projection:
        """What `tasks` (each `family:count`, a day) would cost with every target, cheapest first."""
        return self._get(Projection, "/v1/costs/projection", tasks=tasks, **filters)

    def methodology(self) -> MethodologyAnswer:
        return self._get(MethodologyAnswer, "/v1/methodology")

    def status(self, *, is_live: bool = False) -> Status:
        """`is_live` asks in any case, also when an answer of a moment ago is at hand."""
        return self._read(StatusAnswer, self._noted("/v1/status"), is_live=is_live).data

    def forget(self, news: object) -> None:
        """Whatever was asked before the first session heard these news is asked anew."""
        self._transport.forget(news)

    def coverage(self, *, hours: int) -> tuple[ModelCoverage, ...]:
        """Every model's last hours, those that are not measured now too."""
        pages = self._pages(CoveragePage, "/v1/coverage", hours=hours)
        return tuple(model for page in pages for model in page.data)

    def calendar(self, *, days: int) -> tuple[CoveredHour, ...]:
        """Whole days by hour, all models together."""
        return self._get(CoverageCalendar, "/v1/coverage/calendar", days=days).data

    def account(self) -> Account:
        """The account of the reader's own key. What is one's own is never told from memory."""
        return self._own(AccountAnswer, "/v1/account").data

    def keys(self) -> tuple[ApiKeyEntry, ...]:
        return self._own(ApiKeyList, "/v1/account/keys").data

    def make_key(self, name: str, scopes: Sequence[str], expires_in_days: int) -> str:
        """Returns the new key itself, which is never told again."""
        wanted = {"name": name, "scopes": list(scopes), "expires_in_days": expires_in_days}
        answer = self._transport.send("POST", Question("/v1/account/keys"), self._own_key, wanted)
        return MadeApiKeyAnswer.model_validate_json(answer).data.api_key

    def revoke_key(self, api_key_id: str) -> None:
        path = f"/v1/account/keys/{quote(api_key_id, safe='')}"
        self._transport.send("DELETE", Question(path), self._own_key)

    def subscriptions(self) -> tuple[Subscription, ...]:
        return self._own(SubscriptionList, "/v1/alert-subscriptions").data

    def subscribe(self, name: str, channel: str, **wanted: Any) -> None:
        """To anomalies, told in the app or by e-mail. `wanted` are the API's own fields."""
        body = {"name": name, "destination": {"channel": channel}, **wanted}
        self._transport.send("POST", Question("/v1/alert-subscriptions"), self._own_key, body)

    def unsubscribe(self, subscription_id: str) -> None:
        path = f"/v1/alert-subscriptions/{quote(subscription_id, safe='')}"
        self._transport.send("DELETE", Question(path), self._own_key)

    def own_answers(self, anomaly_id: str) -> tuple[GivenAnswer, ...]:
        """What the account said to an anomaly, the first one first."""
        return self._own(GivenAnswerList, "/v1/alert-answers", ("anomaly_id", anomaly_id)).data

    def answer(self, anomaly_id: str, kind: str, note: str | None = None) -> None:
        """Acknowledge an anomaly, call it a false alarm, or leave a note."""
        body = {"anomaly_id": anomaly_id, "kind": kind, "note": note}
        self._transport.send("POST", Question("/v1/alert-answers"), self._own_key, body)

    def notifications(self) -> NotificationList:
        """The newest ones."""
        return self._own(NotificationList, "/v1/notifications")

    def read_notifications(self) -> None:
        self._transport.send("PUT", Question("/v1/notifications/read"), self._own_key)

    def _own(self, kind: type[R], path: str, *asked: tuple[str, str]) -> R:
        return self._transport.get(kind, Question(path, asked), self._own_key, is_live=True)

    def _read(self, kind: type[R], question: Question, *, is_live: bool = False) -> R:
        try:
            return self._transport.get(kind, question, self._key, is_live=is_live)
        except ApiDeniedError:
            if self._own_key is None:
                raise
            return self._transport.get(kind, question, self._own_key, is_live=is_live)

    def _pages(self, kind: type[P], path: str, **asked: Any) -> Iterator[P]:
        question: Question = self._noted(path, **asked, limit=PAGE_SIZE)
        page = self._read(kind, question)
        yield page
        for _ in range(MAX_PAGES - 1):
            if page.next_cursor is None:
                return
            further = Question(path, (*question.asked, ("cursor", page.next_cursor)))
            page = self._read(kind, further)
            yield page

    def _get(self, kind: type[R], path: str, **asked: Any) -> R:
        return self._read(kind, self._noted(path, **asked))

    def _noted(self, path: str, **asked: Any) -> Question:
        question = Question(path, tuple(_pairs(asked)))
        self.questions.append(question)
        return question


@lru_cache(maxsize=8)
def shared_transport(url: str, timeout_s: float, fresh_for_s: float) -> Transport:
    """This process's way to an address; its connections and answers outlive a run of a page."""
    return Transport(url, timeout_s=timeout_s, fresh_for_s=fresh_for_s)


def _model_path(target_id: str) -> str:
    return f"/v1/models/{quote(target_id, safe='')}"


def _pairs(asked: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in asked.items():
        if isinstance(value, str | int | float):
            yield from [(name, str(value))] * (value != "")
        elif value is not None:
            yield from ((name, str(each)) for each in value)
