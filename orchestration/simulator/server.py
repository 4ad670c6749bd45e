"""The HTTP server: an OpenAI-compatible host in front of simulated or recorded models.

Not here: what the models say (exchange.ModelHost and its implementations), nor how the server is started (serving).
"""

from __future__ import annotations

import asyncio
import json
import secrets
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from orchestration.simulator import wire
from orchestration.simulator.delivery import Delivery
from orchestration.simulator.exchange import Answer, Call, Failure, ModelHost, Moment
from orchestration.simulator.faults import CLOCK_SKEW_S, FAILURES, ArmedFaults, Fault, fault_named, served_by_another

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler, Middleware

LARGEST_BODY = 16 * 1024 * 1024
MOST_ARMED = 10_000

http_date = partial(format_datetime, usegmt=True)


def build_app(host: ModelHost, *, api_key: str | None = None) -> web.Application:
    """The application. With `api_key`, requests without it are refused with 401."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_guard(api_key)])
    endpoints = Endpoints(host)
    app.router.add_post("/v1/chat/completions", endpoints.create_completion)
    app.router.add_get("/v1/models", endpoints.list_models)
    app.router.add_get("/simulator/faults", endpoints.list_faults)
    app.router.add_post("/simulator/faults", endpoints.arm_fault)
    app.router.add_delete("/simulator/faults", endpoints.clear_faults)
    return app


def _guard(api_key: str | None) -> Middleware:
    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuses wrong keys, and tells every mistake of a client in the protocol's own words."""
        if api_key is not None and not _has_key(request, api_key):
            return _error(Failure(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."))
        try:
            return await handler(request)
        except wire.BadRequestError as error:
            return _error(Failure(400, "invalid_request_error", None, str(error)))
        except web.HTTPException as error:
            return _error(Failure(error.status, "invalid_request_error", None, f"{error.reason}: {request.path}"))

    return guard


def _has_key(request: web.Request, api_key: str) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    return secrets.compare_digest(given, api_key.encode())


def _error(failure: Failure, headers: Mapping[str, str] | None = None) -> web.Response:
    stated = {**(headers or {}), **_retry_headers(failure)}
    return web.Response(
        status=failure.status, body=wire.error_body(failure), content_type="application/json", headers=stated
    )


def _retry_headers(failure: Failure) -> dict[str, str]:
    if failure.retry_after_s is None:
        return {}
    if failure.clock_skew_s is None:
        return {"Retry-After": str(failure.retry_after_s)}
    now = datetime.now(UTC) + timedelta(seconds=failure.clock_skew_s)
    return {"Date": http_date(now), "Retry-After": http_date(now + timedelta(seconds=failure.retry_after_s))}


class Endpoints:
    """What the server answers to each path."""

    def __init__(self, host: ModelHost) -> None:
        self.host = host
        self.armed = ArmedFaults()

    async def list_models(self, _request: web.Request) -> web.Response:
        return web.Response(body=wire.models_body(self.host.models()), content_type="application/json")

    async def create_completion(self, request: web.Request) -> web.StreamResponse:
        call = wire.read_call(await request.read(), request.headers.get("x-simulated-sample"))
        moment = wire.moment_of(request.headers.get("x-simulated-time"), datetime.now(UTC))
        fault = self._fault(request, call)
        if fault == "hang":
            await asyncio.Event().wait()
        outcome = self.host.reply(call, moment)
        if fault in FAILURES and outcome_exists(outcome):
            outcome = FAILURES[fault]
        if isinstance(outcome, Failure):
            return await _send_failure(outcome, moment)
        return await _delivery(outcome, call, moment, fault).send(request)

    def _fault(self, request: web.Request, call: Call) -> Fault | None:
        """The fault that this request asks for, else the one armed for its model."""
        named = request.headers.get("x-simulated-fault")
        return fault_named(named) if named else self.armed.take(call.model)

    async def list_faults(self, _request: web.Request) -> web.Response:
        return web.json_response(self.armed.listed())

    async def clear_faults(self, _request: web.Request) -> web.Response:
        self.armed.clear()
        return web.json_response({})

    async def arm_fault(self, request: web.Request) -> web.Response:
        """Arms a fault for the next `count` (1) calls of a model: `{"model": ..., "fault": ..., "count": ...}`."""
        try:
            wanted = json.loads(await request.read())
            model, fault, count = str(wanted["model"]), fault_named(str(wanted["fault"])), int(wanted.get("count", 1))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise wire.BadRequestError("Expected a JSON object with model, fault and count.") from None
        if not 1 <= count <= MOST_ARMED:
            raise wire.BadRequestError(f"Invalid value for 'count': expected 1 to {MOST_ARMED}.")
        self.armed.arm(model, fault, count)
        return web.json_response(self.armed.listed())


def outcome_exists(outcome: Answer | Failure) -> bool:
    """Whether there is such a model at all; a fault can't befall one that is unknown."""
    return isinstance(outcome, Answer) or outcome.status != web.HTTPNotFound.status_code


def _delivery(answer: Answer, call: Call, moment: Moment, fault: Fault | None) -> Delivery:
    started_at = moment.at + timedelta(seconds=answer.started_after_s)
    headers = {"x-request-id": f"req_{answer.identity}"}
    if moment.is_past:
        headers |= _stated_times(started_at, answer.latency_ms)
        headers["x-simulated-ttft-ms"] = f"{answer.first_token_ms:.3f}"
    skew = timedelta(seconds=CLOCK_SKEW_S if fault == "clock-skew" else 0)
    if skew:
        headers["Date"] = http_date(datetime.now(UTC) + skew)
    return Delivery(
        answer=served_by_another(answer) if fault == "other-model" else answer,
        call=call,
        created=int((started_at + skew).timestamp()),
        headers=headers,
        is_paced=not moment.is_past,
        fault=fault,
    )


def _stated_times(started_at: datetime, latency_ms: float) -> dict[str, str]:
    return {"x-simulated-started-at": started_at.isoformat(), "x-simulated-latency-ms": f"{latency_ms:.3f}"}


async def _send_failure(failure: Failure, moment: Moment) -> web.Response:
    if moment.is_past:
        started_at = moment.at + timedelta(seconds=failure.started_after_s)
        return _error(failure, _stated_times(started_at, failure.latency_ms))
    await asyncio.sleep(failure.latency_ms / 1000)
    return _error(failure)
