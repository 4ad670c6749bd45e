"""What each published version of a scenario held, so that a change of content without a new version is found.

Not here: the digest itself (loader).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scenarios.schema import Scenario

FILE: Final = Path(__file__).with_name("contents.txt")
"""One line per scenario: its id, its version, the SHA-256 of all its files."""

Published = tuple[int, str]


def published(file: Path = FILE) -> dict[str, Published]:
    """Version and digest by scenario id; none where nothing has been published yet."""
    if not file.exists():
        return {}
    rows = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
    return {scenario_id: (int(version), digest) for scenario_id, version, digest in rows}


def silent_changes(scenarios: Iterable[Scenario], known: Mapping[str, Published]) -> list[str]:
    """What has changed under the same version, each with what to do."""
    return [
        f"{scenario.id} has changed and is still version {scenario.version}: raise its version"
        for scenario in scenarios
        if scenario.id in known and is_silent(known[scenario.id], scenario)
    ]


def is_silent(known: Published, scenario: Scenario) -> bool:
    version, digest = known
    return digest != scenario.content_sha256 and scenario.version <= version


def publish(scenarios: Iterable[Scenario], file: Path = FILE) -> None:
    lines = sorted(f"{scenario.id} {scenario.version} {scenario.content_sha256}\n" for scenario in scenarios)
    file.write_text("".join(lines), encoding="utf-8")
