"""Messages that are read where they are listed: to be recorded is to be delivered.

Not here: the list, and what of it was read, which are the API's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestration.storage.alert_rows import InAppMessage

if TYPE_CHECKING:
    from orchestration.alerting.wording import Message, Part
    from orchestration.storage.alert_rows import AlertDelivery


class InApp:
    def send(self, message: Message) -> None:
        """Nothing: the row that is kept with the attempt is the message."""


def listed_message(message: Message, delivery: AlertDelivery) -> InAppMessage | None:
    """What is kept with an attempt for the list; None for those of other channels."""
    if delivery.channel != "in_app" or delivery.outcome != "sent":
        return None
    parts = [_listed(part) for part in message.parts]
    return InAppMessage(message.message_id, delivery.subscription_id, delivery.finished_at, message.title, parts)


def _listed(part: Part) -> dict[str, Any]:
    event = part.event
    return {
        "thread_id": str(event.thread_id),
        "topic": event.topic,
        "kind": event.kind,
        "severity": event.severity,
        "target_ids": event.target_ids,
        "title": part.title,
        "facts": [{"heading": heading, "text": text} for heading, text in part.facts],
        "links": [{"label": label, "url": url} for label, url in part.links],
    }
