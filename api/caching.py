"""Answers that rest on what is published: validated by ETag, kept as bytes until the marts' version or the UTC hour
changes, and told with their age while the database is away. Another release may say the same in other bytes: its ETags
are others.

Not here: the bytes that are kept (answer_store), and which routes are of that kind (published).
"""

from __future__ import annotations

import asyncio
import time
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from api.answer_store import Answer, AnswerStore, Key
from api.errors import problem_response
from api.negotiation import forms_asked_for, preferred_coding
from api.published import AUDIENCE, UNLESS_KEPT, PublishedRoute

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fastapi import APIRouter
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.errors import ProblemError
    from api.marts_version import MartsVersion
    from api.metrics import ApiMetrics

    Headers = Sequence[tuple[bytes, bytes]]

CREDENTIALS = frozenset({b"authorization", b"x-api-key"})
HOUR_S = 3600
NEXT_TRY_S = 2.0
"""While the database is away, one request in this time looks whether it is back; others take what is kept."""
OK, UNAVAILABLE = 200, 503

VARY = (b"vary", b"Accept, Accept-Encoding")
"""And on who asks, which the layer that knows it adds."""
PUBLIC = (b"cache-control", b"public, max-age=30, stale-if-error=86400")
PRIVATE = (b"cache-control", b"private, max-age=30")
UNTAGGED = (b"cache-control", b"no-cache")
SET_HERE = {b"vary", b"cache-control"}
TOLD_BY_304 = {b"vary", b"cache-control", b"etag", b"age", b"cache-status"}
HIT = (b"cache-status", b"aibaas; hit")
PROGRAM = Path(__file__).parent


class Question(NamedTuple):
    """A request as far as its answer depends on it, the version to answer by, and the ETags that the caller has."""

    key: Key
    version: str | None
    known_etags: bytes

    def etag(self) -> bytes:
        told = repr((self.version, self.key)).encode()
        return b'"%s"' % blake2b(told, digest_size=16).hexdigest().encode()

    def knows(self, etag: bytes) -> bool:
        """Compared weakly, as If-None-Match is."""
        return etag in self.known_etags and etag in {
            e.strip().removeprefix(b"W/") for e in self.known_etags.split(b",")
        }


def digest_of(program: Path) -> str:
    """Of the source code in a folder."""
    digest = blake2b(digest_size=8)
    for file in sorted(program.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


class CacheAnswers:
    """ASGI middleware above compression and routing. Only GET and HEAD of published routes are of its concern."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        routers: Iterable[APIRouter],
        marts_version: MartsVersion,
        metrics: ApiMetrics,
        store: AnswerStore,
    ) -> None:
        self._app = app
        self._routes = [route for router in routers for route in router.routes if isinstance(route, PublishedRoute)]
        self._marts_version = marts_version
        self._metrics = metrics
        self._store = store
        self._release = digest_of(PROGRAM)
        self._stored_version: str | None = None
        self._under_way: dict[Key, asyncio.Event] = {}
        self._failed_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        question = self._question(scope)
        if (refusal := scope.get("state", {}).get(UNLESS_KEPT)) is not None:
            await self._tell_kept(question, refusal, scope, receive, send)
        elif question is None:
            await self._app(scope, receive, send)
        elif (kept := self._kept(question)) is not None:
            await self._tell(question, kept, scope, send)
        elif (route := self._route(scope["path"])) is None:
            await self._app(scope, receive, send)
        elif question.version is not None and question.knows(etag := question.etag()):
            scope["route"] = route
            await self._say_not_modified([_cache_control(question), VARY, (b"etag", etag)], send)
        else:
            scope["route"] = route
            await self._ask_once(question, _as_get(scope, question), receive, send)

    def version(self) -> str | None:
        """Of this program, the marts, and the hour: an answer may tell which hours are over."""
        marts = self._marts_version.current
        return None if marts is None else f"{self._release}.{marts}.{int(time.time()) // HOUR_S}"

    def keep(self, question: Question, answer: Answer) -> None:
        """Unless what was published has changed since it was asked for."""
        self._metrics.note_answer("made")
        if question.version is not None and question.version == self._stored_version == self.version():
            self._store.put(question.key, answer)
        if (waiting := self._under_way.pop(question.key, None)) is not None:
            waiting.set()

    def _question(self, scope: Scope) -> Question | None:
        """None for what is never kept."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return None
        headers = dict(scope["headers"])
        state = scope.get("state", {})
        audience = state.get(AUDIENCE, "")
        if not audience and UNLESS_KEPT not in state and not CREDENTIALS.isdisjoint(headers):
            return None
        key = Key(
            scope["path"],
            _canonical(scope["query_string"]),
            forms_asked_for(scope["headers"]),
            preferred_coding(headers.get(b"accept-encoding", b"")),
            audience,
        )
        return Question(key, self.version(), headers.get(b"if-none-match", b""))

    def _kept(self, question: Question) -> Answer | None:
        """What is kept of the current version; of the last known one when the database was just found away."""
        if question.version is None:
            return self._store.get(question.key) if time.monotonic() < self._failed_at + NEXT_TRY_S else None
        if question.version != self._stored_version:
            self._store.clear()
            self._stored_version = question.version
        return self._store.get(question.key)

    def _route(self, path: str) -> PublishedRoute | None:
        return next((route for route in self._routes if route.path_regex.match(path)), None)

    async def _ask_once(self, question: Question, scope: Scope, receive: Receive, send: Send) -> None:
        """Of equal questions about one version one is asked, and the others wait for its answer, if it will be kept."""
        if question.version is None or not self._store.limit_bytes:
            await self._ask(question, scope, receive, send)
            return
        if (waiting := self._under_way.get(question.key)) is not None:
            await waiting.wait()
            if (kept := self._kept(question)) is not None:
                await self._tell(question, kept, scope, send)
                return
        answered = self._under_way.setdefault(question.key, asyncio.Event())
        try:
            await self._ask(question, scope, receive, send)
        finally:
            self._under_way.pop(question.key, None)
            answered.set()

    async def _ask(self, question: Question, scope: Scope, receive: Receive, send: Send) -> None:
        fallback = self._store.get(question.key)
        reply = Reply(self, question, scope, send, has_fallback=fallback is not None)
        await self._app(scope, receive, reply.send)
        if reply.is_withheld and fallback is not None:
            self._failed_at = time.monotonic()
            await self._tell(question._replace(version=None), fallback, scope, send)

    async def _tell_kept(
        self, question: Question | None, refusal: ProblemError, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Nothing is asked: what is kept, however old, or the refusal."""
        kept = None if question is None else self._kept(question) or self._store.get(question.key)
        if question is None or kept is None:
            await problem_response(scope["path"], refusal)(scope, receive, send)
        else:
            await self._tell(question, kept, scope, send)

    async def _tell(self, question: Question, kept: Answer, scope: Scope, send: Send) -> None:
        scope["route"] = kept.route
        is_stale = question.version is None
        headers = [*kept.headers, *(_age(kept) if is_stale else (HIT,))]
        if question.knows(kept.etag):
            await self._say_not_modified(headers, send)
            return
        self._metrics.note_answer("stale" if is_stale else "hit")
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": kept.body})

    async def _say_not_modified(self, headers: Headers, send: Send) -> None:
        self._metrics.note_answer("not_modified")
        told = [header for header in headers if header[0] in TOLD_BY_304]
        await send({"type": "http.response.start", "status": 304, "headers": told})
        await send({"type": "http.response.body", "body": b""})


class Reply:
    """What the layers below answer to one question, on its way out and, when it is whole, into the store."""

    def __init__(
        self, cache: CacheAnswers, question: Question, scope: Scope, send: Send, *, has_fallback: bool
    ) -> None:
        self._cache = cache
        self._question = question
        self._scope = scope
        self._send = send
        self._has_fallback = has_fallback
        self._headers: Headers | None = None
        self._parts: list[bytes] = []
        self.is_withheld = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_withheld = self._has_fallback and message["status"] == UNAVAILABLE
            if message["status"] == OK and isinstance(self._scope.get("route"), PublishedRoute):
                self._headers = message["headers"] = _tagged(message["headers"], self._question)
        elif self._headers is not None:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                self._keep(self._headers)
        if not self.is_withheld:
            await self._send(message)

    def _keep(self, headers: Headers) -> None:
        answer = Answer(
            self._question.etag(), headers, b"".join(self._parts), self._scope["route"], stored_at=time.monotonic()
        )
        self._cache.keep(self._question, answer)


def _tagged(headers: Headers, question: Question) -> Headers:
    """An answer by no known version is to be kept by nobody."""
    others = [header for header in headers if header[0] not in SET_HERE]
    if question.version is None:
        return [*others, VARY, UNTAGGED]
    return [*others, VARY, _cache_control(question), (b"etag", question.etag())]


def _cache_control(question: Question) -> tuple[bytes, bytes]:
    return PRIVATE if question.key.audience else PUBLIC


def _age(kept: Answer) -> Headers:
    """For an answer that could not be made anew."""
    age_s = round(time.monotonic() - kept.stored_at)
    return ((b"age", b"%d" % age_s), (b"cache-status", b"aibaas; hit; ttl=-%d; detail=database-unavailable" % age_s))


def _as_get(scope: Scope, question: Question) -> Scope:
    """The request as the layers below see it: HEAD is a GET whose body the server leaves out, and of the codings that
    a caller takes there is the one that the answer is kept by.
    """
    others = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
    coding = [(b"accept-encoding", question.key.coding)] if question.key.coding else []
    return {**scope, "method": "GET", "headers": [*others, *coding]}


def _canonical(query: bytes) -> bytes:
    """The same for the same parameters in another order. Of a parameter that stands twice the last one counts, so those
    of one name keep their order; names that may be written in two ways are left alone.
    """
    if b"&" not in query or b"%" in query:
        return query
    parameters = sorted(query.split(b"&"), key=_name)
    return b"&".join(parameters)


def _name(parameter: bytes) -> bytes:
    return parameter.partition(b"=")[0]
