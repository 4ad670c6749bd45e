"""The catalogue of scenarios, and the targets, as the rows that the warehouse keeps of them.

Not here: reading either (scenarios, providers), nor storing the rows (storage).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from orchestration.records import ScenarioRow, SuiteRow, TargetRow
from scenarios.schema import PUBLIC_SEED
from scenarios.variants import instantiate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from orchestration.providers.targets import Target
    from scenarios.loader import Catalogue
    from scenarios.schema import Scenario

LONGEST_PROMPT: Final = 20_000
"""Characters of a public prompt that are kept to be read; what follows is data or a generated repository."""


def scenario_rows(catalogue: Catalogue, recorded_at: datetime) -> list[ScenarioRow]:
    return [_scenario_row(scenario, recorded_at) for scenario in catalogue.scenarios.values()]


def _scenario_row(scenario: Scenario, recorded_at: datetime) -> ScenarioRow:
    prompt = instantiate(scenario, PUBLIC_SEED).prompt
    return ScenarioRow(
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
        public_prompt=prompt[:LONGEST_PROMPT],
        public_prompt_length=len(prompt),
    )


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


def target_rows(targets: Sequence[Target], recorded: Mapping[str, TargetRow], recorded_at: datetime) -> list[TargetRow]:
    """A row for each target with an id of its own.

    One that can't be read now is what it was when it was recorded last (a simulated one stays simulated), but disabled;
    it states no limits, so that its definition is compared with none.
    """
    rows = (target.to_row(recorded_at) for target in targets if target.has_own_id and target.is_wholly_known)
    unreadable = (target for target in targets if target.has_own_id and not target.is_wholly_known)
    return [*rows, *(_as_before(target.to_row(recorded_at), recorded.get(target.target_id)) for target in unreadable)]


def _as_before(row: TargetRow, before: TargetRow | None) -> TargetRow:
    if before is None:
        return row
    return replace(
        before,
        definition_sha256=row.definition_sha256,
        recorded_at=row.recorded_at,
        is_enabled=False,
        disabled_reason=row.disabled_reason,
        limits=None,
    )
