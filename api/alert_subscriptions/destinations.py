"""The ways by which alerts can be sent, what each needs, and what of it is ever shown again.

Not here: the sending, which looks at addresses once more when their names are resolved.
"""

import base64
import binascii
import secrets
from ipaddress import ip_address
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from api.errors import refuse_parameter

Channel = Literal["webhook", "slack", "email", "in_app", "apprise"]

_ADDRESS = r"^[!-~]{8,2000}$"
_SHORTEST_SECRET, _LONGEST_SECRET = 24, 64
_PREFIX = "whsec_"


class _Destination(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WebhookDestination(_Destination):
    """A POST of JSON, signed as in the Standard Webhooks specification."""

    channel: Literal["webhook"]
    url: str = Field(pattern=_ADDRESS, description="Never shown again but for its host.")
    secret: str | None = Field(
        default=None,
        max_length=200,
        description="What the signature is made with: base64 of 24 to 64 bytes, with or without `whsec_`; never shown "
        "again. Without it one is made and is in the answer, once.",
    )


class SlackDestination(_Destination):
    """A message in Slack, by an incoming webhook."""

    channel: Literal["slack"]
    url: str = Field(pattern=_ADDRESS, description="The incoming webhook; never shown again but for its host.")


class EmailDestination(_Destination):
    """An e-mail to the account's own address."""

    channel: Literal["email"]


class InAppDestination(_Destination):
    """An entry of /v1/notifications."""

    channel: Literal["in_app"]


class AppriseDestination(_Destination):
    """Any service that Apprise knows, such as Discord, Telegram or PagerDuty."""

    channel: Literal["apprise"]
    url: str = Field(pattern=_ADDRESS, description="Apprise's address of the service; never shown again.")


Destination = Annotated[
    WebhookDestination | SlackDestination | EmailDestination | InAppDestination | AppriseDestination,
    Field(discriminator="channel"),
]


class ShownDestination(BaseModel):
    """The way, without what is secret about it."""

    channel: Channel
    host: str | None = Field(description="Of a webhook, where it leads; null for other ways.")


def checked_settings(destination: Destination, *, allows_private: bool) -> tuple[dict[str, Any], str | None]:
    """What is kept of a destination, and the secret that was made for it. Raises invalid-parameter."""
    match destination:
        case WebhookDestination(url=url, secret=stated):
            _check_address(url, allows_private=allows_private)
            made = None if stated else _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
            return {"url": url, "secret": made or _checked_secret(stated or "")}, made
        case SlackDestination(url=url):
            _check_address(url, allows_private=allows_private)
            return {"url": url}, None
        case AppriseDestination(url=url):
            if "://" not in url:
                refuse_parameter("destination.url", "It is no address of Apprise, such as tgram://….", "body")
            return {"url": url}, None
    return {}, None


def shown(channel: Channel, channel_settings: dict[str, Any]) -> ShownDestination:
    is_web = channel in {"webhook", "slack"}
    return ShownDestination(channel=channel, host=_host(str(channel_settings.get("url", ""))) if is_web else None)


def _check_address(url: str, *, allows_private: bool) -> None:
    try:
        parts = urlsplit(url)
        host, has_port = parts.hostname, parts.port != 0
    except ValueError:
        host, has_port = None, False
    if not host or not has_port or parts.scheme not in ({"https", "http"} if allows_private else {"https"}):
        refuse_parameter("destination.url", "It must be an address that begins with https://.", "body")
    if parts.username or parts.password:
        refuse_parameter("destination.url", "It must hold no user and no password.", "body")
    if not allows_private and _is_private(host):
        refuse_parameter("destination.url", "It leads into a private network.", "body")


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _checked_secret(stated: str) -> str:
    try:
        size = len(base64.b64decode(stated.removeprefix(_PREFIX), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if not _SHORTEST_SECRET <= size <= _LONGEST_SECRET:
        refuse_parameter("destination.secret", "It must be base64 of 24 to 64 bytes.", "body")
    return stated
