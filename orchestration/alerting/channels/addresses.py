"""Posts to an address that a stranger chose: only where it leads to the open internet, and exactly there.

The name is resolved once, every address that it has is looked at, and the connection goes to the one that was: an
answer that changes between the look and the connection changes nothing. Redirects are not followed.

Not here: what is posted.
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final

import httpx

from orchestration.alerting.channels.interface import TransportError

if TYPE_CHECKING:
    from collections.abc import Mapping

WITHIN_S: Final = 15.0
"""For everything, from the name to the head of the answer."""
GONE: Final = frozenset({404, 410})
_NAT64: Final = IPv6Network("64:ff9b::/96")
_OF_THE_CLOUD: Final = frozenset({IPv4Address("168.63.129.16")})
"""Public by its number, yet a cloud's own service for its machines."""


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allows_private: bool,
    gone: frozenset[int] = GONE,
    within_s: float = WITHIN_S,
) -> None:
    """POST once. Raises TransportError for anything but a 2xx answer in time; the statuses in `gone` are permanent."""
    try:
        status = asyncio.run(asyncio.wait_for(_status(url, body, headers, allows_private), within_s))
    except TimeoutError:
        raise TransportError(f"no answer within {within_s:g} s") from None
    except httpx.HTTPError as error:
        raise TransportError(f"no answer: {type(error).__name__}") from None
    if httpx.codes.is_redirect(status):
        raise TransportError(f"answered {status}: redirects are not followed, enter the address that it leads to")
    if not httpx.codes.is_success(status):
        raise TransportError(f"answered {status}", permanent=status in gone)


async def _status(url: str, body: bytes, headers: Mapping[str, str], allows_private: bool) -> int:
    address = parsed(url, allows_private=allows_private)
    numeric = await _resolved(address, allows_private=allows_private)
    target = address.copy_with(host=str(numeric))
    host = address.netloc.decode("ascii")
    extensions = {"sni_hostname": address.raw_host.decode("ascii")}
    async with (
        httpx.AsyncClient(timeout=None, trust_env=False) as client,  # noqa: S113 - the whole has a limit
        client.stream(
            "POST", target, content=body, headers={**headers, "Host": host}, extensions=extensions
        ) as response,
    ):
        return response.status_code


def parsed(url: str, *, allows_private: bool) -> httpx.URL:
    """Raises TransportError, without the address in it."""
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        raise TransportError("the address can't be read", permanent=True) from None
    if address.scheme not in ({"https", "http"} if allows_private else {"https"}) or not address.host:
        raise TransportError("the address does not begin with https://", permanent=True)
    if address.userinfo:
        raise TransportError("the address holds a user or a password", permanent=True)
    return address


async def _resolved(address: httpx.URL, *, allows_private: bool) -> IPv4Address | IPv6Address:
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(address.host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise TransportError("the name of the address is not known") from None
    numeric = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not allows_private and not all(map(is_public, numeric)):
        raise TransportError("the address leads into a private network", permanent=True)
    return numeric[0]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is of the open internet, also as another address that it stands for."""
    if isinstance(address, IPv6Address) and (inner := _inner(address)) is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast and address not in _OF_THE_CLOUD


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
