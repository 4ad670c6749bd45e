"""The end of a soak: its rows, its models' requests, and its tables against a rebuild from nothing.

Not here: the statements (storage.reconciliation), nor what a difference means (verdict).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.cli.soaking.asked_calls import AskedCalls, compare_asked
from orchestration.cli.soaking.fault_plan import FaultKind
from orchestration.collection.installation import known_rotation
from orchestration.collection.plan import due_suites, measured_suites, plan_hour
from orchestration.providers.targets import load_targets
from orchestration.storage.archive import Archive
from orchestration.storage.database import Database
from orchestration.storage.reconciliation import Reconciliation, reconcile, table_digests
from scenarios.loader import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from orchestration.cli.soaking.counted_models import CountedModels
    from orchestration.cli.soaking.fault_plan import PlannedFault
    from orchestration.cli.soaking.services import Services
    from orchestration.settings import Settings

CUTS_OFF = {FaultKind.KILLED_WORKER, FaultKind.RESTARTED_DATABASE, FaultKind.FULL_DISK}
"""After these the calls that were under way are asked again."""


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


def compared_requests(
    config: Settings, models: CountedModels, hours: Sequence[datetime], plan: Mapping[datetime, PlannedFault], near: int
) -> AskedCalls:
    """A fault cuts off the hour that it was planned for, and those that were under way beside it, `near` at most."""
    struck = {
        hours[index]
        for number, hour in enumerate(hours)
        if hour in plan and plan[hour].kind in CUTS_OFF
        for index in range(max(0, number - near), min(len(hours), number + near + 1))
    }
    in_flight = config.concurrency
    return compare_asked(models.requests, models.answered, Archive(config.archive_dir), hours, struck, in_flight)


def rebuilt_tables(services: Services) -> tuple[int, list[str]]:
    """How many tables dbt builds, and which of them differ from what it builds from the raw rows at once."""
    grown, files = _digests(services.config), str(services.config.home / "dbt" / "rebuild")
    build = ["dbt", "build", "--full-refresh", "--exclude-resource-type", "unit_test", "--quiet"]
    places = [
        "--project-dir",
        "dbt_project",
        "--profiles-dir",
        "dbt_project",
        "--target-path",
        files,
        "--log-path",
        files,
    ]
    services.command_line("exec", *build, *places)
    anew = _digests(services.config)
    return len(anew), sorted(name for name in grown.keys() | anew.keys() if grown.get(name) != anew.get(name))


def _digests(config: Settings) -> dict[str, tuple[int, str]]:
    with Database.from_settings(config).connect() as connection:
        return table_digests(connection)
