"""The one place where the dashboard reads the environment.

Not here: settings of the API or of the pipeline; each program reads its own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path  # noqa: TC003 - pydantic reads it at run time
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


COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
IMAGES = {".svg", ".png", ".jpg", ".jpeg", ".webp"}


def _is_colour(value: str) -> str:
    if not COLOUR.fullmatch(value):
        raise ValueError("must look like #0072B2")
    return value


def _is_image(value: Path) -> Path:
    if value.suffix.lower() not in IMAGES or not value.is_file():
        raise ValueError("must be an SVG, PNG, JPEG or WebP file")
    return value


Colour = Annotated[str, AfterValidator(_is_colour)]


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

    public_api_url: Annotated[str, AfterValidator(_is_http_url)] | None = None
    """Where readers reach the API, in the calls that pages show; without it `api_url`."""

    dashboard_fresh_for_s: float = Field(default=5.0, ge=0, le=60)
    """How long an answer of the API is shown again, to anyone with the same key, before it is asked for anew."""

    brand_name: str = Field(default="AIBaaS", min_length=1, max_length=40)
    """What the dashboard calls itself."""

    brand_logo: Annotated[Path, AfterValidator(_is_image)] | None = None
    """An image file in place of the own logo."""

    brand_colour: Colour | None = None
    """The colour of links and buttons on light pages."""

    brand_colour_dark: Colour | None = None
    """The same on dark pages."""

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
        raise SettingsError(f"{variable} is {str(first['input'])!r}: {reason[0].lower()}{reason[1:]}") from None
