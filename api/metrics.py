"""What this process measures of itself, for Prometheus at `/metrics`: requests by route and status, kept answers,
the pool and listeners.

Not here: figures of the pipeline; `aibaas metrics` reads those from the database.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.answer_store import AnswerStore
    from api.database import Database
    from api.realtime.hub import Hub

UNKNOWN_ROUTE = "none"
"""Of requests that no route takes: one label for all of them, whatever was asked."""
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
LATENCY_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

router = APIRouter(include_in_schema=False)


class ApiMetrics:
    """The counts of one application since it started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "aibaas_api_requests",
            "Requests that were answered, by route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._latency = Histogram(
            "aibaas_api_request_duration_seconds",
            "From a request to the end of its answer.",
            ("method", "route"),
            buckets=LATENCY_BUCKETS_S,
            registry=self.registry,
        )
        self._known_series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._in_progress = Gauge("aibaas_api_requests_in_progress", "Requests under way.", registry=self.registry)
        self._uncounted = Counter(
            "aibaas_api_requests_without_limit",
            "Requests that passed uncounted because Redis did not answer.",
            registry=self.registry,
        )
        self._pool = Gauge(
            "aibaas_api_pool_connections", "Connections to the database, by state.", ("state",), registry=self.registry
        )
        self._waiting = Gauge(
            "aibaas_api_pool_requests_waiting", "Requests that wait for a connection.", registry=self.registry
        )
        self._published = Counter(
            "aibaas_api_published_answers",
            "Answers that rest on what is published: made, kept ones (hit), old ones without a database (stale), 304.",
            ("outcome",),
            registry=self.registry,
        )
        self._kept = Gauge("aibaas_api_kept_answers", "Answers that are kept in memory.", registry=self.registry)
        self._kept_bytes = Gauge("aibaas_api_kept_answer_bytes", "What they take.", registry=self.registry)
        self._listeners = Gauge("aibaas_api_listeners", "Clients that listen to events.", registry=self.registry)
        self._ended = Gauge(
            "aibaas_api_listeners_ended",
            "Clients that listened, by why that ended.",
            ("reason",),
            registry=self.registry,
        )

    def begin(self) -> None:
        self._in_progress.inc()

    def end(self, method: str, route: str, status: int, seconds: float) -> None:
        self._in_progress.dec()
        requests, latency = self._series(method if method in METHODS else "other", route, status)
        requests.inc()
        latency.observe(seconds)

    def _series(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """Those of one kind of request; to look them up by their labels takes longer than to count."""
        key = (method, route, status)
        if key not in self._known_series:
            self._known_series[key] = (
                self._requests.labels(method, route, str(status)),
                self._latency.labels(method, route),
            )
        return self._known_series[key]

    def note_answer(self, outcome: Literal["made", "hit", "stale", "not_modified"]) -> None:
        self._published.labels(outcome).inc()

    def note_limiter_outage(self) -> None:
        self._uncounted.inc()

    def render(self, database: Database, store: AnswerStore, hub: Hub) -> bytes:
        """Everything in Prometheus' text format, with the pool, the kept answers and the listeners as they are now."""
        use = database.pool_use()
        self._pool.labels("open").set(use.open_count)
        self._pool.labels("in_use").set(use.open_count - use.idle_count)
        self._pool.labels("limit").set(use.limit)
        self._waiting.set(use.waiting_count)
        self._kept.set(len(store))
        self._kept_bytes.set(store.used_bytes)
        self._listeners.set(hub.client_count)
        for reason, count in hub.ended.items():
            self._ended.labels(reason).set(count)
        return generate_latest(self.registry)


class MeasureRequests:
    """ASGI middleware that counts what passes. A route is named by its template, so that ids make no series."""

    def __init__(self, app: ASGIApp, metrics: ApiMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = time.perf_counter()
        self._metrics.begin()
        try:
            await self._app(scope, receive, note_status)
        finally:
            seconds = time.perf_counter() - started
            self._metrics.end(scope["method"], _route_of(scope), status, seconds)


@router.get("/metrics")
async def get_metrics(request: Request) -> Response:
    metrics: ApiMetrics = request.app.state.metrics
    body = metrics.render(request.app.state.database, request.app.state.answer_store, request.app.state.feed.hub)
    return Response(body, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _route_of(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
