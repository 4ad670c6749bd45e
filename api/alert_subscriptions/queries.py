"""The statements behind alert subscriptions. Each that reads or changes one names its account.

Not here: how a row is presented (schemas.py).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, LiteralString

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from api.accounts.database import AccountsDatabase
    from api.database import Database, Row

SUBSCRIPTIONS: LiteralString = """
SELECT
    wishes.subscription_id, wishes.name, wishes.topics, wishes.target_ids, wishes.families, wishes.providers,
    wishes.metrics, wishes.least_severity, wishes.direction, wishes.value_floor, wishes.value_ceiling,
    wishes.has_simulated, wishes.quiet_from, wishes.quiet_until, wishes.time_zone, wishes.is_digest, wishes.digest_at,
    (extract(epoch FROM wishes.remind_after) / 3600)::double precision AS remind_after_hours, wishes.channel,
    wishes.channel_settings, wishes.is_enabled, wishes.disabled_reason, wishes.created_at,
    CASE WHEN wishes.muted_until > now() THEN wishes.muted_until END AS muted_until,
    stops.stopped_at, stops.reason AS stop_reason, failing.given_up_at, failing.reason AS failure
FROM account.alert_subscriptions AS wishes
LEFT JOIN account.stopped_subscriptions AS stops ON wishes.subscription_id = stops.subscription_id
LEFT JOIN account.failing_subscriptions AS failing ON wishes.subscription_id = failing.subscription_id
WHERE wishes.account_id = %(account_id)s
    AND (%(subscription_id)s::uuid IS NULL OR wishes.subscription_id = %(subscription_id)s)
    AND (
        %(after_id)s::uuid IS NULL
        OR (wishes.created_at, wishes.subscription_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid)
    )
ORDER BY wishes.created_at ASC, wishes.subscription_id ASC
LIMIT %(row_limit)s
"""

# They are counted under a lock on the account, so that two requests at once do not both get the last place.
ADD: LiteralString = """
WITH owner AS MATERIALIZED (
    SELECT accounts.account_id FROM account.accounts AS accounts
    WHERE accounts.account_id = %(account_id)s FOR UPDATE
), known AS (
    SELECT count(*) AS wish_count FROM account.alert_subscriptions AS wishes
    INNER JOIN owner ON wishes.account_id = owner.account_id
)
INSERT INTO account.alert_subscriptions AS wishes (
    account_id, name, topics, target_ids, families, providers, metrics, least_severity, direction, value_floor,
    value_ceiling, has_simulated, quiet_from, quiet_until, time_zone, is_digest, digest_at, remind_after, channel,
    channel_settings
)
SELECT
    owner.account_id, %(name)s, %(topics)s::text[], %(target_ids)s::text[], %(families)s::text[],
    %(providers)s::text[], %(metrics)s::text[], %(least_severity)s, %(direction)s, %(value_floor)s::double precision,
    %(value_ceiling)s::double precision, %(has_simulated)s, %(quiet_from)s::time, %(quiet_until)s::time,
    %(time_zone)s, %(is_digest)s, %(digest_at)s::time,
    make_interval(secs => %(remind_after_hours)s::double precision * 3600), %(channel)s, %(channel_settings)s::jsonb
FROM owner CROSS JOIN known
WHERE known.wish_count < %(most)s
RETURNING wishes.subscription_id
"""

CHANGE: LiteralString = """
UPDATE account.alert_subscriptions AS wishes SET
    name = %(name)s, topics = %(topics)s::text[], target_ids = %(target_ids)s::text[],
    families = %(families)s::text[], providers = %(providers)s::text[], metrics = %(metrics)s::text[],
    least_severity = %(least_severity)s, direction = %(direction)s, value_floor = %(value_floor)s::double precision,
    value_ceiling = %(value_ceiling)s::double precision, has_simulated = %(has_simulated)s,
    quiet_from = %(quiet_from)s::time, quiet_until = %(quiet_until)s::time, time_zone = %(time_zone)s,
    is_digest = %(is_digest)s, digest_at = %(digest_at)s::time,
    remind_after = make_interval(secs => %(remind_after_hours)s::double precision * 3600),
    channel = %(channel)s, channel_settings = %(channel_settings)s::jsonb, is_enabled = %(is_enabled)s,
    disabled_reason = CASE WHEN NOT %(is_enabled)s THEN 'switched off by its account' END,
    enabled_at = CASE WHEN %(begins_again)s THEN now() ELSE wishes.enabled_at END
WHERE wishes.subscription_id = %(subscription_id)s AND wishes.account_id = %(account_id)s
RETURNING wishes.subscription_id
"""

MUTE: LiteralString = """
UPDATE account.alert_subscriptions AS wishes SET muted_until = %(until)s::timestamptz
WHERE wishes.subscription_id = %(subscription_id)s AND wishes.account_id = %(account_id)s
RETURNING wishes.subscription_id
"""

REMOVE: LiteralString = """
DELETE FROM account.alert_subscriptions AS wishes
WHERE wishes.subscription_id = %(subscription_id)s AND wishes.account_id = %(account_id)s
RETURNING wishes.subscription_id
"""

ADD_TEST: LiteralString = """
INSERT INTO account.alert_tests AS tests (subscription_id)
SELECT wishes.subscription_id FROM account.alert_subscriptions AS wishes
WHERE wishes.subscription_id = %(subscription_id)s AND wishes.account_id = %(account_id)s
    AND NOT EXISTS (
        SELECT 1 FROM account.alert_tests AS earlier
        INNER JOIN account.alert_subscriptions AS others ON earlier.subscription_id = others.subscription_id
        WHERE others.account_id = %(account_id)s
            AND earlier.requested_at > now() - make_interval(secs => %(pause_s)s)
    )
RETURNING tests.test_id
"""

TESTS: LiteralString = """
SELECT
    tests.test_id, tests.subscription_id, tests.requested_at, coalesce(tests.outcome, 'waiting') AS status,
    coalesce(tests.attempt_count, 0) AS attempt_count, tests.reason, tests.finished_at, tests.retry_at
FROM account.told_tests AS tests
INNER JOIN account.alert_subscriptions AS wishes ON tests.subscription_id = wishes.subscription_id
WHERE tests.test_id = %(test_id)s
    AND tests.subscription_id = %(subscription_id)s
    AND wishes.account_id = %(account_id)s
"""

KNOWN_NAMES: LiteralString = """
SELECT
    array(SELECT targets.target_id FROM marts.dim_targets AS targets ORDER BY targets.target_id ASC) AS target_ids,
    array(SELECT DISTINCT targets.provider FROM marts.dim_targets AS targets) AS providers,
    array(SELECT DISTINCT scores.family FROM marts.fct_leaderboard AS scores WHERE scores.family <> 'all') AS families
"""


async def subscription_rows(
    accounts: AccountsDatabase,
    account_id: UUID,
    *,
    subscription_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    row_limit: int = 1,
) -> list[Row]:
    """Those of an account, oldest first, behind the position `after`."""
    after_at, after_id = after or (None, None)
    return await accounts.fetch_all(
        SUBSCRIPTIONS,
        {
            "account_id": account_id,
            "subscription_id": subscription_id,
            "after_at": after_at,
            "after_id": after_id,
            "row_limit": row_limit,
        },
    )


async def add_subscription(
    accounts: AccountsDatabase, account_id: UUID, columns: Mapping[str, Any], most: int
) -> UUID | None:
    """Its id; None when the account has as many as it may."""
    row = await accounts.fetch_one(ADD, {**_stored(columns), "account_id": account_id, "most": most})
    return None if row is None else row["subscription_id"]


async def change_subscription(
    accounts: AccountsDatabase, account_id: UUID, subscription_id: UUID, columns: Mapping[str, Any]
) -> bool:
    """Whether there was one to change."""
    key = {"account_id": account_id, "subscription_id": subscription_id}
    return await accounts.fetch_one(CHANGE, {**_stored(columns), **key}) is not None


async def mute_subscription(
    accounts: AccountsDatabase, account_id: UUID, subscription_id: UUID, until: datetime | None
) -> bool:
    """Whether there was one to mute, or to let speak again."""
    key = {"account_id": account_id, "subscription_id": subscription_id}
    return await accounts.fetch_one(MUTE, {**key, "until": until}) is not None


async def remove_subscription(accounts: AccountsDatabase, account_id: UUID, subscription_id: UUID) -> bool:
    """Whether there was one to remove."""
    key = {"account_id": account_id, "subscription_id": subscription_id}
    return await accounts.fetch_one(REMOVE, key) is not None


async def add_test(accounts: AccountsDatabase, account_id: UUID, subscription_id: UUID, pause_s: int) -> UUID | None:
    """Its id; None when the account asked for one within the pause."""
    key = {"account_id": account_id, "subscription_id": subscription_id}
    row = await accounts.fetch_one(ADD_TEST, {**key, "pause_s": pause_s})
    return None if row is None else row["test_id"]


async def told_test(accounts: AccountsDatabase, account_id: UUID, subscription_id: UUID, test_id: UUID) -> Row | None:
    key = {"account_id": account_id, "subscription_id": subscription_id}
    return await accounts.fetch_one(TESTS, {**key, "test_id": test_id})


async def known_names(database: Database) -> Row:
    """What targets, providers and families there are: one row always."""
    row = await database.fetch_one(KNOWN_NAMES)
    return row or {}


def _stored(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {**columns, "channel_settings": json.dumps(columns["channel_settings"])}
