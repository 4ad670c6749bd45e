"""Messages that are read where they are listed: to be recorded is to be delivered.

Not here: the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.alerting.wording import Message


class InApp:
    def send(self, message: Message) -> None:
        """Nothing: the row of the attempt is the message."""
