"""The shape of targets.yaml: what hosts, targets and rules of discovery may state.

Not here: reading the file (target_entries), keys and addresses (targets), what rules make of a model (discovery).
Run as a module it rewrites targets.schema.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date  # noqa: TC003 - pydantic reads the annotations
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

SCHEMA_FILE: Final = Path(__file__).with_name("targets.schema.json")

Protocol = Literal["openai", "anthropic", "gemini", "mistral", "ollama", "openrouter"]
Lifecycle = Literal["preview", "active", "deprecated", "retired"]
ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh"]
TargetId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,62}$")]
HostName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
VariableName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
Sampling = Mapping[Literal["temperature", "top_p", "top_k", "seed"], float | int]
Usd = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=6)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Limits(_Strict):
    """What the operator allows; a host may allow less and says so. None is no limit of ours. Kept by host_gate."""

    max_concurrency: int = Field(default=8, ge=1, le=1000)
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)


class Budget(_Strict):
    """What a target, or all of them, may cost, in USD. None is no limit; nothing is 0: switch a target off instead."""

    usd_per_hour: Usd | None = None
    usd_per_day: Usd | None = None
    usd_per_month: Usd | None = None


class HostEntry(_Strict):
    """Where calls go and in which protocol; `address` is what rows and charts call it.

    A simulated host without an address of its own is this installation's simulator.
    """

    provider: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    address: str = Field(min_length=1)
    protocol: Protocol
    base_url: Url | None = None
    base_url_variable: VariableName | None = None
    api_key_variable: VariableName | None = None
    is_key_optional: bool = False
    is_simulated: bool = False
    is_streamed: bool = True
    price_source: Literal["price_rows", "published", "none"] = "price_rows"
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _has_an_address(self) -> Self:
        if not (self.is_simulated or self.base_url or self.base_url_variable):
            reason = "needs base_url or base_url_variable"
            raise ValueError(reason)
        return self


class Measured(_Strict):
    """How a model is measured: what a target and a rule of discovery both state.

    `route` is the upstream host that a router is pinned to. `limits` stand in place of the host's.
    """

    route: str | None = None
    quantisation: str | None = None
    reasoning_effort: ReasoningEffort | None = None
    sampling: Sampling = Field(default_factory=dict)
    lifecycle: Lifecycle = "active"
    is_open_weights: bool = False
    limits: Limits | None = None
    budget: Budget | None = None


class TargetEntry(Measured):
    """One target as the file states it."""

    target_id: TargetId
    label: str = Field(min_length=1, max_length=80)
    host: str
    model: str = Field(min_length=1, pattern=r"^\S+$")
    model_variable: VariableName | None = None
    successor: TargetId | None = None
    training_cutoff: date | None = None
    is_enabled: bool = True


class DiscoveryRule(Measured):
    """What becomes of a model that a host lists and no target measures; the first rule that fits decides.

    `pattern` is a model's name, in which `*` stands for anything. In `label`, {model} stands for the name.
    `is_price_required` leaves a model for which no price is known to a person.
    """

    host: str
    pattern: str = Field(min_length=1, pattern=r"^\S+$")
    decision: Literal["enrol", "propose", "ignore"]
    label: str = Field(default="{model}", min_length=1, max_length=80)
    is_price_required: bool = True


class TargetFile(_Strict):
    """All hosts and targets, the rules for models that are neither, and what all real targets together may cost."""

    budget: Budget = Budget()
    hosts: dict[HostName, HostEntry]
    targets: list[TargetEntry]
    discovery: list[DiscoveryRule] = Field(default_factory=list)


class FileParts(_Strict):
    """The same, with entries that are not checked yet: a mistake in one of them is none of the file."""

    budget: Budget = Budget()
    hosts: dict[str, Any]
    targets: list[Any]
    discovery: list[Any] = Field(default_factory=list)


def json_schema() -> str:
    """The JSON schema of targets.yaml, as the committed file holds it."""
    return json.dumps(TargetFile.model_json_schema(), indent=2, sort_keys=True) + "\n"


def write_json_schema(file: Path = SCHEMA_FILE) -> None:
    file.write_text(json_schema(), encoding="utf-8")


if __name__ == "__main__":
    write_json_schema()
