"""The shape of accounts and their API keys.

Not here: where they come from (queries.py).
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.accounts.api_keys import ID_PATTERN, Scope
from api.entitlements import Feature, TierName

KEY_EXAMPLE: dict[str, Any] = {
    "api_key_id": "Qm3xT9aL",
    "name": "nightly report",
    "scopes": ["alerts"],
    "rotated_from": None,
    "created_at": "2026-11-23T21:04:12Z",
    "expires_at": "2027-11-23T21:04:12Z",
    "last_used_at": None,
    "revoked_at": None,
}
ACCOUNT_EXAMPLE: dict[str, Any] = {
    "account_id": "5f0c3c0e-6f0d-4c39-9b1e-3a2f0f7f7a10",
    "email": "someone@example.org",
    "tier": "pro",
    "created_at": "2026-11-01T08:00:00Z",
    "api_key_id": "Qm3xT9aL",
    "scopes": ["account", "alerts"],
    "features": ["alerts", "custom_scenarios", "real_time"],
    "history_days": 90,
    "requests_per_hour": 10000,
    "remaining_count": 9987,
    "reset_s": 412,
}
KEY_TEXT_EXAMPLE = "aib_Qm3xT9aLf0Xw7vB2nR8kD4sY1hJ6pC5zG3tE9uLwKqAbCd"

ApiKeyId = Annotated[str, Path(pattern=ID_PATTERN, description="The key's id: the eight characters behind `aib_`.")]
KeyName = Annotated[
    str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$", description="What you know the key by.")
]
LifeDays = Annotated[
    int | None, Field(ge=1, le=3650, description="Days until the key expires; null: not before it is revoked.")
]


class NewApiKey(BaseModel):
    """A key that is to be made."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"name": "nightly report", "scopes": ["alerts"], "expires_in_days": 365}]},
    )

    name: KeyName
    scopes: list[Scope] = Field(
        default=[], max_length=3, description="What it may do besides reading: at most what the key that makes it may."
    )
    expires_in_days: LifeDays = None


class Rotation(BaseModel):
    """How a key is replaced."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"overlap_hours": 24, "expires_in_days": 365}]}
    )

    overlap_hours: int = Field(default=24, ge=0, le=168, description="For how long the former key stays valid.")
    expires_in_days: LifeDays = None


class ApiKeyEntry(BaseModel):
    """A key, without its secret."""

    api_key_id: str
    name: str
    scopes: list[Scope] = Field(description="What it may do besides reading.")
    rotated_from: str | None = Field(description="The key in whose place this one came.")
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    last_used_at: AwareDatetime | None = Field(description="To the minute; null: never.")
    revoked_at: AwareDatetime | None


class MadeApiKey(ApiKeyEntry):
    """A new key, whole. It is shown this once and can't be shown again."""

    api_key: str = Field(description="Keep it as you would a password.")


class ApiKeyAnswer(BaseModel):
    """One key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": KEY_EXAMPLE}]})

    data: ApiKeyEntry


class MadeApiKeyAnswer(BaseModel):
    """One new key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": {**KEY_EXAMPLE, "api_key": KEY_TEXT_EXAMPLE}}]})

    data: MadeApiKey


class ApiKeyList(BaseModel):
    """The keys of an account, oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": [KEY_EXAMPLE]}]})

    data: list[ApiKeyEntry]


class Account(BaseModel):
    """The account of the key that was sent, what its tier has, and what is left of this hour."""

    account_id: UUID
    email: str
    tier: TierName
    created_at: AwareDatetime
    api_key_id: str = Field(description="The key that was sent.")
    scopes: list[Scope]
    features: list[Feature]
    history_days: int | None = Field(description="How far back answers reach; null: as far as there is.")
    requests_per_hour: int | None = Field(description="Null: without limit.")
    remaining_count: int | None = Field(description="Requests left now; null: without limit, or not known.")
    reset_s: int | None = Field(description="Seconds until more are left.")


class AccountAnswer(BaseModel):
    """One account."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": ACCOUNT_EXAMPLE}]})

    data: Account
