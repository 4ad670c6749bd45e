"""The catalogue of scenarios as the rows that the warehouse keeps of it.

Not here: reading the catalogue (scenarios), nor storing the rows (storage).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.records import ScenarioRow, SuiteRow

if TYPE_CHECKING:
    from datetime import datetime

    from scenarios.loader import Catalogue


def scenario_rows(catalogue: Catalogue, recorded_at: datetime) -> list[ScenarioRow]:
    return [
        ScenarioRow(
            scenario_id=scenario.id,
            scenario_version=scenario.version,
            content_sha256=scenario.content_sha256,
            family=scenario.family,
            difficulty=scenario.difficulty,
            language=scenario.answer.language or "text",
            title=scenario.title,
            licence=scenario.licence,
            created_on=scenario.created,
            max_output_tokens=scenario.max_output_tokens,
            recorded_at=recorded_at,
        )
        for scenario in catalogue.scenarios.values()
    ]


def suite_rows(catalogue: Catalogue, recorded_at: datetime) -> list[SuiteRow]:
    return [
        SuiteRow(
            suite=suite.name,
            suite_version=suite.version,
            cadence=suite.cadence,
            scenario_id=scenario_id,
            scenario_version=catalogue.scenarios[scenario_id].version,
            recorded_at=recorded_at,
        )
        for suite in catalogue.suites.values()
        for scenario_id in suite.scenario_ids
    ]
