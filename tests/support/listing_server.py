"""A host on loopback that lists models in the protocol and the pages of each provider, or fails as it is told.

Not here: answers to prompts (openai_server, the simulator).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from orchestration.providers.target_file import Limits
from orchestration.providers.targets import Host

if TYPE_CHECKING:
    from collections.abc import Mapping

PATHS = {"openai": "/v1", "mistral": "/v1", "openrouter": "/v1", "anthropic": "", "gemini": "/v1beta", "ollama": ""}
"""Protocol to the path that its base URL ends in."""


@dataclass(frozen=True)
class Fault:
    """What a page is answered with instead of models; `page` counts from 0."""

    status: int = 200
    body: str = "<html>Sign in</html>"
    content_type: str = "text/html"
    page: int = 0


@dataclass
class ListingServer:
    """Use: `async with ListingServer(["a", "b"], page_size=1) as server:`. `models` and `fault` may be changed."""

    models: list[str]
    page_size: int = 1000
    fault: Fault | None = None
    pricing: Mapping[str, object] = field(default_factory=dict)
    seen: list[tuple[Mapping[str, str], Mapping[str, str]]] = field(default_factory=list)
    is_stuck: bool = False
    address: str = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/v1/models", self._list_v1)
        app.router.add_get("/v1beta/models", self._list_gemini)
        app.router.add_get("/api/tags", self._list_ollama)
        return app

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def host(self, protocol: str = "openai", *, name: str = "scripted", price_source: str = "none") -> Host:
        return Host(
            name=name,
            provider=name,
            address=name,
            protocol=protocol,  # type: ignore[arg-type]
            base_url=f"{self.address}{PATHS[protocol]}",
            api_key="key",
            is_simulated=False,
            is_streamed=False,
            price_source=price_source,
            limits=Limits(),
        )

    def _page(self, request: web.Request, after: str | None) -> tuple[list[str], bool]:
        """The models behind `after`, and whether there are more."""
        self.seen.append((dict(request.headers), dict(request.query)))
        if self.fault and len(self.seen) > self.fault.page:
            raise _Failed(self.fault)
        first = self.models.index(after) + 1 if after and not self.is_stuck else 0
        page = self.models[first : first + self.page_size]
        return page, first + len(page) < len(self.models) or self.is_stuck

    async def _list_v1(self, request: web.Request) -> web.Response:
        """OpenAI's and Anthropic's listing; the latter is paged."""
        try:
            page, has_more = self._page(request, request.query.get("after_id") or request.query.get("after"))
        except _Failed as failed:
            return failed.response
        entries: list[dict[str, Any]] = [{"id": name} for name in page]
        for entry in entries:
            if entry["id"] in self.pricing:
                entry["pricing"] = self.pricing[entry["id"]]
        paging = {"has_more": has_more, "first_id": page[0] if page else None, "last_id": page[-1] if page else None}
        is_paged = "x-api-key" in request.headers or has_more
        return web.json_response({"object": "list", "data": entries} | (paging if is_paged else {}))

    async def _list_gemini(self, request: web.Request) -> web.Response:
        try:
            page, has_more = self._page(request, request.query.get("pageToken"))
        except _Failed as failed:
            return failed.response
        token = {"nextPageToken": page[-1]} if has_more else {}
        return web.json_response({"models": [{"name": f"models/{name}"} for name in page]} | token)

    async def _list_ollama(self, request: web.Request) -> web.Response:
        try:
            page, _ = self._page(request, None)
        except _Failed as failed:
            return failed.response
        return web.json_response({"models": [{"name": name, "model": name} for name in page]})


class _Failed(Exception):  # noqa: N818 - it is no error of the server
    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.response = web.Response(status=fault.status, text=fault.body, content_type=fault.content_type)
