"""The one place that reads the environment for everything under orchestration.

Not here: settings of the API and of the dashboard; each program reads its own.
"""

from __future__ import annotations

import os
from decimal import Decimal  # noqa: TC003 - pydantic reads the annotations
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT_ROOT = Path(__file__).resolve().parent.parent


def provider_environment() -> Mapping[str, str]:
    """A copy of the environment, from which targets take the keys and addresses that the targets file names."""
    return MappingProxyType(dict(os.environ))


def keep_litellm_offline() -> None:
    """Make litellm use its bundled tables; must run before its first import, or the import fetches newer ones."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
    os.environ["LITELLM_LOCAL_BLOG_POSTS"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"  # otherwise the import loads a .env file into the environment


class OperatorError(Exception):
    """Something that a person can mend: the message says what, where and how, in one line."""


class Settings(BaseSettings):
    """What an operator can set; the names are those of the environment variables."""

    model_config = SettingsConfigDict(env_prefix="AIBAAS_", env_ignore_empty=True, extra="ignore", frozen=True)

    home: Path = PROJECT_ROOT / ".aibaas"
    """Where the embedded database, the archive and logs live."""

    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    """A real PostgreSQL server; without it the embedded one is used."""

    archive_url: str | None = None
    """A bucket for the sealed files of the archive, as s3://bucket/prefix; without it they lie in the home folder."""

    s3_endpoint: str | None = Field(
        default=None, validation_alias=AliasChoices("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    )
    """Where the bucket is, when it is not Amazon's."""

    answers_kept_days: int = Field(default=365, ge=1, le=36_500)
    """For how long the archive keeps the text of answers; what was measured of them stays."""

    measurements_kept_months: int | None = Field(default=None, ge=4, le=1200)
    """How many months before the current one the raw tables keep; for ever without it. Windows reach 90 days back."""

    scenarios_dir: Path = PROJECT_ROOT / "scenarios"
    targets_file: Path = PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml"
    price_rows_file: Path = PROJECT_ROOT / "orchestration" / "pricing" / "price_rows.yaml"
    dagster_file: Path = PROJECT_ROOT / "dagster.yaml"
    """Dagster's own settings; another file where runs are launched otherwise, as on Kubernetes."""

    simulator: Literal["on", "off"] = "on"
    """Whether simulated targets are measured."""

    suites: str | None = None
    """The suites that are measured, by name and comma; all of suites.yaml without it."""

    rotation_key: SecretStr | None = None
    """What fresh variants are drawn by; without it a key is made in the home folder. Equal on all machines."""

    concurrency: int = Field(default=64, ge=1, le=1000)
    """Calls in flight at once."""

    executor: Literal["in_process", "celery"] = "in_process"
    """Where the steps of a run are done: one after the other in the run's process, or by Celery workers."""

    broker_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    """The Redis server through which steps reach workers; it keeps their results as well."""

    steps_per_host: int | None = Field(default=None, ge=1, le=1000)
    """How many steps ask one host at once where its pool does not say so; see `host_places`."""

    hour_deadline_s: float = Field(default=3000.0, gt=0, le=86_400)
    """How long calls of an hour may begin after its first one, in real time."""

    budget_hour_usd: Decimal | None = Field(default=None, gt=0, le=1_000_000)
    budget_day_usd: Decimal | None = Field(default=None, gt=0, le=1_000_000)
    budget_month_usd: Decimal | None = Field(default=None, gt=0, le=1_000_000)
    """What all real targets together may cost; each takes the place of the one in the targets file."""

    confirming_calls: int = Field(default=240, ge=0, le=100_000)
    """How many extra calls an hour may have to confirm what looks like a change; 0 asks none."""

    sandbox_level_b: Literal["core", "all"] = "core"
    """Whose scenarios are graded where the sandbox reaches only level B."""

    log_format: Literal["json", "text"] | None = None
    """How log lines are written; without it words on a terminal, else JSON."""

    smtp_url: SecretStr | None = None
    """The mail server of alerts, as smtp://user:password@host:587, or smtps:// for TLS from the first byte."""

    mail_from: str = "aibaas@localhost"
    """The sender of alerts."""

    alert_private_networks: Literal["refuse", "allow"] = "refuse"
    """Whether alerts may go to addresses in private networks, over plain HTTP, and by any service of Apprise."""

    alert_link_secret: SecretStr | None = Field(default=None, min_length=16)
    """What links in alerts are signed with; without it a secret is made in the home folder. The API's must be equal."""

    api_key_secret: SecretStr | None = Field(default=None, min_length=16)
    """What the API hashes its keys with; without it a secret is made in the home folder."""

    api_anonymous_tier: Literal["anonymous", "free", "pro", "enterprise"] | None = None
    """What callers of the API without a key may do; without it everything where services listen on loopback."""

    public_dashboard_url: str | None = None
    public_api_url: str | None = None
    """What links in alerts begin with, where readers do not find dashboard and API on this machine."""

    bind: str = "127.0.0.1"
    """The address that services listen on; another one only inside a container."""

    webserver_port: int = 8400
    api_port: int = 8401
    api_host: str = "127.0.0.1"
    dashboard_port: int = 8402
    code_port: int = 8403
    code_host: str = "127.0.0.1"
    simulator_port: int = 8404
    simulator_host: str = "127.0.0.1"

    metrics_port: int = 8405

    """Hosts are other names only where a service runs in a container of its own."""

    @property
    def host_places(self) -> int:
        """In one process a step asks all targets at once; workers take one target each."""
        return self.steps_per_host or (4 if self.executor == "celery" else 1)

    @property
    def suite_names(self) -> list[str] | None:
        return [name.strip() for name in self.suites.split(",")] if self.suites else None

    @property
    def archive_dir(self) -> Path:
        return self.home / "archive"

    @property
    def packs_dir(self) -> Path:
        """Where imported packs lie; those that are there are measured."""
        return self.home / "packs"

    @property
    def simulator_url(self) -> str:
        return f"http://{self.simulator_host}:{self.simulator_port}/v1"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once. Raises OperatorError naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        variable = name if name == "DATABASE_URL" else f"AIBAAS_{name}"
        raise OperatorError(f"{variable} is not usable: {first['msg'].lower()}") from None
