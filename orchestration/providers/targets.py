"""What is measured: targets of the file and enrolled ones, joined with the keys and addresses of this installation.

Not here: the shape of the file (target_file), nor how a target is asked (litellm_client).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from orchestration.providers.target_entries import UNKNOWN, FaultyHost, FaultyTarget, read_target_file
from orchestration.providers.target_file import Budget, HostEntry, Limits, Protocol, TargetEntry
from orchestration.records import TargetRow
from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from orchestration.records import Enrolment

    ResolvedHosts = Mapping[str, tuple["Host", str | None]]


@dataclass(frozen=True, slots=True)
class Host:
    """Where calls go. Calls to hosts of one `name` share their limits.

    The name is the host's in the file; a target with limits of its own has a host of its own, `host/target_id`.
    """

    name: str
    provider: str
    address: str
    protocol: Protocol
    base_url: str
    api_key: str | None = field(repr=False)
    is_simulated: bool
    is_streamed: bool
    price_source: str
    limits: Limits
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that is measured: a model on a host, with its effort and sampling. Hashable by its id.

    Of one that is not readable only names are known. One without an id of its own is shown and recorded nowhere.
    """

    target_id: str
    label: str
    provider: str
    model: str
    host: Host = field(hash=False)
    route: str | None
    quantisation: str | None
    reasoning_effort: str | None
    sampling: Mapping[str, float | int] = field(hash=False)
    lifecycle: str
    successor: str | None
    training_cutoff: date | None
    is_open_weights: bool
    disabled_reason: str | None
    budget: Budget | None = None
    is_readable: bool = True
    has_own_id: bool = True

    @property
    def is_wholly_known(self) -> bool:
        return self.is_readable and self.host.is_readable

    @property
    def host_name(self) -> str:
        """The host's name in the targets file."""
        return self.host.name.partition("/")[0]

    @property
    def is_enabled(self) -> bool:
        return self.disabled_reason is None

    @property
    def is_withdrawn(self) -> bool:
        """Disabled for more than a key, an address or a model's name that this environment lacks."""
        return self.disabled_reason is not None and not self.disabled_reason.startswith("missing ")

    @property
    def is_simulated(self) -> bool:
        return self.host.is_simulated

    @property
    def answers_for_past_hours(self) -> bool:
        """A real model can't be measured in the past: asking it costs money and shows what it is like today."""
        return self.host.is_simulated

    @property
    def definition(self) -> dict[str, Any]:
        """What makes it this target: a change of any value is another definition. Keys and reasons are not part."""
        return {
            "target_id": self.target_id,
            "label": self.label,
            "provider": self.provider,
            "model": self.model,
            "host": self.host_label,
            "quantisation": self.quantisation,
            "reasoning_effort": self.reasoning_effort,
            "sampling": dict(self.sampling),
            "is_simulated": self.is_simulated,
            "is_open_weights": self.is_open_weights,
            "lifecycle": self.lifecycle,
            "successor": self.successor,
            "limits": self.host.limits.model_dump(mode="json", exclude_none=True) if self.is_wholly_known else None,
            "price_source": self.host.price_source if self.is_wholly_known else None,
            "training_cutoff": self.training_cutoff.isoformat() if self.training_cutoff else None,
            "is_enabled": self.is_enabled,
            "disabled_reason": self.disabled_reason,
        }

    @property
    def definition_sha256(self) -> str:
        return hashlib.sha256(json.dumps(self.definition, sort_keys=True).encode()).hexdigest()

    @property
    def host_label(self) -> str:
        """The host as rows name it; two routes of one router are two hosts."""
        return f"{self.host.address}/{self.route}" if self.route else self.host.address

    def to_row(self, recorded_at: datetime) -> TargetRow:
        return TargetRow(
            definition_sha256=self.definition_sha256,
            recorded_at=recorded_at,
            **self.definition | {"training_cutoff": self.training_cutoff},
        )


def load_targets(
    path: Path,
    *,
    environment: Mapping[str, str],
    simulator_url: str | None,
    enrolments: Iterable[Enrolment] = (),
) -> tuple[Target, ...]:
    """The targets of the file in its order, then enrolled ones that it does not state itself.

    A target that lacks a key or an address, was retired, or holds a mistake (as its host may) is disabled with the
    reason. `simulator_url` is the base URL of the simulated models' host, None where these are switched off.
    Raises OperatorError "file:line: field: reason" for a mistake outside the entries of the file.
    """
    entries = read_target_file(path)
    hosts = _resolve_hosts(entries.hosts, environment, simulator_url)
    stated = tuple(_stated_target(entry, hosts, environment) for entry in entries.targets)
    ids = {target.target_id for target in stated}
    added = (_enrolled_target(enrolment, hosts) for enrolment in enrolments if enrolment.target_id not in ids)
    return (*stated, *added)


def load_hosts(
    path: Path, *, environment: Mapping[str, str], simulator_url: str | None
) -> dict[str, tuple[Host, str | None]]:
    """The hosts of the file by name, each with the reason why it can't be asked, None where it can."""
    return _resolve_hosts(read_target_file(path).hosts, environment, simulator_url)


def proposed_target(entry: TargetEntry, host: Host) -> Target:
    """What an entry that is not in the file would be as a target, on a host that can be asked."""
    return _resolve_target(entry, host, None, {})


def enabled_targets(targets: tuple[Target, ...], only: str | None = None) -> tuple[Target, ...]:
    """The targets that can be asked. `only` narrows to one id; raises OperatorError where that one can't be asked."""
    if only is None:
        return tuple(target for target in targets if target.is_enabled)
    chosen = next((target for target in targets if target.target_id == only), None)
    if chosen is None:
        raise OperatorError(f"no target {only!r}: the targets file has {', '.join(t.target_id for t in targets)}")
    if chosen.disabled_reason is not None:
        raise OperatorError(f"target {only} is disabled: {chosen.disabled_reason}")
    return (chosen,)


def _resolve_hosts(
    entries: Mapping[str, HostEntry | FaultyHost], environment: Mapping[str, str], simulator_url: str | None
) -> dict[str, tuple[Host, str | None]]:
    return {
        name: _resolve_host(name, entry, environment, simulator_url)
        if isinstance(entry, HostEntry)
        else (_faulty_host(name, entry), entry.fault.reason)
        for name, entry in entries.items()
    }


def _stated_target(entry: TargetEntry | FaultyTarget, hosts: ResolvedHosts, environment: Mapping[str, str]) -> Target:
    if isinstance(entry, TargetEntry):
        return _resolve_target(entry, *hosts[entry.host], environment)
    host, _ = hosts.get(entry.host, (_absent_host(entry.host), None))
    named = _unreadable(entry.target_id or entry.place, host, entry.fault.reason)
    return replace(named, label=entry.label, model=entry.model, has_own_id=entry.target_id is not None)


def _enrolled_target(enrolment: Enrolment, hosts: ResolvedHosts) -> Target:
    """A target that is not in the file. One that can't be read any more is shown as skipped; the others go on."""
    try:
        entry = TargetEntry.model_validate_json(json.dumps(enrolment.definition))
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"its enrolment can't be read ({first['loc'][0]}: {first['msg'].lower()}): enrol it again"
        return _unreadable(enrolment.target_id, _absent_host(UNKNOWN), reason)
    absent = (_absent_host(entry.host), f"the targets file has no host {entry.host!r} any more")
    host, host_reason = hosts.get(entry.host, absent)
    return _resolve_target(entry, host, host_reason if enrolment.is_enrolled else "retired by an operator", {})


def _unreadable(target_id: str, host: Host, reason: str) -> Target:
    return Target(
        target_id=target_id,
        label=target_id,
        provider=host.provider,
        model=UNKNOWN,
        host=host,
        route=None,
        quantisation=None,
        reasoning_effort=None,
        sampling={},
        lifecycle="active",
        successor=None,
        training_cutoff=None,
        is_open_weights=False,
        disabled_reason=reason,
        is_readable=False,
    )


def _absent_host(name: str) -> Host:
    return Host(
        name=name,
        provider=name,
        address=name,
        protocol="openai",
        base_url="",
        api_key=None,
        is_simulated=False,
        is_streamed=False,
        price_source="none",
        limits=Limits(),
        is_readable=False,
    )


def _faulty_host(name: str, entry: FaultyHost) -> Host:
    absent = _absent_host(name)
    return replace(absent, provider=entry.provider, address=entry.address, is_simulated=entry.is_simulated)


def _resolve_host(
    name: str, entry: HostEntry, environment: Mapping[str, str], simulator_url: str | None
) -> tuple[Host, str | None]:
    base_url, address_reason = _base_url(entry, environment, simulator_url)
    api_key, key_reason = _api_key(entry, environment)
    host = Host(
        name=name,
        provider=entry.provider,
        address=entry.address,
        protocol=entry.protocol,
        base_url=base_url.rstrip("/"),
        api_key=api_key,
        is_simulated=entry.is_simulated,
        is_streamed=entry.is_streamed,
        price_source=entry.price_source,
        limits=entry.limits,
    )
    return host, address_reason or key_reason


def _base_url(entry: HostEntry, environment: Mapping[str, str], simulator_url: str | None) -> tuple[str, str | None]:
    if entry.is_simulated and not (entry.base_url or entry.base_url_variable):
        return (simulator_url, None) if simulator_url else ("", "the simulator is switched off")
    stated = environment.get(entry.base_url_variable or "", "").strip()
    url = stated or entry.base_url
    if not url:
        return "", f"missing {entry.base_url_variable}"
    is_sound = url.startswith(("http://", "https://")) and not any(c.isspace() for c in url)
    return (url, None) if is_sound else ("", f"{entry.base_url_variable} is no http(s) address")


def _api_key(entry: HostEntry, environment: Mapping[str, str]) -> tuple[str | None, str | None]:
    if entry.api_key_variable is None:
        return None, None
    key = environment.get(entry.api_key_variable, "")
    if not key.strip():
        return None, None if entry.is_key_optional else f"missing {entry.api_key_variable}"
    if not key.isascii() or not key.isprintable() or " " in key:
        return None, f"{entry.api_key_variable} holds a line break, a space or another character that no key has"
    return key, None


def _resolve_target(entry: TargetEntry, host: Host, host_reason: str | None, environment: Mapping[str, str]) -> Target:
    model, model_reason = _model(entry, environment)
    if entry.limits is not None:
        host = replace(host, name=f"{host.name}/{entry.target_id}", limits=entry.limits)
    return Target(
        target_id=entry.target_id,
        label=entry.label,
        provider=host.provider,
        model=model,
        host=host,
        route=entry.route,
        quantisation=entry.quantisation,
        reasoning_effort=entry.reasoning_effort,
        sampling={str(name): value for name, value in entry.sampling.items()},
        lifecycle=entry.lifecycle,
        successor=entry.successor,
        training_cutoff=entry.training_cutoff,
        is_open_weights=entry.is_open_weights,
        disabled_reason=_disabled_reason(entry, host_reason, model_reason),
        budget=entry.budget,
    )


def _model(entry: TargetEntry, environment: Mapping[str, str]) -> tuple[str, str | None]:
    if entry.model_variable is None:
        return entry.model, None
    stated = environment.get(entry.model_variable, "").strip()
    return (stated, None) if stated else (entry.model, f"missing {entry.model_variable}")


def _disabled_reason(entry: TargetEntry, host_reason: str | None, model_reason: str | None) -> str | None:
    if not entry.is_enabled:
        return "switched off in the targets file"
    if entry.lifecycle == "retired":
        return "retired by its provider"
    return host_reason or model_reason
