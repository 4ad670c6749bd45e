"""The one place where the dashboard reads the environment.

Not here: settings of the API or of the pipeline; each program reads its own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, AliasChoices, Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting that a person can mend: the message names the variable and what it must be, in one line."""


def _is_http_url(value: str) -> str:
    try:
        HttpUrl(value)
    except ValidationError:
        raise ValueError("must look like http://127.0.0.1:8401") from None
    return value.rstrip("/")


class Settings(BaseSettings):
    """What an operator can set; the names are those of the environment variables."""

    model_config = SettingsConfigDict(
        env_prefix="AIBAAS_", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    api_url: Annotated[str, AfterValidator(_is_http_url)] = "http://127.0.0.1:8401"
    """Where the API answers."""

    api_key: SecretStr | None = None
    """The key that the API is asked with, where callers without one may not do all that pages need."""

    api_timeout_s: float = Field(default=10.0, gt=0, le=120)
    """How long a page waits for one answer of the API."""

    log_format: Literal["json", "text"] | None = None
    """How log lines are written; without it words on a terminal, else JSON."""

    bind: str = Field(default="127.0.0.1", validation_alias=AliasChoices("AIBAAS_DASHBOARD_BIND", "AIBAAS_BIND"))
    """The address to listen on; another one only inside a container."""

    dashboard_port: int = Field(default=8402, ge=1, le=65535)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once. Raises SettingsError."""
    try:
        return Settings()
    except ValidationError as invalid:
        first = invalid.errors()[0]
        variable = f"AIBAAS_{first['loc'][0]}".upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{variable} is {first['input']!r}: {reason[0].lower()}{reason[1:]}") from None
