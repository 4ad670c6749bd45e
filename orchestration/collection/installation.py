"""The targets, hosts, rules and rotation of this installation: its files with its settings and its environment.

Not here: how they are joined (providers.targets), nor what was enrolled (storage).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from orchestration.collection.rotation import Rotation
from orchestration.providers.target_entries import read_target_file
from orchestration.providers.targets import load_hosts, load_targets, proposed_target
from orchestration.settings import OperatorError, provider_environment
from orchestration.storage.key_files import key_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orchestration.providers.target_entries import FaultyRule, TargetEntries
    from orchestration.providers.target_file import Budget, DiscoveryRule, TargetEntry
    from orchestration.providers.targets import Host, Target
    from orchestration.records import Enrolment
    from orchestration.settings import Settings


SECRET_NAMES: Final = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
SHORTEST_SECRET: Final = 6
"""What is shorter stands in ordinary words, and would be hidden there."""


def known_targets(config: Settings, enrolments: Iterable[Enrolment] = ()) -> tuple[Target, ...]:
    """The targets of the file, and those that were enrolled. Raises OperatorError for a file that can't be used."""
    return load_targets(
        config.targets_file,
        environment=provider_environment(),
        simulator_url=_simulator_url(config),
        enrolments=enrolments,
    )


def askable_hosts(config: Settings) -> list[Host]:
    """The hosts that have their key and address, whether a target of theirs is measured or not."""
    return list(_askable(config).values())


def proposed_targets(config: Settings, entries: Iterable[TargetEntry]) -> dict[str, Target]:
    """What entries that are not in the file would be as targets, by id, where their host can be asked."""
    hosts = _askable(config)
    return {entry.target_id: proposed_target(entry, hosts[entry.host]) for entry in entries if entry.host in hosts}


def _askable(config: Settings) -> dict[str, Host]:
    hosts = load_hosts(config.targets_file, environment=provider_environment(), simulator_url=_simulator_url(config))
    return {name: host for name, (host, reason) in hosts.items() if reason is None}


def stated_entries(config: Settings) -> TargetEntries:
    """The entries of the targets file, and what is wrong with those that can't be used."""
    return read_target_file(config.targets_file)


def discovery_rules(config: Settings) -> Sequence[DiscoveryRule | FaultyRule]:
    return stated_entries(config).discovery


def known_rotation(config: Settings) -> Rotation:
    """By the key of the settings, or by that of the home folder, which is made where there is none."""
    given = config.rotation_key
    if given:
        return Rotation(given.get_secret_value().encode())
    file = config.home / "rotation.key"
    return Rotation(key_in(file, "AIBAAS_ROTATION_KEY", "this month's fresh seeds change"))


def overall_budget(config: Settings) -> Budget:
    """What all real targets together may cost: as the settings say, and where they say nothing the targets file."""
    set_here = {
        "usd_per_hour": config.budget_hour_usd,
        "usd_per_day": config.budget_day_usd,
        "usd_per_month": config.budget_month_usd,
    }
    stated = stated_entries(config).budget
    return stated.model_copy(update={name: usd for name, usd in set_here.items() if usd is not None})


def known_secrets(config: Settings) -> frozenset[str]:
    """What must never be written anywhere: keys of hosts, passwords, and whatever variable is named like one."""
    environment = provider_environment()
    found = [value for name, value in environment.items() if name.endswith(SECRET_NAMES)]
    found += [environment.get(name, "") for name in _key_variables(config)]
    for url in (config.database_url, config.smtp_url):
        if url:
            found.append(unquote(urlsplit(url.get_secret_value()).password or ""))
    if config.rotation_key:
        found.append(config.rotation_key.get_secret_value())
    return frozenset(secret for secret in found if len(secret) >= SHORTEST_SECRET)


def _key_variables(config: Settings) -> list[str]:
    """Those that the targets file names; none where it can't be read, which is told elsewhere."""
    try:
        hosts = read_target_file(config.targets_file).usable_hosts.values()
    except OperatorError:
        return []
    return [host.api_key_variable for host in hosts if host.api_key_variable]


def _simulator_url(config: Settings) -> str | None:
    return config.simulator_url if config.simulator == "on" else None
