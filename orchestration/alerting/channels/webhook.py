"""Webhooks as in the Standard Webhooks specification 1.0: an id that stays, a timestamp and a signature.

Not here: where a webhook may lead (addresses).
"""

from __future__ import annotations

import json
from binascii import Error as Base64Error
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from orchestration.alerting.channels.addresses import post
from orchestration.alerting.channels.interface import TransportError
from orchestration.alerting.event_links import commands_of

if TYPE_CHECKING:
    from orchestration.alerting.wording import Message, Part


class StandardWebhook:
    """`secret` is the base64 text that the receiver verifies with, with or without its prefix whsec_."""

    def __init__(self, url: str, secret: str, *, allows_private: bool) -> None:
        self._url, self._allows_private = url, allows_private
        try:
            self._signer = Webhook(secret)
        except (Base64Error, ValueError, EmptyWebhookSecretError):
            raise TransportError("the secret of the webhook is no base64 text", permanent=True) from None

    def send(self, message: Message) -> None:
        body, now, name = json.dumps(payload_of(message)), datetime.now(UTC), str(message.message_id)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(name, now, body),
        }
        post(self._url, body.encode(), headers, allows_private=self._allows_private)


def payload_of(message: Message) -> dict[str, Any]:
    """The same in every attempt."""
    newest = max(part.event.recorded_at for part in message.parts)
    data = {"title": message.title, "events": [_event(part) for part in message.parts]}
    return {"type": "aibaas.alerts", "timestamp": newest.isoformat(), "data": data}


def _event(part: Part) -> dict[str, Any]:
    event = part.event
    return {
        "event_id": str(event.event_id),
        "thread_id": str(event.thread_id),
        "topic": event.topic,
        "kind": event.kind,
        "title": part.title,
        "target_ids": event.target_ids,
        "provider": event.provider,
        "metric": event.metric,
        "severity": event.severity,
        "is_simulated": event.is_simulated,
        "occurred_at": event.occurred_at.isoformat(),
        "content": event.content,
        "links": dict(part.links),
        "commands": dict(commands_of(event)),
    }
