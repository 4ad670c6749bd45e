"""What httpx 0.28.1 has that the task may need, in our own words. Where its transport would connect, it has no network."""

import http
import json as _json
import re
import urllib.parse
import zlib
from collections.abc import MutableMapping
from contextlib import contextmanager
from enum import IntEnum

codes = IntEnum("codes", {status.name: status.value for status in http.HTTPStatus})
USE_CLIENT_DEFAULT = object()


class HTTPError(Exception):
    def __init__(self, message, *, request=None):
        super().__init__(message)
        self._request = request

    @property
    def request(self):
        if self._request is None:
            raise RuntimeError("The .request property has not been set.")
        return self._request


class RequestError(HTTPError):
    pass


class TransportError(RequestError):
    pass


class TimeoutException(TransportError):
    pass


class ConnectTimeout(TimeoutException):
    pass


class ReadTimeout(TimeoutException):
    pass


class WriteTimeout(TimeoutException):
    pass


class PoolTimeout(TimeoutException):
    pass


class NetworkError(TransportError):
    pass


class ConnectError(NetworkError):
    pass


class ReadError(NetworkError):
    pass


class WriteError(NetworkError):
    pass


class CloseError(NetworkError):
    pass


class ProtocolError(TransportError):
    pass


class LocalProtocolError(ProtocolError):
    pass


class RemoteProtocolError(ProtocolError):
    pass


class ProxyError(TransportError):
    pass


class UnsupportedProtocol(TransportError):
    pass


class DecodingError(RequestError):
    pass


class TooManyRedirects(RequestError):
    pass


class HTTPStatusError(HTTPError):
    def __init__(self, message, *, request, response):
        super().__init__(message, request=request)
        self.response = response


class InvalidURL(Exception):
    pass


class StreamError(RuntimeError):
    pass


class StreamConsumed(StreamError):
    pass


class StreamClosed(StreamError):
    pass


class ResponseNotRead(StreamError):
    pass


class Headers(MutableMapping):
    def __init__(self, headers=None, encoding=None):
        self._pairs = {}
        for name, value in headers.items() if hasattr(headers, "items") else headers or ():
            self[name] = value

    def __getitem__(self, name):
        return self._pairs[name.lower()]

    def __setitem__(self, name, value):
        if not isinstance(value, str | bytes):
            raise TypeError(f"Header value must be str or bytes, not {type(value)}")
        texts = (part.decode("ascii") if isinstance(part, bytes) else part for part in (name, value))
        name, value = texts
        self._pairs[name.lower()] = value

    def __delitem__(self, name):
        del self._pairs[name.lower()]

    def __iter__(self):
        return iter(self._pairs)

    def __len__(self):
        return len(self._pairs)

    def copy(self):
        return Headers(self)


class QueryParams:
    def __init__(self, *args, **kwargs):
        value = args[0] if args else kwargs
        if isinstance(value, QueryParams):
            self._pairs = list(value._pairs)
        elif isinstance(value, str | bytes):
            text = value.decode("ascii") if isinstance(value, bytes) else value
            self._pairs = urllib.parse.parse_qsl(text, keep_blank_values=True)
        else:
            self._pairs = [
                (str(name), _written(one))
                for name, many in (value.items() if hasattr(value, "items") else value or ())
                for one in (many if isinstance(many, list | tuple) else [many])
            ]

    def merge(self, params=None):
        added = QueryParams(params)
        names = {name for name, _ in added._pairs}
        return QueryParams([pair for pair in self._pairs if pair[0] not in names] + added._pairs)

    def __bool__(self):
        return bool(self._pairs)

    def __str__(self):
        return urllib.parse.urlencode(self._pairs)


def _written(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


class URL:
    def __init__(self, url="", **kwargs):
        if not isinstance(url, str | URL):
            raise TypeError(f"Invalid type for url.  Expected str or httpx.URL, got {type(url)}: {url!r}")
        self._parts = urllib.parse.urlsplit(str(url))
        if "params" in kwargs:
            self._parts = self._parts._replace(query=str(QueryParams(kwargs["params"])))

    @property
    def scheme(self):
        return self._parts.scheme

    @property
    def host(self):
        return self._parts.hostname or ""

    @property
    def port(self):
        return self._parts.port

    @property
    def path(self):
        return self._parts.path or "/"

    @property
    def query(self):
        return self._parts.query.encode("ascii")

    @property
    def params(self):
        return QueryParams(self._parts.query)

    @property
    def is_absolute_url(self):
        return bool(self._parts.scheme and self._parts.netloc)

    @property
    def is_relative_url(self):
        return not self.is_absolute_url

    def join(self, url):
        return URL(urllib.parse.urljoin(str(self), str(url)))

    def copy_with(self, **kwargs):
        return URL(self, **kwargs)

    def copy_merge_params(self, params):
        return URL(self, params=self.params.merge(params))

    def __eq__(self, other):
        return isinstance(other, str | URL) and str(self) == str(URL(other))

    def __hash__(self):
        return hash(str(self))

    def __str__(self):
        return urllib.parse.urlunsplit(self._parts)


class Timeout:
    def __init__(self, timeout=USE_CLIENT_DEFAULT, *, connect=USE_CLIENT_DEFAULT, read=USE_CLIENT_DEFAULT,
                 write=USE_CLIENT_DEFAULT, pool=USE_CLIENT_DEFAULT):
        given = {"connect": connect, "read": read, "write": write, "pool": pool}
        if isinstance(timeout, Timeout):
            rest = timeout.as_dict()
        elif isinstance(timeout, tuple):
            rest = dict(zip(given, (*timeout, None, None), strict=False))
        else:
            rest = dict.fromkeys(given, timeout)
        for name, value in given.items():
            value = rest[name] if value is USE_CLIENT_DEFAULT else value
            if value is USE_CLIENT_DEFAULT:
                raise ValueError("httpx.Timeout must either include a default, or set all four parameters explicitly.")
            setattr(self, name, value)

    def as_dict(self):
        return {name: getattr(self, name) for name in ("connect", "read", "write", "pool")}

    def __eq__(self, other):
        return isinstance(other, Timeout) and self.as_dict() == other.as_dict()


class Limits:
    def __init__(self, *, max_connections=None, max_keepalive_connections=None, keepalive_expiry=5.0):
        self.max_connections = max_connections
        self.max_keepalive_connections = max_keepalive_connections
        self.keepalive_expiry = keepalive_expiry


class Proxy:
    def __init__(self, url, *, ssl_context=None, auth=None, headers=None):
        self.url = URL(url)
        self.headers = Headers(headers)


class SyncByteStream:
    def __iter__(self):
        raise TypeError("a stream has an `__iter__` of its own")

    def close(self):
        pass


class Request:
    def __init__(self, method, url, *, params=None, headers=None, cookies=None, content=None, data=None, files=None,
                 json=None, stream=None, extensions=None):
        self.method = method.upper()
        self.url = URL(url) if params is None else URL(url, params=params)
        self.headers = Headers(headers)
        self.extensions = extensions or {}
        self.content = self._body(content, data, json)

    def _body(self, content, data, json):
        if content is None and isinstance(data, str | bytes):
            content = data
        if content is not None:
            if not isinstance(content, str | bytes) and not hasattr(content, "__iter__"):
                raise TypeError(f"Unexpected type for 'content', {type(content)!r}")
            return content.encode() if isinstance(content, str) else b"".join([content] if isinstance(content, bytes) else content)
        if data:
            self.headers.setdefault("content-type", "application/x-www-form-urlencoded")
            return str(QueryParams(data)).encode("ascii")
        if json is not None:
            self.headers.setdefault("content-type", "application/json")
            return _json.dumps(json).encode()
        return b""

    def read(self):
        return self.content


class Response:
    def __init__(self, status_code, *, headers=None, content=None, text=None, json=None, stream=None, request=None,
                 extensions=None, history=None):
        self.status_code = status_code
        self.headers = Headers(headers)
        self._request = request
        self.history = list(history or [])
        self.extensions = extensions or {}
        self.next_request = None
        self.is_closed = self.is_stream_consumed = False
        self.num_bytes_downloaded = 0
        self.stream = stream
        if stream is None:
            if json is not None:
                text = _json.dumps(json)
                self.headers.setdefault("content-type", "application/json")
            self.stream = [text.encode() if text is not None else content or b""]
            self.read()

    @property
    def request(self):
        if self._request is None:
            raise RuntimeError("The request instance has not been set on this response.")
        return self._request

    @request.setter
    def request(self, value):
        self._request = value

    @property
    def url(self):
        return self.request.url

    @property
    def reason_phrase(self):
        return http.HTTPStatus(self.status_code).phrase

    @property
    def is_informational(self):
        return 100 <= self.status_code < 200

    @property
    def is_success(self):
        return 200 <= self.status_code < 300

    @property
    def is_redirect(self):
        return 300 <= self.status_code < 400

    @property
    def is_client_error(self):
        return 400 <= self.status_code < 500

    @property
    def is_server_error(self):
        return 500 <= self.status_code < 600

    @property
    def is_error(self):
        return 400 <= self.status_code < 600

    @property
    def has_redirect_location(self):
        return self.status_code in {301, 302, 303, 307, 308} and "location" in self.headers

    def raise_for_status(self):
        request = self.request
        if not self.is_success:
            message = f"{self.status_code} {self.reason_phrase} for url '{self.url}'"
            raise HTTPStatusError(message, request=request, response=self)
        return self

    @property
    def links(self):
        found = {}
        for part in re.split(r",\s*<", self.headers.get("link", "")):
            url, _, rest = part.partition(";")
            if not part.strip():
                continue
            link = {"url": url.strip("<> '\"")}
            for parameter in filter(None, map(str.strip, rest.split(";"))):
                name, _, value = parameter.partition("=")
                link[name.strip(" '\"")] = value.strip(" '\"")
            found[link.get("rel") or link["url"]] = link
        return found

    def iter_raw(self, chunk_size=None):
        if self.is_stream_consumed:
            raise StreamConsumed("Attempted to read or stream some content, but the content has already been streamed.")
        if self.is_closed:
            raise StreamClosed("Attempted to read or stream content, but the stream has been closed.")
        self.is_stream_consumed = True

        def chunks():
            for chunk in self.stream:
                self.num_bytes_downloaded += len(chunk)
                yield chunk

        yield from _sized(chunks(), chunk_size)
        self.close()

    def iter_bytes(self, chunk_size=None):
        if hasattr(self, "_content"):
            yield from _sized([self._content], chunk_size or max(1, len(self._content)))
            return
        yield from _sized(self._decoded(), chunk_size)

    def _decoded(self):
        if self.headers.get("content-encoding") != "gzip":
            yield from self.iter_raw()
            return
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        for chunk in self.iter_raw():
            yield decoder.decompress(chunk)
        yield decoder.flush()

    def iter_text(self, chunk_size=None):
        for chunk in self.iter_bytes(chunk_size):
            yield chunk.decode()

    def iter_lines(self):
        yield from "".join(self.iter_text()).splitlines()

    def read(self):
        if not hasattr(self, "_content"):
            self._content = b"".join(self.iter_bytes())
        return self._content

    @property
    def content(self):
        if not hasattr(self, "_content"):
            raise ResponseNotRead("Attempted to access streaming response content, without having called `read()`.")
        return self._content

    @property
    def text(self):
        return self.content.decode()

    def json(self, **kwargs):
        return _json.loads(self.content, **kwargs)

    def close(self):
        self.is_closed = True


def _sized(chunks, size):
    if size is None:
        yield from filter(None, chunks)
        return
    held = b""
    for chunk in chunks:
        held += chunk
        while len(held) >= size:
            yield held[:size]
            held = held[size:]
    if held:
        yield held


class BaseTransport:
    def handle_request(self, request):
        raise TypeError("a transport has a `handle_request` of its own")

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, kind=None, error=None, trace=None):
        self.close()


class HTTPTransport(BaseTransport):
    def __init__(self, verify=True, cert=None, trust_env=True, http1=True, http2=False, limits=None, proxy=None, uds=None,
                 local_address=None, retries=0, socket_options=None):
        pass

    def handle_request(self, request):
        raise ConnectError("there is no network", request=request)


class Client:
    def __init__(self, *, auth=None, params=None, headers=None, cookies=None, verify=True, cert=None, trust_env=True,
                 http1=True, http2=False, proxy=None, mounts=None, timeout=5.0, follow_redirects=False, limits=None,
                 max_redirects=20, event_hooks=None, base_url="", transport=None, default_encoding="utf-8"):
        self.headers = Headers(headers)
        self.params = QueryParams(params)
        self.timeout = Timeout(timeout)
        self.follow_redirects = follow_redirects
        self.max_redirects = max_redirects
        self.event_hooks = {"request": [], "response": [], **(event_hooks or {})}
        self.base_url = URL(base_url)
        self.is_closed = self._is_entered = False
        limits = limits or Limits(max_connections=100, max_keepalive_connections=20)
        self._transport = transport or HTTPTransport(limits=limits)
        self._mounts = {"all://": HTTPTransport(limits=limits, proxy=Proxy(proxy) if isinstance(proxy, str) else proxy)} if proxy else {}
        self._mounts.update(mounts or {})

    def __enter__(self):
        if self.is_closed or self._is_entered:
            raise RuntimeError("Cannot open a client instance more than once.")
        self._is_entered = True
        return self

    def __exit__(self, kind=None, error=None, trace=None):
        self.close()

    def close(self):
        self.is_closed = True

    def build_request(self, method, url, *, content=None, data=None, files=None, json=None, params=None, headers=None,
                      cookies=None, timeout=USE_CLIENT_DEFAULT, extensions=None):
        merged = Headers(self.headers)
        merged.update(Headers(headers))
        timeout = self.timeout if timeout is USE_CLIENT_DEFAULT else Timeout(timeout)
        return Request(
            method,
            self._whole(URL(url)),
            content=content,
            data=data,
            json=json,
            params=self.params.merge(params) if params or self.params else params,
            headers=merged,
            extensions={**(extensions or {}), "timeout": timeout.as_dict()},
        )

    def _whole(self, url):
        if url.is_absolute_url or not str(self.base_url):
            return url
        return URL(str(self.base_url).rstrip("/") + "/" + str(url).lstrip("/"))

    def send(self, request, *, stream=False, auth=USE_CLIENT_DEFAULT, follow_redirects=USE_CLIENT_DEFAULT):
        if self.is_closed:
            raise RuntimeError("Cannot send a request, as the client has been closed.")
        follows = self.follow_redirects if follow_redirects is USE_CLIENT_DEFAULT else follow_redirects
        response = self._answered(request, follows)
        if not stream:
            response.read()
        return response

    def _answered(self, request, follows):
        history = []
        while True:
            for hook in self.event_hooks["request"]:
                hook(request)
            response = self._transport_for(request.url).handle_request(request)
            response.request = request
            response.history = list(history)
            for hook in self.event_hooks["response"]:
                hook(response)
            if not response.has_redirect_location:
                return response
            following = self._redirected(request, response)
            if not follows:
                response.next_request = following
                return response
            if len(history) >= self.max_redirects:
                raise TooManyRedirects("Exceeded maximum allowed redirects.", request=request)
            response.read()
            history.append(response)
            request = following

    def _redirected(self, request, response):
        url = request.url.join(response.headers["location"])
        keeps = response.status_code in {307, 308}
        headers = Headers(request.headers)
        if (url.scheme, url.host, url.port) != (request.url.scheme, request.url.host, request.url.port):
            headers.pop("authorization", None)
        method = request.method if keeps or request.method in {"GET", "HEAD"} else "GET"
        return Request(method, url, headers=headers, content=request.content if keeps else None, extensions=request.extensions)

    def _transport_for(self, url):
        if not url.is_absolute_url:
            raise UnsupportedProtocol("Request URL is missing an 'http://' or 'https://' protocol.")
        for pattern, transport in self._mounts.items():
            if transport is not None and (pattern == "all://" or str(url).startswith(pattern)):
                return transport
        return self._transport

    def request(self, method, url, *, content=None, data=None, files=None, json=None, params=None, headers=None,
                cookies=None, auth=USE_CLIENT_DEFAULT, follow_redirects=USE_CLIENT_DEFAULT, timeout=USE_CLIENT_DEFAULT,
                extensions=None):
        request = self.build_request(method, url, content=content, data=data, json=json, params=params, headers=headers,
                                     timeout=timeout, extensions=extensions)
        return self.send(request, follow_redirects=follow_redirects)

    @contextmanager
    def stream(self, method, url, *, content=None, data=None, files=None, json=None, params=None, headers=None,
               cookies=None, auth=USE_CLIENT_DEFAULT, follow_redirects=USE_CLIENT_DEFAULT, timeout=USE_CLIENT_DEFAULT,
               extensions=None):
        request = self.build_request(method, url, content=content, data=data, json=json, params=params, headers=headers,
                                     timeout=timeout, extensions=extensions)
        response = self.send(request, stream=True, follow_redirects=follow_redirects)
        try:
            yield response
        finally:
            response.close()

    def get(self, url, *, params=None, headers=None, cookies=None, auth=USE_CLIENT_DEFAULT,
            follow_redirects=USE_CLIENT_DEFAULT, timeout=USE_CLIENT_DEFAULT, extensions=None):
        return self.request("GET", url, params=params, headers=headers, follow_redirects=follow_redirects,
                            timeout=timeout, extensions=extensions)

    def post(self, url, *, content=None, data=None, files=None, json=None, params=None, headers=None, cookies=None,
             auth=USE_CLIENT_DEFAULT, follow_redirects=USE_CLIENT_DEFAULT, timeout=USE_CLIENT_DEFAULT, extensions=None):
        return self.request("POST", url, content=content, data=data, json=json, params=params, headers=headers,
                            follow_redirects=follow_redirects, timeout=timeout, extensions=extensions)


def request(method, url, *, params=None, content=None, data=None, files=None, json=None, headers=None, cookies=None,
            auth=None, proxy=None, timeout=5.0, follow_redirects=False, verify=True, trust_env=True):
    with Client(proxy=proxy, timeout=timeout) as client:
        return client.request(method, url, params=params, content=content, data=data, json=json, headers=headers,
                              follow_redirects=follow_redirects)


def get(url, *, params=None, headers=None, cookies=None, auth=None, proxy=None, follow_redirects=False, verify=True,
        timeout=5.0, trust_env=True):
    return request("GET", url, params=params, headers=headers, proxy=proxy, timeout=timeout, follow_redirects=follow_redirects)


def post(url, *, content=None, data=None, files=None, json=None, params=None, headers=None, cookies=None, auth=None,
         proxy=None, follow_redirects=False, verify=True, timeout=5.0, trust_env=True):
    return request("POST", url, params=params, content=content, data=data, json=json, headers=headers, proxy=proxy,
                   timeout=timeout, follow_redirects=follow_redirects)
