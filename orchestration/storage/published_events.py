"""Records what a build changed of the published tables, and has those who listen hear of it at once.

Not here: who reads events (the API), nor what people are told (alert_rows).

Numbers follow the order of commits without a gap: an event is numbered in its writer's turn, which ends after the
commit. So whoever has seen a number has seen all before it, and can go on from there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, LiteralString

from orchestration.storage.bulk_insert import Connection, RawTable

if TYPE_CHECKING:
    from datetime import datetime

CHANNEL = "aibaas_events"


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """One change of the published tables. `subject` is a suite or an anomaly; empty where it is of none in particular.

    `is_simulated` is None where both real and simulated targets are in it.
    """

    event_number: int
    topic: str
    kind: str
    subject: str
    content: dict[str, Any]
    is_simulated: bool | None
    recorded_at: datetime


_COLUMNS = tuple(field.name for field in fields(PublishedEvent))
PUBLISHED_EVENTS = RawTable[PublishedEvent]("published_events", _COLUMNS, attrgetter(*_COLUMNS))

_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('published events', 0))"
_RECORD: LiteralString = """
INSERT INTO raw.published_events (event_number, topic, kind, subject, content, is_simulated, recorded_at)
SELECT
    (SELECT coalesce(max(event_number), 0) FROM raw.published_events) + row_number() OVER (ORDER BY place),
    %(topic)s, kind, subject, content, is_simulated, clock_timestamp()
FROM ({changed}) AS changed
"""
_ANNOUNCE = "SELECT pg_notify(%s, max(event_number)::text) FROM raw.published_events"

# Hours that were told before are told again: their numbers may be others now.
_HOURS: LiteralString = """
WITH told AS (
    SELECT max((content ->> 'last_benchmark_hour')::timestamptz) AS newest_hour
    FROM (
        SELECT content FROM raw.published_events
        WHERE topic = 'hours' AND subject = '' AND kind = 'published'
        ORDER BY event_number DESC LIMIT 1
    ) AS newest
), built AS (
    SELECT
        min(benchmark_hour) AS first_hour, max(benchmark_hour) AS last_hour,
        sum(call_count)::bigint AS planned_count,
        coalesce(sum(call_count) FILTER (WHERE outcome = 'answered'), 0)::bigint AS answered_count,
        coalesce(sum(scored_count), 0)::bigint AS scored_count,
        bool_and(is_simulated) AS is_all_simulated, bool_or(is_simulated) AS is_any_simulated
    FROM marts.fct_coverage
    WHERE benchmark_hour >= coalesce(%(first)s, '-infinity'::timestamptz)
        AND benchmark_hour < coalesce(%(end)s, 'infinity'::timestamptz)
    HAVING count(*) > 0
)
SELECT
    1 AS place,
    CASE WHEN last_hour > coalesce(told.newest_hour, '-infinity') THEN 'published' ELSE 'revised' END AS kind,
    '' AS subject,
    jsonb_build_object(
        'first_benchmark_hour', first_hour, 'last_benchmark_hour', last_hour,
        'as_of', (SELECT max(as_of) FROM marts.fct_leaderboard),
        'planned_count', planned_count, 'answered_count', answered_count, 'scored_count', scored_count
    ) AS content,
    CASE WHEN is_all_simulated = is_any_simulated THEN is_all_simulated END AS is_simulated
FROM built CROSS JOIN told
"""

# Positions of two suite versions are never compared.
_LEADERBOARD: LiteralString = """
WITH newest AS (
    SELECT suite, max(suite_version) AS suite_version FROM marts.fct_leaderboard GROUP BY suite
), entries AS (
    SELECT
        scores.*, targets.label,
        row_number() OVER (
            PARTITION BY scores.suite ORDER BY scores.score_mean DESC NULLS LAST, scores.target_id
        ) AS position
    FROM marts.fct_leaderboard AS scores
    INNER JOIN newest USING (suite, suite_version)
    INNER JOIN marts.dim_targets AS targets USING (target_id)
    WHERE scores.window_name = '7d' AND scores.family = 'all'
), boards AS (
    SELECT
        suite, suite_version, min(window_start) AS window_start, max(window_end) AS window_end, max(as_of) AS as_of,
        bool_and(is_simulated) AS is_all_simulated, bool_or(is_simulated) AS is_any_simulated,
        jsonb_agg(
            jsonb_build_object(
                'position', position, 'target_id', target_id, 'label', label, 'score_mean', score_mean,
                'score_ci95_lower', score_ci95_lower, 'score_ci95_upper', score_ci95_upper,
                'rank_ci95_lower', rank_ci95_lower, 'rank_ci95_upper', rank_ci95_upper,
                'scored_count', scored_count, 'scenario_count', scenario_count,
                'is_simulated', is_simulated, 'is_preliminary', is_preliminary
            ) ORDER BY position
        ) AS entries
    FROM entries GROUP BY suite, suite_version
), compared AS (
    SELECT boards.*, told.content AS told
    FROM boards
    LEFT JOIN LATERAL (
        SELECT content FROM raw.published_events
        WHERE topic = 'leaderboard' AND subject = boards.suite
        ORDER BY event_number DESC LIMIT 1
    ) AS told ON true
)
SELECT
    row_number() OVER (ORDER BY suite) AS place, 'changed' AS kind, suite AS subject,
    jsonb_build_object(
        'suite', suite, 'suite_version', suite_version, 'family', 'all', 'window_name', '7d',
        'window_start', window_start, 'window_end', window_end, 'as_of', as_of, 'entries', entries,
        'moves', (
            SELECT coalesce(jsonb_agg(
                jsonb_build_object(
                    'target_id', target_id, 'position', now.position, 'previous_position', before.position
                ) ORDER BY now.position, before.position
            ), '[]')
            FROM jsonb_to_recordset(entries) AS now (target_id text, position integer)
            FULL JOIN jsonb_to_recordset(
                CASE WHEN (told ->> 'suite_version')::integer = suite_version THEN told -> 'entries' ELSE entries END
            ) AS before (target_id text, position integer) USING (target_id)
            WHERE now.position IS DISTINCT FROM before.position
        )
    ) AS content,
    CASE WHEN is_all_simulated = is_any_simulated THEN is_all_simulated END AS is_simulated
FROM compared
WHERE told -> 'entries' IS DISTINCT FROM entries OR (told ->> 'suite_version')::integer <> suite_version
"""

# An alarm that nobody was told of and whose hour is two days back comes of measuring or grading late: no news.
_ANOMALIES: LiteralString = """
WITH newest AS (
    SELECT max(last_benchmark_hour) AS newest_hour FROM marts.fct_leaderboard
), compared AS (
    SELECT
        anomalies.anomaly_id, anomalies.raised_hour, anomalies.state, anomalies.is_simulated,
        to_jsonb(anomalies) - ARRAY['acknowledged_count', 'false_alarm_count', 'note_count']
            || jsonb_build_object('label', targets.label, 'provider', targets.provider) AS content,
        told.content AS told
    FROM marts.fct_anomalies AS anomalies
    INNER JOIN marts.dim_targets AS targets USING (target_id)
    CROSS JOIN newest
    LEFT JOIN LATERAL (
        SELECT content FROM raw.published_events
        WHERE topic = 'anomalies' AND subject = anomalies.anomaly_id::text
        ORDER BY event_number DESC LIMIT 1
    ) AS told ON true
    WHERE told.content IS NOT NULL
        OR (anomalies.state <> 'retracted' AND anomalies.raised_hour > newest.newest_hour - interval '48 hours')
)
SELECT
    row_number() OVER (ORDER BY raised_hour, anomaly_id, step) AS place, kind, anomaly_id::text AS subject, content,
    is_simulated
FROM compared
CROSS JOIN LATERAL unnest(
    CASE
        WHEN told IS NULL AND state = 'open' THEN ARRAY['raised']
        WHEN told IS NULL THEN ARRAY['raised', state]
        WHEN told ->> 'state' <> state AND state <> 'open' THEN ARRAY[state]
        ELSE ARRAY['revised']
    END
) WITH ORDINALITY AS kinds (kind, step)
WHERE told IS NULL
    OR (told -> 'state', told -> 'severity', told -> 'cause', told -> 'is_final')
    <> (content -> 'state', content -> 'severity', content -> 'cause', content -> 'is_final')
"""
CHANGES: dict[str, LiteralString] = {"hours": _HOURS, "leaderboard": _LEADERBOARD, "anomalies": _ANOMALIES}
"""Topic to what makes events of the published tables and of what was told of them last."""


def record_published(connection: Connection, touched: tuple[datetime, datetime] | None) -> int:
    """Record what is new since it was told last, for a build of these hours or of all. Returns how many events."""
    first, end = touched or (None, None)
    with connection.transaction():
        connection.execute(_TURN)
        count = sum(
            connection.execute(
                _RECORD.replace("{changed}", changed), {"topic": topic, "first": first, "end": end}
            ).rowcount
            for topic, changed in CHANGES.items()
        )
        if count:
            connection.execute(_ANNOUNCE, (CHANNEL,))
    return count
