"""What this process measures of itself, for Prometheus at `/metrics`: requests by route and status, and the pool.

Not here: figures of the pipeline; `aibaas metrics` reads those from the database.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.database import Database

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

    def begin(self) -> None:
        self._in_progress.inc()

    def end(self, method: str, route: str, status: int, seconds: float) -> None:
        self._in_progress.dec()
        known = method if method in METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._latency.labels(known, route).observe(seconds)

    def note_limiter_outage(self) -> None:
        self._uncounted.inc()

    def render(self, database: Database) -> bytes:
        """Everything in Prometheus' text format, with the pool as it is now."""
        use = database.pool_use()
        self._pool.labels("open").set(use.open_count)
        self._pool.labels("in_use").set(use.open_count - use.idle_count)
        self._pool.labels("limit").set(use.limit)
        self._waiting.set(use.waiting_count)
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
    body = metrics.render(request.app.state.database)
    return Response(body, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _route_of(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
