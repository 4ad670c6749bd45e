"""Reads what the links in alerts have in them: the matter, its title, and until when it may be answered.

Pure. Not here: the making of links, which is the pipeline's; both have the same secret.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer
from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from pydantic import SecretStr

LONGEST: Final = 2000
_SALT: Final = "aibaas.alert-answers.1"
_CONTENT: Final = TypeAdapter(tuple[UUID, int, str])


class LinkError(Exception):
    """The link was not made here, or its time is over."""


@dataclass(frozen=True, slots=True)
class AnswerToken:
    """Leave to answer one alert."""

    thread_id: UUID
    ends_at: int
    title: str

    @classmethod
    def read(cls, text: str, secret: SecretStr | None) -> AnswerToken:
        """Raises LinkError. The signature is compared in a time that does not depend on it."""
        if secret is None or len(text) > LONGEST:
            raise LinkError("This link can't be read here.")
        signer = URLSafeSerializer(
            secret.get_secret_value(),
            salt=_SALT,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )
        try:
            token = cls(*_CONTENT.validate_python(signer.loads(text)))
        except (BadData, ValidationError):
            raise LinkError("This link is not whole, or was not made here.") from None
        if token.ends_at < time.time():
            raise LinkError("The time of this link is over.")
        return token
