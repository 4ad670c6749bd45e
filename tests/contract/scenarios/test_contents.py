"""A scenario changes only with its version, and every scenario is recorded.

Not here: what a scenario has to be (test_published_catalogue).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scenarios import contents
from scenarios.loader import load_catalogue
from scenarios.schema import SCHEMA_FILE

if TYPE_CHECKING:
    from pathlib import Path

SCENARIOS = list(load_catalogue(SCHEMA_FILE.parent).scenarios.values())


def test_no_scenario_has_changed_under_the_same_version() -> None:
    assert contents.silent_changes(SCENARIOS, contents.published()) == []


def test_every_scenario_is_recorded() -> None:
    """`./aibaas scenarios publish` records them."""
    recorded = {scenario_id: version for scenario_id, (version, _) in contents.published().items()}
    assert recorded == {scenario.id: scenario.version for scenario in SCENARIOS}


def test_a_silent_change_is_found_and_a_new_version_is_none(tmp_path: Path) -> None:
    file = tmp_path / "contents.txt"
    contents.publish(SCENARIOS, file)
    known = contents.published(file)
    changed = replace(SCENARIOS[0], content_sha256="0" * 64)
    assert contents.silent_changes(SCENARIOS, known) == []
    (complaint,) = contents.silent_changes([changed], known)
    assert complaint.startswith(f"{changed.id} has changed and is still version {changed.version}")
    assert contents.silent_changes([replace(changed, version=changed.version + 1)], known) == []
