"""The address that a request comes from, past those proxies that the operator trusts.

Pure. Not here: what it is used for (admission).
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Network

    from starlette.datastructures import Headers

    Network = IPv4Network | IPv6Network
    Address = IPv4Address | IPv6Address

UNKNOWN: Final = "unknown"
_SITE: Final = 64


def client_address(peer: str | None, headers: Headers, trusted: Sequence[Network]) -> str:
    """The nearest address that is no trusted proxy; what stands further left in X-Forwarded-For may be invented.

    IPv6 is told by its first 64 bits, as one caller has all of the others.
    """
    nearest = _read(peer or "")
    if nearest is None:
        return UNKNOWN
    chain = ",".join(headers.getlist("x-forwarded-for")).split(",")
    while _is_trusted(nearest, trusted) and chain:
        stated = _read(chain.pop())
        if stated is None:
            break
        nearest = stated
    return _site(nearest)


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _site(address: Address) -> str:
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _SITE), strict=False))
    return str(address)
