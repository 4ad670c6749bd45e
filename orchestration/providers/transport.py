"""Sends one HTTP request over aiohttp and notes when it went out and when the bytes of its answer arrived.

Not here: what the bytes mean (dialects), nor trying again (litellm_client).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import aiohttp

from orchestration.providers.failures import CallTimedOutError, ConnectionFailedError, MalformedAnswerError
from orchestration.providers.wire import WireAnswer

if TYPE_CHECKING:
    from types import SimpleNamespace, TracebackType

    from orchestration.providers.wire import WireRequest

LARGEST_ANSWER_BYTES = 16 * 1024 * 1024


class Transport:
    """One connection pool in one event loop: no redirects, no proxies, no cookies, nothing but the asked host.

    How many connections there are is the caller's concern: the pool itself has no limit.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=300),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "aibaas"},
            trust_env=False,
            trace_configs=[_noting_when_sent()],
        )
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
        self._session = None

    async def send(self, request: WireRequest, *, timeout_s: float) -> WireAnswer:
        """The answer, whatever its status. Raises CallTimedOutError or ConnectionFailedError where there is none."""
        if self._session is None:
            raise RuntimeError("the client is not open: use `async with client:`")
        try:
            return await self._exchange(self._session, request, timeout_s)
        except TimeoutError:
            raise CallTimedOutError(f"no whole answer within {timeout_s:.1f} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise ConnectionFailedError(f"{type(error).__name__}: {error}") from None

    async def _exchange(self, session: aiohttp.ClientSession, request: WireRequest, timeout_s: float) -> WireAnswer:
        sent = _Sent(asyncio.get_running_loop().time())
        async with session.request(
            "GET" if request.body is None else "POST",
            request.url,
            data=request.body,
            headers=request.headers,
            timeout=aiohttp.ClientTimeout(total=timeout_s),
            allow_redirects=False,
            trace_request_ctx=sent,
        ) as response:
            pieces, is_cut = await _body_of(response, is_streamed=request.is_streamed)
            return WireAnswer(
                status=response.status,
                headers={name.lower(): value for name, value in response.headers.items()},
                pieces=pieces,
                started=sent.at,
                ended=pieces[-1][0] if pieces else asyncio.get_running_loop().time(),
                is_cut=is_cut,
            )


@dataclass(slots=True)
class _Sent:
    """When a request went out; making the connection comes before."""

    at: float


def _noting_when_sent() -> aiohttp.TraceConfig:
    async def note(_session: object, context: SimpleNamespace, _params: object) -> None:
        context.trace_request_ctx.at = asyncio.get_running_loop().time()

    config = aiohttp.TraceConfig()
    config.on_request_headers_sent.append(note)
    config.on_request_chunk_sent.append(note)
    return config


async def _body_of(response: aiohttp.ClientResponse, *, is_streamed: bool) -> tuple[list[tuple[float, bytes]], bool]:
    """The pieces of a body as they arrived, and whether the connection ended before the body did."""
    clock = asyncio.get_running_loop().time
    pieces: list[tuple[float, bytes]] = []
    size = 0
    read = response.content.readany if is_streamed else response.content.read
    try:
        while piece := await read():
            pieces.append((clock(), piece))
            size += len(piece)
            if size > LARGEST_ANSWER_BYTES:
                raise MalformedAnswerError(f"the answer is larger than {LARGEST_ANSWER_BYTES} bytes")
    except (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError):
        return pieces, True
    return pieces, False
