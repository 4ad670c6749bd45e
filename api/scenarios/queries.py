"""The statements behind the scenarios.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, LiteralString

from api.ordering import OrderedList

if TYPE_CHECKING:
    from api.database import Database, Row
    from api.ordering import Position

SCENARIOS: LiteralString = """
SELECT
    scenarios.scenario_id, scenarios.scenario_version, scenarios.family, scenarios.difficulty, scenarios.language,
    scenarios.title, scenarios.licence, scenarios.created_on,
    array(
        SELECT suites.suite FROM marts.dim_suites AS suites
        WHERE suites.scenario_id = scenarios.scenario_id
            AND suites.scenario_version = scenarios.scenario_version
            AND suites.is_current
        ORDER BY suites.suite ASC
    ) AS suites,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.dim_scenarios AS scenarios
WHERE scenarios.is_current
    AND (%(scenario_id)s::text IS NULL OR scenarios.scenario_id = %(scenario_id)s)
    AND (%(family)s::text IS NULL OR scenarios.family = %(family)s)
    AND (%(difficulty)s::text IS NULL OR scenarios.difficulty = %(difficulty)s)
    AND (%(language)s::text IS NULL OR scenarios.language = %(language)s)
    AND (
        %(suite)s::text IS NULL
        OR EXISTS (
            SELECT 1 AS one FROM marts.dim_suites AS suites
            WHERE suites.scenario_id = scenarios.scenario_id
                AND suites.scenario_version = scenarios.scenario_version
                AND suites.is_current
                AND suites.suite = %(suite)s
        )
    )
"""
LISTED_SCENARIOS = OrderedList(
    SCENARIOS,
    sorts={"scenario_id": str, "family": str, "title": str, "created_on": date},
    ties={"scenario_id": str},
)

EVIDENCE: LiteralString = """
SELECT
    evidence.target_id, targets.label, targets.provider, evidence.scenario_version, evidence.benchmark_hour,
    evidence.answered_at, evidence.score, evidence.score_reason, evidence.outcome, evidence.is_refusal,
    evidence.is_truncated, evidence.is_format_ok, evidence.scorer, evidence.scorer_version, evidence.checks,
    evidence.sandbox_level, evidence.wall_ms, evidence.peak_memory_kb, evidence.latency_ms,
    evidence.time_to_first_token_ms, evidence.cost_usd, evidence.input_tokens, evidence.output_tokens,
    evidence.is_simulated
FROM marts.fct_public_evidence AS evidence
INNER JOIN marts.dim_targets AS targets ON evidence.target_id = targets.target_id
WHERE evidence.scenario_id = %(scenario_id)s
    AND evidence.scenario_version = %(scenario_version)s
    AND (%(target_id)s::text IS NULL OR evidence.target_id = %(target_id)s)
ORDER BY evidence.score DESC NULLS LAST, evidence.target_id ASC
"""

PROMPT: LiteralString = """
SELECT scenarios.public_prompt, scenarios.public_prompt_length
FROM marts.dim_scenarios AS scenarios
WHERE scenarios.scenario_id = %(scenario_id)s AND scenarios.scenario_version = %(scenario_version)s
"""

KNOWN_FILTERS: LiteralString = """
SELECT
    array(SELECT DISTINCT scenarios.family FROM marts.dim_scenarios AS scenarios) AS family,
    array(SELECT DISTINCT scenarios.difficulty FROM marts.dim_scenarios AS scenarios) AS difficulty,
    array(SELECT DISTINCT scenarios.language FROM marts.dim_scenarios AS scenarios) AS language,
    array(SELECT DISTINCT suites.suite FROM marts.dim_suites AS suites) AS suite,
    array(SELECT DISTINCT scenarios.scenario_id FROM marts.dim_scenarios AS scenarios) AS scenario_id,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
"""


async def scenario_rows(
    database: Database,
    *,
    scenario_id: str | None = None,
    family: str | None = None,
    difficulty: str | None = None,
    language: str | None = None,
    suite: str | None = None,
    sort: str = "scenario_id",
    after: Position | None = None,
    row_limit: int = 1,
) -> list[Row]:
    """Every scenario's newest version in the order `sort`, behind the position `after`; None leaves a filter out."""
    return await database.fetch_all(
        LISTED_SCENARIOS.statement(sort),
        {
            "scenario_id": scenario_id,
            "family": family,
            "difficulty": difficulty,
            "language": language,
            "suite": suite,
            **LISTED_SCENARIOS.parameters(after, row_limit),
        },
    )


async def evidence_rows(
    database: Database, scenario_id: str, scenario_version: int, target_id: str | None = None
) -> list[Row]:
    """How the newest answer of every target to the public variant was graded, best score first."""
    return await database.fetch_all(
        EVIDENCE, {"scenario_id": scenario_id, "scenario_version": scenario_version, "target_id": target_id}
    )


async def public_prompt(database: Database, scenario_id: str, scenario_version: int) -> Row:
    """What the public variant asks, and how long that is in whole; both null where it was not recorded."""
    row = await database.fetch_one(PROMPT, {"scenario_id": scenario_id, "scenario_version": scenario_version})
    return row or {"public_prompt": None, "public_prompt_length": None}


async def known_filters(database: Database) -> Row:
    """What families, difficulties, languages, suites and scenarios there are: one row always."""
    row = await database.fetch_one(KNOWN_FILTERS)
    return row or {}
