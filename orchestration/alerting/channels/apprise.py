"""Everything else, by Apprise: one address names the service and holds its tokens.

Apprise makes its connections itself, so that they can't be led to an address that was looked at. Without the operator's
leave only services whose address is their own are reached; one that the subscriber names could be inside our network.

Not here: services with a channel of their own.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from apprise import Apprise, AppriseAsset, NotifyFormat, PersistentStoreMode
from apprise.logger import logger as apprise_logger

from orchestration.alerting.channels.interface import TransportError
from orchestration.alerting.plain_text import text_of

if TYPE_CHECKING:
    from orchestration.alerting.wording import Message

AT_A_FIXED_ADDRESS: Final = frozenset({
    "brevo", "dingtalk", "discord", "feishu", "gchat", "guilded", "ifttt", "ilert", "incidentio", "jira", "join",
    "lark", "line", "msg91", "opsgenie", "pagerduty", "pbul", "postmark", "pover", "prowl", "pushy", "resend",
    "sendgrid", "ses", "signl4", "sinch", "slack", "sns", "spike", "splunk", "squadcast", "tgram", "threema", "twilio",
    "victorops", "vonage", "webex", "wecombot", "whatsapp", "wxteams", "zoom", "zulip",
})  # fmt: skip
"""Services whose address Apprise knows and no part of the subscriber's text can change."""
_ASSET: Final = AppriseAsset(
    http_redirects=False, storage_mode=PersistentStoreMode.MEMORY, pgp_autogen=False, pem_autogen=False
)
apprise_logger.setLevel(logging.CRITICAL + 1)  # what it logs may hold addresses and tokens


class AppriseService:
    """`url` is an Apprise address, which is a secret as a whole."""

    def __init__(self, url: str, *, allows_private: bool) -> None:
        self._service = Apprise(asset=_ASSET)
        if not self._service.add(url):
            raise TransportError("Apprise does not know the service of the address", permanent=True)
        if not allows_private and not all(map(_is_at_a_fixed_address, self._service)):
            raise TransportError("the operator does not allow this service of Apprise", permanent=True)

    def send(self, message: Message) -> None:
        if not self._service.notify(title=message.title, body=text_of(message), body_format=NotifyFormat.TEXT):
            raise TransportError("the service did not take the message")


def _is_at_a_fixed_address(service: Any) -> bool:
    return not AT_A_FIXED_ADDRESS.isdisjoint(service.schemas())
