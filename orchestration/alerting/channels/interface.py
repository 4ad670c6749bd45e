"""What every way to a person does, and the one error that it raises.

Not here: which ways there are (registry).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pydantic import SecretStr

    from orchestration.alerting.wording import Message


class TransportError(Exception):
    """A message did not arrive. The text is for people: it holds no address, token or password.

    `permanent` means that no later attempt can succeed until the subscription is changed.
    """

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent


class AlertChannel(Protocol):
    def send(self, message: Message) -> None:
        """Hand the message over once. Raises TransportError; whatever else it raises is a mistake of ours."""
        ...


@dataclass(frozen=True, slots=True)
class Leave:
    """What the operator gives channels: a mail server, its sender, and whether private networks may be reached."""

    allows_private_networks: bool = False
    smtp_url: SecretStr | None = None
    mail_from: str = "aibaas@localhost"
