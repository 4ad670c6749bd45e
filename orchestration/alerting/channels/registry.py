"""Which ways there are, and what each needs of a subscription's settings.

Not here: what they do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestration.alerting.channels.email import Email
from orchestration.alerting.channels.in_app import InApp
from orchestration.alerting.channels.interface import AlertChannel, Leave, TransportError
from orchestration.alerting.channels.slack import Slack
from orchestration.alerting.channels.webhook import StandardWebhook

if TYPE_CHECKING:
    from collections.abc import Mapping

CHANNELS = ("webhook", "slack", "email", "in_app", "apprise")


def channel_of(name: str, settings: Mapping[str, Any], email: str, leave: Leave) -> AlertChannel:
    """Raises TransportError when the settings can't be used, without repeating them."""
    allowed = leave.allows_private_networks
    match name:
        case "webhook":
            return StandardWebhook(_text(settings, "url"), _text(settings, "secret"), allows_private=allowed)
        case "slack":
            return Slack(_text(settings, "url"), allows_private=allowed)
        case "email":
            if leave.smtp_url is None:
                raise TransportError("the operator has set no mail server: AIBAAS_SMTP_URL")
            return Email(email, url=leave.smtp_url, sender=leave.mail_from)
        case "apprise":
            # Importing Apprise takes a while, and few need it.
            from orchestration.alerting.channels.apprise import AppriseService  # noqa: PLC0415

            return AppriseService(_text(settings, "url"), allows_private=allowed)
    return InApp()


def _text(settings: Mapping[str, Any], name: str) -> str:
    value = settings.get(name)
    if not isinstance(value, str) or not value:
        raise TransportError(f"the settings of the subscription have no {name}", permanent=True)
    return value
