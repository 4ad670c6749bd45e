"""What an API key looks like, and the digest that is all that is kept of it.

    aib_  8 characters: its id  28 characters: the secret, 166 bits  6 characters: the CRC-32 of all before

The checksum lets scanners of published text recognise a key, and tells a typing error before any table is asked.

Pure. Not here: whose keys there are (queries).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal
from zlib import crc32

if TYPE_CHECKING:
    from pydantic import SecretStr

PREFIX: Final = "aib_"
PATTERN: Final = r"^aib_[0-9A-Za-z]{42}$"
ID_PATTERN: Final = r"^[0-9A-Za-z]{8}$"
Scope = Literal["account", "alerts", "operator"]
"""What a key may do besides reading: its account and keys, alerts and notifications, the operator's own topics."""

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID, _SECRET, _CHECKSUM = 8, 28, 6
_SHAPE: Final = re.compile(PATTERN, re.ASCII)


class MalformedKeyError(Exception):
    """It is no API key, or was mistyped."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A whole key. Only its owner keeps it."""

    text: str = field(repr=False)

    @classmethod
    def made(cls) -> ApiKey:
        body = PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_ID + _SECRET))
        return cls(body + _checksum(body))

    @classmethod
    def read(cls, text: str) -> ApiKey:
        """Raises MalformedKeyError for what can't be one."""
        if not _SHAPE.fullmatch(text) or _checksum(text[:-_CHECKSUM]) != text[-_CHECKSUM:]:
            raise MalformedKeyError("It is no API key, or was mistyped.")
        return cls(text)

    @property
    def api_key_id(self) -> str:
        return self.text[len(PREFIX) : len(PREFIX) + _ID]

    def digest(self, secret: SecretStr) -> bytes:
        """32 bytes that say nothing of the key to who does not know the server's secret."""
        return hmac.new(secret.get_secret_value().encode(), self.text.encode(), hashlib.sha256).digest()

    def has_digest(self, digest: bytes, secret: SecretStr) -> bool:
        """Takes as long for a digest that differs in its last byte as for one that differs in its first."""
        return hmac.compare_digest(self.digest(secret), digest)


def _checksum(text: str) -> str:
    number, digits = crc32(text.encode()), ""
    for _ in range(_CHECKSUM):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
