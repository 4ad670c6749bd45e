"""Lets an answer fetch from a scripted service, and tells what it did. It holds for httpx as well as for its stand-in."""

import gzip
import inspect
import tempfile
from pathlib import Path

import httpx

BASE = "https://docs.test/v2"
SIGNATURE = inspect.signature(httpx.HTTPTransport.__init__)
FIRST = "GET /{{what.list}}?state=open"
SCRIPTS = {
    "pages": {
        FIRST: {
            "json": [{"id": 71, "url": f"{BASE}/files/a"}, {"id": 72, "url": "/files/b"}],
            "link": BASE.join(["<", '/{{what.list}}?state=open&page=2>; rel="next", <', '/{{what.list}}?page=9>; rel="last"']),
        },
        "GET /files/a": {"chunks": ["one ", "and ", "more"], "zipped": True},
        "GET /files/b": {"status": 302, "location": "/v2/moved/b"},
        "GET /moved/b": {"chunks": ["two"]},
        "GET /{{what.list}}?state=open&page=2": {
            "json": [{"id": 9, "url": "/files/c"}],
            "link": '</{{what.list}}?page=1>; rel="prev", </{{what.list}}?from=c>; rel="next"',
        },
        "GET /files/c": {},
        "GET /{{what.list}}?from=c": {"json": []},
    },
    "gone": {
        FIRST: {"json": [{"id": number, "url": f"/files/{number}"} for number in (1, 2, 3, 4)]},
        "GET /files/1": {"status": 404},
        "GET /files/2": {"chunks": ["b"]},
        "GET /files/3": {"chunks": ["c"]},
        "POST /{{what.sent}}/3": {"status": 404},
        "GET /files/4": {"chunks": ["d"]},
    },
    "slow": {
        FIRST: {"json": [{"id": 5, "url": "/files/5"}, {"id": 6, "url": "/files/6"}], "link": '</more>; rel="next"'},
        "GET /files/5": {"chunks": ["e"]},
        "GET /files/6": {"chunks": ["f", "f"], "breaks": "ReadTimeout"},
    },
}


class Chunks(httpx.SyncByteStream):
    def __init__(self, chunks, error):
        self.chunks = chunks
        self.error = error

    def __iter__(self):
        yield from self.chunks
        if self.error:
            raise getattr(httpx, self.error)("too slow")


class Service:
    now = None

    def __init__(self, script):
        self.script = script
        self.clients = []
        self.asked = []
        self.posted = []
        self.told = []
        self.waits = []

    def answer(self, transport, request):
        asked = f"{request.method} {str(request.url).removeprefix(BASE)}"
        self.asked.append([asked, request.headers.get("authorization")])
        self.told.append(described(transport.told))
        self.waits.append(request.extensions["timeout"])
        if request.method == "POST":
            self.posted.append([asked, request.read().decode(), request.headers.get("content-type")])
        reply = self.script.get(asked, {"status": 201 if request.method == "POST" else 501})
        if "raises" in reply:
            raise getattr(httpx, reply["raises"])("too slow", request=request)
        return response_of(reply)


def response_of(reply):
    headers = {key: reply[key] for key in ("link", "location") if key in reply}
    if "json" in reply:
        return httpx.Response(reply.get("status", 200), headers=headers, json=reply["json"])
    chunks = [chunk.encode() for chunk in reply.get("chunks", [])]
    if reply.get("zipped"):
        headers["content-encoding"] = "gzip"
        whole = gzip.compress(b"".join(chunks))
        chunks = [whole[:9], whole[9:]]
    return httpx.Response(reply.get("status", 200), headers=headers, stream=Chunks(chunks, reply.get("breaks")))


def described(told):
    limits, proxy = told["limits"], told["proxy"]
    return [told["retries"], proxy and str(getattr(proxy, "url", proxy)), limits and limits.max_connections]


def remembered(kind, remember):
    made = kind.__init__

    def __init__(self, *args, **kwargs):
        remember(self, args, kwargs)
        made(self, *args, **kwargs)

    kind.__init__ = __init__


def remember_transport(transport, args, kwargs):
    bound = SIGNATURE.bind(transport, *args, **kwargs)
    bound.apply_defaults()
    transport.told = bound.arguments


remembered(httpx.HTTPTransport, remember_transport)
remembered(httpx.Client, lambda client, args, kwargs: Service.now.clients.append(client))
httpx.HTTPTransport.handle_request = lambda transport, request: Service.now.answer(transport, request)


def observed(fetch, part, script, changes=None, proxy=None):
    """One part of what came of `fetch` by a script with some changes: files, asked, posted, setup or error."""
    service = Service.now = Service({**SCRIPTS[script], **(changes or {})})
    with tempfile.TemporaryDirectory() as folder:
        error, found = None, []
        try:
            found = fetch(BASE, "t0k3n", proxy, Path(folder))
        except httpx.HTTPError as caught:
            error = type(caught).__name__
        return {
            "files": lambda: [[str(file.relative_to(folder)), file.read_text()] for file in found],
            "asked": lambda: service.asked,
            "posted": lambda: service.posted,
            "setup": lambda: setup(service),
            "error": lambda: [error, service.asked[-1][0]],
        }[part]()


def setup(service):
    """What the transport of every request was told, the waits of every request, and whether all clients are closed."""
    return {
        "transports": distinct(service.told),
        "waits": distinct([[*map(wait.get, ("connect", "read", "write", "pool"))] for wait in service.waits]),
        "closed": [client.is_closed for client in service.clients],
    }


def distinct(items):
    return [item for index, item in enumerate(items) if item not in items[:index]]
