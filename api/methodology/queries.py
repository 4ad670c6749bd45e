"""The statements behind the versions of the method.

Not here: the formulas (formulas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from api.database import Database, Row

SUITES: LiteralString = """
SELECT
    suites.suite, suites.suite_version, suites.cadence, count(*) AS scenario_count,
    min(suites.recorded_at) AS recorded_at, bool_and(suites.is_current) AS is_current,
    (SELECT max(scores.as_of) FROM marts.fct_leaderboard AS scores) AS as_of
FROM marts.dim_suites AS suites
GROUP BY suites.suite, suites.suite_version, suites.cadence
ORDER BY suites.suite ASC, suites.suite_version DESC
"""

SCORERS: LiteralString = """
SELECT
    split_part(scorers.name, ':', 1) AS scorer, split_part(scorers.name, ':', 2)::integer AS scorer_version,
    array_agg(DISTINCT scores.suite ORDER BY scores.suite ASC) AS suites
FROM marts.fct_leaderboard AS scores
CROSS JOIN LATERAL unnest(string_to_array(scores.scorer_versions, ', ')) AS scorers (name)
GROUP BY scorers.name
ORDER BY scorer ASC, scorer_version DESC
"""

DETECTORS: LiteralString = """
SELECT
    streams.metric, streams.suite, count(*) FILTER (WHERE streams.status = 'watched') AS watched_count,
    count(*) FILTER (WHERE streams.status <> 'watched') AS insufficient_count,
    max(streams.last_hour) AS last_hour
FROM marts.fct_watched_streams AS streams
GROUP BY streams.metric, streams.suite
ORDER BY streams.metric ASC, streams.suite ASC
"""


async def suite_rows(database: Database) -> list[Row]:
    """Every version of every suite, the newest first."""
    return await database.fetch_all(SUITES)


async def scorer_rows(database: Database) -> list[Row]:
    """The scorers, with their versions, that published means rest on."""
    return await database.fetch_all(SCORERS)


async def detector_rows(database: Database) -> list[Row]:
    """What is watched for changes, by measure and suite."""
    return await database.fetch_all(DETECTORS)
