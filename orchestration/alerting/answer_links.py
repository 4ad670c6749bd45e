"""Links by which whoever reads an alert answers it: signed, for as long as the matter may be of interest.

What is signed is the matter, its title and the end, so that every attempt of a message has the same links.

Pure. Not here: what becomes of an answer (requests); the page behind the link is the API's, which has the secret too.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from itsdangerous import URLSafeSerializer

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

VALID_FOR: Final = timedelta(days=30)
_SALT: Final = "aibaas.alert-answers.1"
_ANSWERS: Final = {"Acknowledge": "acknowledged", "False alarm": "false_alarm", "Mute": "muted"}


def answer_links(
    secret: str,
    api: str,
    thread_id: UUID,
    title: str,
    recorded_at: datetime,
    labels: Collection[str] = frozenset(_ANSWERS),
) -> list[tuple[str, str]]:
    """A label and an address for each answer of these. Nothing happens before the page behind it is confirmed."""
    signer = URLSafeSerializer(
        secret, salt=_SALT, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
    )
    ends_at = recorded_at + VALID_FOR
    token = signer.dumps([thread_id.hex, int(ends_at.timestamp()), title])
    return [(label, f"{api}/alerts/{token}?answer={answer}") for label, answer in _ANSWERS.items() if label in labels]
