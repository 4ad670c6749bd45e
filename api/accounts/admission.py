"""Before any route: who asks, whether they may ask again in this hour, and whether what they ask for is in their tier.

It stands before routes and whatever remembers their answers, so that no answer that was made for one is given to
another who may not have it.

Not here: what a tier may do (entitlements), nor the demands of single routes (principal).
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.websockets import WebSocket

from api.accounts.api_keys import ApiKey, MalformedKeyError
from api.accounts.client_address import client_address
from api.accounts.principal import READMIT, WRONG_KEY, Holder, Principal
from api.accounts.queries import note_use, presented_key
from api.database import DatabaseUnavailableError, QueryTimeoutError
from api.entitlements import TIERS, higher, refuse_query
from api.errors import (
    ACCOUNTS_UNAVAILABLE,
    DATABASE_UNAVAILABLE,
    NOT_IN_TIER,
    QUERY_TIMEOUT,
    TOO_MANY_REQUESTS,
    UNAUTHENTICATED,
    ProblemError,
    ProblemType,
    documented,
    problem_response,
)
from api.published import AUDIENCE, UNLESS_KEPT

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.accounts.database import AccountsDatabase
    from api.database import Row
    from api.rate_limits import RateLimits, Usage
    from api.settings import Settings

ADMITTED = ("/v1/", "/graphql", "/alerts/")
"""Of these paths requests are counted. Health, metrics and documentation are for everyone at any time."""
READS = frozenset({"GET", "HEAD"})
VARY = "Authorization, X-API-Key"
NEXT_LOOK_S = 2.0
"""While accounts can't be asked, one who reads with a key waits for them in this time; others take what is kept."""
FAILURES: dict[type[Exception], ProblemType] = {
    DatabaseUnavailableError: DATABASE_UNAVAILABLE,
    QueryTimeoutError: QUERY_TIMEOUT,
}


class Admission:
    """ASGI middleware. What it lets pass has its principal in `request.state`; answers say what is left of the hour."""

    def __init__(self, app: ASGIApp, settings: Settings, accounts: AccountsDatabase, limits: RateLimits) -> None:
        self._app = app
        self._settings = settings
        self._accounts = accounts
        self._limits = limits
        self._failed_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or not scope["path"].startswith(ADMITTED):
            await self._app(scope, receive, send)
            return
        usage = None
        try:
            principal, usage = await self._admitted(scope)
            refuse_query(principal.tier, scope["path"], scope["query_string"])
        except ProblemError as problem:
            await _refuse(problem, scope, receive, _telling(usage, send))
            return
        except (DatabaseUnavailableError, QueryTimeoutError) as error:
            await self._pass_unknown(ProblemError(FAILURES[type(error)]), scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["principal"] = principal
        state[READMIT] = partial(self._readmit, scope)
        state[AUDIENCE] = "" if principal.holder is None else principal.tier.name
        await self._app(scope, receive, _telling(usage, send))

    async def _pass_unknown(self, refusal: ProblemError, scope: Scope, receive: Receive, send: Send) -> None:
        """While keys can't be looked up: what is kept for callers without one, on their terms, or the refusal."""
        unknown = self._unknown(scope)
        try:
            if not _is_read(scope):
                raise refusal
            usage = await self._counted(unknown)
            refuse_query(unknown.tier, scope["path"], scope["query_string"])
        except ProblemError:
            await _refuse(refusal, scope, receive, send)
            return
        scope.setdefault("state", {})[UNLESS_KEPT] = refusal
        await self._app(scope, receive, _telling(usage, send))

    async def _readmit(self, scope: Scope) -> None:
        """Another request on the same connection: counted, and by what its key is worth now. Raises as `_admitted`."""
        scope["state"]["principal"], _ = await self._admitted(scope)

    async def _admitted(self, scope: Scope) -> tuple[Principal, Usage | None]:
        """Who asks, with what is left to them. Raises ProblemError; a wrong key counts against its address."""
        unknown = self._unknown(scope)
        try:
            key = _presented(Headers(scope=scope))
            principal = unknown if key is None else await self._holder(key, unknown, may_wait=not _is_read(scope))
        except ProblemError as error:
            if error.kind is UNAUTHENTICATED:
                await self._counted(unknown)
            raise
        return principal, await self._counted(principal)

    def _unknown(self, scope: Scope) -> Principal:
        """Who asks without a key."""
        peer = scope.get("client")
        address = client_address(peer[0] if peer else None, Headers(scope=scope), self._settings.trusted_proxies)
        return Principal(TIERS[self._settings.anonymous_tier], address)

    async def _counted(self, principal: Principal) -> Usage | None:
        quota = principal.quota
        usage = None if quota is None else await self._limits.count(quota, principal.caller)
        if usage is not None and not usage.is_allowed:
            detail = f"Tier {usage.quota.name} has {usage.quota.amount:,} requests an hour."
            raise ProblemError(TOO_MANY_REQUESTS, detail, headers=usage.headers)
        return usage

    async def _holder(self, text: str, unknown: Principal, *, may_wait: bool) -> Principal:
        if self._settings.key_secret is None:
            raise ProblemError(ACCOUNTS_UNAVAILABLE)
        try:
            key = ApiKey.read(text)
        except MalformedKeyError as error:
            raise ProblemError(UNAUTHENTICATED, str(error), headers=WRONG_KEY) from None
        row = await self._looked_up(key, may_wait=may_wait)
        if row is None or not key.has_digest(row["digest"], self._settings.key_secret):
            raise ProblemError(UNAUTHENTICATED, "There is no such API key.", headers=WRONG_KEY)
        _refuse_ended(row)
        if row["is_use_to_be_noted"]:
            await note_use(self._accounts, key.api_key_id)
        holder = Holder(row["account_id"], row["api_key_id"], frozenset(row["scopes"]))
        return Principal(higher(TIERS[row["tier"]], unknown.tier), unknown.address, holder)

    async def _looked_up(self, key: ApiKey, *, may_wait: bool) -> Row | None:
        if not may_wait and time.monotonic() < self._failed_at + NEXT_LOOK_S:
            raise DatabaseUnavailableError
        try:
            return await presented_key(self._accounts, key.api_key_id)
        except (DatabaseUnavailableError, QueryTimeoutError):
            self._failed_at = time.monotonic()
            raise


def describe(document: dict[str, Any]) -> None:
    """Says in an OpenAPI document what stands before every counted route, and that a key may be sent to it."""
    refusals = documented(UNAUTHENTICATED, NOT_IN_TIER, TOO_MANY_REQUESTS)
    headers = {
        name: {"description": description, "schema": {"type": "string"}}
        for name, description in (
            ("Retry-After", "Seconds to wait."),
            ("RateLimit", "What is left of the hour, and in how many seconds more is."),
            ("RateLimit-Policy", "The quota and its window in seconds."),
        )
    }
    for path, methods in document["paths"].items():
        if path.startswith(ADMITTED):
            for operation in methods.values():
                operation.setdefault("security", [{}, {"bearer": []}, {"api_key": []}])
                for status, response in refusals.items():
                    operation["responses"].setdefault(str(status), response)
                refused = operation["responses"]["429"]
                refused["headers"] = headers | refused.get("headers", {})


def _is_read(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] in READS


def _presented(headers: Headers) -> str | None:
    """The key that was sent; None without one. Other kinds of authorization are a proxy's affair."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    sent = {token.strip()} if kind.lower() == "bearer" else set()
    sent |= set(headers.getlist("x-api-key"))
    if len(sent) > 1:
        raise ProblemError(UNAUTHENTICATED, "Two different keys were sent.", headers=WRONG_KEY)
    return sent.pop() if sent else None


def _refuse_ended(row: Row) -> None:
    ends = {
        "is_revoked": "The key was revoked.",
        "is_expired": "The key has expired.",
        "is_closed": "The account is closed.",
    }
    for name, reason in ends.items():
        if row[name]:
            raise ProblemError(UNAUTHENTICATED, reason, headers=WRONG_KEY)


def _telling(usage: Usage | None, send: Send) -> Send:
    """Answers say what is left, and that a shared cache must not give what was made for one key to another."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            headers = MutableHeaders(scope=message)
            headers.add_vary_header(VARY)
            headers.update({} if usage is None else usage.headers)
        await send(message)

    return send_with_headers


async def _refuse(problem: ProblemError, scope: Scope, receive: Receive, send: Send) -> None:
    response = problem_response(scope["path"], problem)
    if scope["type"] == "http":
        await response(scope, receive, send)
    else:
        await WebSocket(scope, receive, send).send_denial_response(response)
