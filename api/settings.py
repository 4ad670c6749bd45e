"""The one place that reads the environment for the API.

Not here: settings of orchestration and of the dashboard; each program reads its own.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class SettingsError(Exception):
    """A setting that a person can mend: the message says which one and how, in one line."""


class Settings(BaseSettings):
    """What an operator can set; the names are those of the environment variables."""

    model_config = SettingsConfigDict(
        env_prefix="AIBAAS_API_", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    database_url: SecretStr = Field(validation_alias=AliasChoices("AIBAAS_API_DATABASE_URL", "DATABASE_URL"))
    """The PostgreSQL server that holds the marts. `aibaas` passes the embedded one's address here."""

    bind: str = Field(default="127.0.0.1", validation_alias=AliasChoices("AIBAAS_API_BIND", "AIBAAS_BIND"))
    """The address to listen on; another one only inside a container."""

    port: int = Field(default=8401, ge=0, le=65535)
    """0 takes any free port; the start line says which."""

    log_format: Literal["json", "text"] | None = Field(
        default=None, validation_alias=AliasChoices("AIBAAS_API_LOG_FORMAT", "AIBAAS_LOG_FORMAT")
    )
    """How log lines are written; without it words on a terminal, else JSON."""

    pool_size: int = Field(default=8, ge=1, le=200)
    """Connections that one process holds at most."""

    connect_timeout_s: float = Field(default=2.0, gt=0, le=30)
    """How long a request waits for a connection before it is told that the database is down."""

    statement_timeout_ms: int = Field(default=2000, ge=1, le=60_000)

    cache_mib: int = Field(default=48, ge=0, le=65_536)
    """What answers that are kept in memory take at most; 0 keeps none."""
    listener_limit: int = Field(default=2000, ge=1, le=100_000)
    """Clients that listen to the events of one process at most."""
    caller_listener_limit: int = Field(default=100, ge=1, le=100_000)
    """Of them those of one account, or of one address without a key."""

    accounts_database_url: SecretStr | None = None
    """The server that accounts are written to, where `database_url` is a replica."""

    key_secret: SecretStr | None = Field(default=None, min_length=16)
    """What stored API keys are hashed with; without it no key is made or taken. Another one ends every key."""

    anonymous_tier: Literal["anonymous", "free", "pro", "enterprise"] = "anonymous"
    """What a caller without a key may do. `aibaas up` on loopback says `enterprise`: who gets there is the operator."""

    redis_url: SecretStr | None = None
    """The Redis server that counts requests for all processes; without it each process counts its own."""

    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    """Addresses and networks, by comma, whose X-Forwarded-For says who asks."""

    alert_link_secret: SecretStr | None = Field(
        default=None,
        min_length=16,
        validation_alias=AliasChoices("AIBAAS_API_ALERT_LINK_SECRET", "AIBAAS_ALERT_LINK_SECRET"),
    )
    """What the links in alerts are signed with, by the pipeline; without it none of them is taken."""

    alert_private_networks: Literal["refuse", "allow"] = Field(
        default="refuse",
        validation_alias=AliasChoices("AIBAAS_API_ALERT_PRIVATE_NETWORKS", "AIBAAS_ALERT_PRIVATE_NETWORKS"),
    )
    """Whether alerts may be sent into private networks and over plain HTTP."""

    @field_validator("database_url", "accounts_database_url")
    @classmethod
    def _is_a_postgresql_url(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must look like postgresql://user:password@host:5432/aibaas")
        return url

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _are_networks(cls, stated: object) -> object:
        if not isinstance(stated, str):
            return stated
        try:
            return tuple(ip_network(name.strip()) for name in stated.split(",") if name.strip())
        except ValueError:
            raise ValueError("must be addresses or networks by comma, like 10.0.0.1, 10.1.0.0/16") from None

    @classmethod
    def from_environment(cls) -> Self:
        """The settings of this process. Raises SettingsError with one line for the first wrong one."""
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError(_first_complaint(error)) from None


def _first_complaint(error: ValidationError) -> str:
    complaint = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = str(complaint["loc"][0])
    variable = name if name.startswith("AIBAAS_") else f"AIBAAS_API_{name.upper()}"
    if name in {"AIBAAS_API_DATABASE_URL", "DATABASE_URL", "database_url"}:
        if complaint["type"] == "missing":
            return (
                "no database is named: set AIBAAS_API_DATABASE_URL or DATABASE_URL, or start the API with `aibaas up`"
            )
        return f"AIBAAS_API_DATABASE_URL (or DATABASE_URL) {complaint['msg'].removeprefix('Value error, ')}"
    return f"{variable}: {complaint['msg'][0].lower()}{complaint['msg'][1:]}"
