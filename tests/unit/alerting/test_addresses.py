"""Which addresses are of the open internet, and that a connection goes to the one that was looked at."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.alerting.channels.addresses import is_public, post
from orchestration.alerting.channels.apprise import AppriseService
from orchestration.alerting.channels.interface import TransportError
from tests.support.alert_receivers import http_receiver

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254",
        "100.100.100.200", "168.63.129.16", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
        "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1",
        "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_networks_of_ones_own_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_the_internet_is(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.org/secret-path", "does not begin with https"),
        ("ftp://example.org/secret-path", "does not begin with https"),
        ("https://user:word@example.org/secret-path", "holds a user"),
        ("https:///secret-path", "does not begin with https"),
        ("https://[::1]/secret-path", "private network"),
        ("https://0x7f000001/secret-path", "private network"),
        ("https://2130706433/secret-path", "private network"),
        ("https://127.1/secret-path", "private network"),
        ("https://exa\x00mple.org/secret-path", "can't be read"),
    ],
)
def test_an_address_that_may_not_be_reached_is_refused_without_being_repeated(url: str, reason: str) -> None:
    with pytest.raises(TransportError, match=reason) as refused:
        post(url, b"", {}, allows_private=False)
    assert refused.value.permanent
    assert "secret-path" not in str(refused.value)


def test_a_name_that_leads_elsewhere_the_second_time_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real: Callable[..., Any] = socket.getaddrinfo

    def rebinding(host: str, port: int, *arguments: Any, **more: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == "rebinding.example" else host, port, *arguments, **more)

    with http_receiver() as receiver:
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        post(receiver.url.replace("127.0.0.1", "rebinding.example"), b"x", {}, allows_private=True)
        ((_, headers, _),) = receiver.requests
    assert asked.count("rebinding.example") == 1
    assert headers["host"].startswith("rebinding.example:")


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(TransportError, match="private network"):
        post("https://both.example/", b"", {}, allows_private=False)


@pytest.mark.parametrize(
    ("url", "is_allowed"),
    [
        ("discord://1234567890/abcdefghijklmnop", True),
        ("tgram://123456789:abcdefg_hijklmnop/12315544", True),
        ("json://example.org/", False),
        ("mailto://user:word@example.org", False),
        ("ntfy://topic", False),
        ("fcm://project@key/device?keyfile=/etc/passwd", False),
        ("syslog://", False),
        ("discord://1234567890/abcdefghijklmnop,json://10.0.0.1/", False),
    ],
)
def test_apprise_reaches_strangers_services_only_at_addresses_of_their_own(url: str, is_allowed: bool) -> None:
    AppriseService(url, allows_private=True)
    if is_allowed:
        AppriseService(url, allows_private=False)
    else:
        with pytest.raises(TransportError, match="operator does not allow"):
            AppriseService(url, allows_private=False)
