"""What changed from one measured hour of a target to its next, and from one definition of it to the next.

Not here: changes that are noticed elsewhere (prices, listings, enrolments), which are recorded once and stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from orchestration.records import ChangeKind
    from orchestration.storage.bulk_insert import Connection


@dataclass(frozen=True, slots=True)
class _Observation:
    """A kind of change that answers show: `value` is what the calls of an hour saw, `column` is null where nothing."""

    kind: ChangeKind
    column: str
    value: LiteralString


@dataclass(frozen=True, slots=True)
class _Statement:
    """A kind of change that the targets file makes: `value` is what a definition states."""

    kind: ChangeKind
    value: LiteralString


_OBSERVATIONS = (
    _Observation(
        "served_model",
        "served_model",
        "'requested_models', jsonb_agg(distinct requested_model), 'served_models', jsonb_agg(distinct served_model)",
    ),
    _Observation("fingerprint", "system_fingerprint", "'system_fingerprints', jsonb_agg(distinct system_fingerprint)"),
    _Observation("libraries", "harness_version", "'harness_versions', jsonb_agg(distinct harness_version)"),
)
_STATEMENTS = (
    _Statement("host", "jsonb_build_object('provider', provider, 'host', host)"),
    _Statement("limits", "limits"),
    _Statement("lifecycle", "jsonb_build_object('lifecycle', lifecycle, 'successor', successor)"),
    _Statement(
        "settings",
        "jsonb_build_object('quantisation', quantisation, 'reasoning_effort', reasoning_effort, 'sampling', sampling)",
    ),
)

# An hour that saw nothing of a kind (a provider that states no fingerprint, an hour of failures) is no hour of that
# kind, and a late call says nothing of its hour. Between `before` and `after` lie the touched hours alone, so that each
# hour is compared with the one before it whatever the order in which they were measured.
_OBSERVED_CHANGES: LiteralString = """
with touched as (
    select distinct target_id
    from raw.responses
    where benchmark_hour between %(first)s and %(last)s and not is_late and {column} is not null
),
around as (
    select
        touched.target_id,
        coalesce(before.benchmark_hour, %(first)s) as first_hour,
        coalesce(after.benchmark_hour, %(last)s) as last_hour
    from touched
    left join lateral (
        select benchmark_hour from raw.responses
        where
            target_id = touched.target_id and benchmark_hour < %(first)s and not is_late and {column} is not null
        order by benchmark_hour desc limit 1
    ) as before on true
    left join lateral (
        select benchmark_hour from raw.responses
        where
            target_id = touched.target_id and benchmark_hour > %(last)s and not is_late and {column} is not null
        order by benchmark_hour asc limit 1
    ) as after on true
),
seen as (
    select responses.target_id, responses.benchmark_hour, jsonb_build_object({value}) as value
    from around
    inner join raw.responses
        on around.target_id = responses.target_id
        and responses.benchmark_hour between around.first_hour and around.last_hour
    where not responses.is_late and responses.{column} is not null
    group by responses.target_id, responses.benchmark_hour
),
compared as (
    select
        target_id,
        benchmark_hour,
        lag(value) over (partition by target_id order by benchmark_hour) as old_value,
        value as new_value
    from seen
),
changed as (
    select * from compared
    where benchmark_hour >= %(first)s and old_value is not null and old_value <> new_value
),
outdated as (
    delete from raw.changes as known
    using around
    where
        known.kind = {kind} and known.subject = around.target_id
        and known.effective_at between %(first)s and around.last_hour
        and not exists (
            select from changed
            where changed.target_id = known.subject and changed.benchmark_hour = known.effective_at
        )
)
insert into raw.changes as known (kind, subject, effective_at, old_value, new_value, source, noticed_at)
select {kind}, target_id, benchmark_hour, old_value, new_value, 'responses', %(noticed_at)s
from changed
on conflict (kind, subject, effective_at) do update
set old_value = excluded.old_value, new_value = excluded.new_value, noticed_at = excluded.noticed_at
where known.old_value <> excluded.old_value or known.new_value <> excluded.new_value
"""

# Definitions that were recorded before limits were kept are not compared: what they left out is unknown.
_STATED_CHANGES: LiteralString = """
insert into raw.changes (kind, subject, effective_at, old_value, new_value, source, noticed_at)
select {kind}, target_id, recorded_at, old_value, new_value, 'targets', %(noticed_at)s
from (
    select
        target_id,
        recorded_at,
        lag({value}) over (partition by target_id order by recorded_at, definition_sha256) as old_value,
        {value} as new_value
    from raw.targets
    where limits is not null
) as compared
where old_value <> new_value
on conflict do nothing
"""


def record_observed_changes(connection: Connection, hours: Sequence[datetime], noticed_at: datetime) -> int:
    """What the answers of these hours, and of the next measured one, show against the measured hour before each.

    Rows that an hour measured between two others has made untrue are corrected or go. Returns how many were written.
    """
    if not hours:
        return 0
    parameters = {"first": min(hours), "last": max(hours), "noticed_at": noticed_at}
    written = 0
    for observation in _OBSERVATIONS:
        query = sql.SQL(_OBSERVED_CHANGES).format(
            kind=sql.Literal(observation.kind),
            column=sql.Identifier(observation.column),
            value=sql.SQL(observation.value),
        )
        written += connection.execute(query, parameters).rowcount
    return written


def record_stated_changes(connection: Connection, noticed_at: datetime) -> int:
    """What each recorded definition of a target states otherwise than the one before it. Returns how many are new."""
    written = 0
    for statement in _STATEMENTS:
        query = sql.SQL(_STATED_CHANGES).format(kind=sql.Literal(statement.kind), value=sql.SQL(statement.value))
        written += connection.execute(query, {"noticed_at": noticed_at}).rowcount
    return written
