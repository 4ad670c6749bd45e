"""What events are made of: anomalies, changes, names and families, and an hourly series for a chart.

Not here: which of it is an event (alerting).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString, NamedTuple

from psycopg import sql
from psycopg.errors import InvalidSchemaName, UndefinedTable
from psycopg.rows import class_row, dict_row

from orchestration.storage.anomaly_rows import ANOMALIES, Anomaly

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.storage.bulk_insert import Connection


class KnownTarget(NamedTuple):
    """What a target is called and whose it is."""

    target_id: str
    label: str
    provider: str
    model: str
    is_simulated: bool


class Families(NamedTuple):
    """By scenario, and all of a suite's newest version."""

    of_scenario: dict[str, str]
    of_suite: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class PublishedAnomaly(Anomaly):
    """The newest revision of an alarm, and when the first was computed."""

    published_at: datetime


_ANOMALIES: LiteralString = """
select {columns}, published_at from (
    select distinct on (anomaly_id) *, min(computed_at) over (partition by anomaly_id) as published_at
    from raw.anomalies order by anomaly_id, revision desc
) as newest
where computed_at >= %(since)s or state = 'open'
order by raised_hour, anomaly_id
"""
_TARGETS: LiteralString = """
select distinct on (target_id) target_id, label, provider, model, is_simulated
from raw.targets order by target_id, recorded_at desc
"""
_CHANGES: LiteralString = """
select kind, subject, effective_at, old_value, new_value, source, noticed_at from raw.changes
where recorded_at >= %(since)s and kind in ('price', 'listing', 'lifecycle', 'served_model')
order by effective_at, kind, subject
"""
_FAMILIES: LiteralString = "select distinct scenario_id, family from raw.scenarios"
_FAMILIES_OF_SUITES: LiteralString = """
select suite, array_agg(distinct family order by family)
from (select *, max(suite_version) over (partition by suite) as newest from raw.suites) as suites
inner join raw.scenarios using (scenario_id, scenario_version)
where suite_version = newest group by suite
"""

_VALUES: dict[str, LiteralString] = {
    "quality": "avg(score_mean)",
    "latency": "avg(latency_p50_ms)",
    "ttft": "avg(time_to_first_token_p50_ms)",
    "cost": "avg(cost_mean_usd)::double precision",
    "errors": "sum(failed_count)::double precision / nullif(sum(answered_count + failed_count), 0)",
}
_SERIES: LiteralString = """
select benchmark_hour, {value} from intermediate.int_detection_cells
where
    target_id = %(target_id)s and suite = %(suite)s and is_simulated = %(is_simulated)s
    and benchmark_hour between %(first)s and %(last)s
group by benchmark_hour having {value} is not null order by benchmark_hour
"""


def read_anomaly_news(connection: Connection, since: datetime) -> list[PublishedAnomaly]:
    """The newest revision of each anomaly of which something was learnt since a moment, or that is open."""
    query = sql.SQL(_ANOMALIES).format(columns=ANOMALIES.column_list)
    with connection.cursor(row_factory=class_row(PublishedAnomaly)) as cursor:
        return cursor.execute(query, {"since": since}).fetchall()


def read_known_targets(connection: Connection) -> dict[str, KnownTarget]:
    return {row[0]: KnownTarget(*row) for row in connection.execute(_TARGETS)}


def read_changes(connection: Connection, since: datetime) -> list[dict[str, Any]]:
    """Changes of prices, listings, lifecycles and served models that were recorded since a moment."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_CHANGES, {"since": since}).fetchall()


def read_families(connection: Connection) -> Families:
    rows = (connection.execute(query).fetchall() for query in (_FAMILIES, _FAMILIES_OF_SUITES))
    return Families(*map(dict, rows))


def read_series(
    connection: Connection, target_id: str, suite: str, is_simulated: bool, metric: str, first: datetime, last: datetime
) -> list[tuple[datetime, float]]:
    """The metric's hourly means in its unit; none where the warehouse was not built yet."""
    query = sql.SQL(_SERIES).format(value=sql.SQL(_VALUES[metric]))
    parameters = {
        "target_id": target_id,
        "suite": suite,
        "is_simulated": is_simulated,
        "first": first,
        "last": last,
    }
    try:
        with connection.transaction():
            return connection.execute(query, parameters).fetchall()
    except (UndefinedTable, InvalidSchemaName):
        return []


_MARKS: LiteralString = """
select coalesce(max(row_number), 0)::text || '-' || (select count(*) from raw.changes)::text from raw.anomalies
"""


def news_mark(connection: Connection) -> str:
    """Another text whenever there are new revisions of anomalies or new changes."""
    row = connection.execute(_MARKS).fetchone()
    return "" if row is None else str(row[0])
