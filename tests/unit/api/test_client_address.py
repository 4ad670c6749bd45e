from __future__ import annotations

from ipaddress import ip_network

import pytest
from starlette.datastructures import Headers

from api.accounts.client_address import UNKNOWN, client_address

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.1", [], "203.0.113.1"),
        ("203.0.113.1", ["198.51.100.1"], "203.0.113.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.9, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.9", "198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.2,10.0.0.3"], "10.0.0.2"),
        ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("fd00::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9%eth0", [], "2001:db8:1:2::/64"),
        (None, ["198.51.100.1"], UNKNOWN),
        ("testclient", ["198.51.100.1"], UNKNOWN),
    ],
)
def test_the_nearest_address_that_is_no_trusted_proxy(peer: str | None, forwarded: list[str], address: str) -> None:
    headers = Headers(raw=[(b"x-forwarded-for", text.encode()) for text in forwarded])
    assert client_address(peer, headers, TRUSTED) == address
