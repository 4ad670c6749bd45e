"""The end of a soak: its rows, and its tables against a rebuild from nothing.

Not here: the statements (storage.reconciliation), nor what a difference means (verdict).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.collection.installation import known_rotation
from orchestration.collection.plan import due_suites, measured_suites, plan_hour
from orchestration.providers.targets import load_targets
from orchestration.storage.archive import Archive
from orchestration.storage.database import Database
from orchestration.storage.reconciliation import Reconciliation, reconcile, table_digests
from scenarios.loader import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from orchestration.cli.soaking.services import Services
    from orchestration.settings import Settings


def expected_calls(config: Settings, hours: Sequence[datetime]) -> dict[datetime, set[UUID]]:
    """The calls that each hour ought to have planned, worked out anew."""
    catalogue, rotation = load_catalogue(config.scenarios_dir), known_rotation(config)
    targets = load_targets(config.targets_file, environment={}, simulator_url=config.simulator_url)
    suites = measured_suites(catalogue, config.suite_names)
    return {
        hour: {
            call.call_id
            for suite in due_suites(hour, suites)
            for call in plan_hour(hour, catalogue, suite, targets, spare_past=True, rotation=rotation)
        }
        for hour in hours
    }


def compared_rows(config: Settings, hours: Sequence[datetime]) -> Reconciliation:
    with Database.from_settings(config).connect() as connection:
        return reconcile(connection, Archive(config.archive_dir), expected_calls(config, hours))


def rebuilt_tables(services: Services) -> tuple[int, list[str]]:
    """How many tables dbt builds, and which of them differ from what it builds from the raw rows at once."""
    grown, files = _digests(services.config), str(services.config.home / "dbt" / "rebuild")
    build = ["dbt", "build", "--full-refresh", "--exclude-resource-type", "unit_test", "--quiet"]
    places = [f"--{kind}-dir=dbt_project" for kind in ("project", "profiles")]
    places += [f"--{kind}-path={files}" for kind in ("target", "log")]
    services.command_line("exec", *build, *places)
    anew = _digests(services.config)
    return len(anew), sorted(name for name in grown.keys() | anew.keys() if grown.get(name) != anew.get(name))


def _digests(config: Settings) -> dict[str, tuple[int, str]]:
    with Database.from_settings(config).connect() as connection:
        return table_digests(connection)
