"""The shape of targets.yaml, checked strictly, with file, line, field and reason for every mistake.

Not here: keys and addresses, which come from the environment (targets).
"""

from __future__ import annotations

import json
from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations
from datetime import date  # noqa: TC003 - pydantic reads the annotations
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from orchestration.settings import OperatorError
from scenarios.errors import CatalogueError
from scenarios.marked_yaml import MarkedTree, parse
from scenarios.variants import first_error

if TYPE_CHECKING:
    from pathlib import Path

Protocol = Literal["openai", "anthropic", "gemini", "mistral", "ollama", "openrouter"]
Lifecycle = Literal["preview", "active", "deprecated", "retired"]
ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh"]
TargetId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,62}$")]
VariableName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Limits(_Strict):
    """What the operator allows; a host may allow less and says so. None is no limit of ours. Kept by host_gate."""

    max_concurrency: int = Field(default=8, ge=1, le=1000)
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)


class HostEntry(_Strict):
    """Where calls go and in which protocol; `address` is what rows and charts call it."""

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


class TargetEntry(_Strict):
    """One target as the file states it."""

    target_id: TargetId
    label: str = Field(min_length=1, max_length=80)
    host: str
    model: str = Field(min_length=1, pattern=r"^\S+$")
    model_variable: VariableName | None = None
    route: str | None = None
    quantisation: str | None = None
    reasoning_effort: ReasoningEffort | None = None
    sampling: Mapping[Literal["temperature", "top_p", "top_k", "seed"], float | int] = Field(default_factory=dict)
    lifecycle: Lifecycle = "active"
    successor: TargetId | None = None
    training_cutoff: date | None = None
    is_open_weights: bool = False
    is_enabled: bool = True


class TargetFile(_Strict):
    """All hosts and targets."""

    hosts: dict[str, HostEntry]
    targets: list[TargetEntry]


def read_target_file(path: Path) -> TargetFile:
    """The checked file. Raises OperatorError "file:line: field: reason" for the first mistake."""
    try:
        tree = parse(path, _text_of(path))
        entries = TargetFile.model_validate_json(json.dumps(tree.value))
        _check_references(tree, entries)
    except ValidationError as error:
        raise OperatorError(str(first_error(tree, error))) from None
    except CatalogueError as error:
        raise OperatorError(str(error)) from None
    return entries


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"{path}: can't be read ({error.strerror}): name a file in AIBAAS_TARGETS_FILE") from None
    except UnicodeDecodeError:
        raise OperatorError(f"{path}: is not UTF-8 text") from None


def _check_references(tree: MarkedTree, entries: TargetFile) -> None:
    ids = [target.target_id for target in entries.targets]
    for index, target in enumerate(entries.targets):
        if target.target_id in ids[:index]:
            raise tree.error(("targets", index, "target_id"), f"{target.target_id} is stated twice")
        if target.host not in entries.hosts:
            known = ", ".join(sorted(entries.hosts))
            raise tree.error(("targets", index, "host"), f"no host {target.host!r} in this file (it has {known})")
        if target.route and entries.hosts[target.host].protocol != "openrouter":
            raise tree.error(("targets", index, "route"), "only an openrouter host is routed")
        if target.successor and target.successor not in ids:
            raise tree.error(("targets", index, "successor"), f"no target {target.successor!r} in this file")
