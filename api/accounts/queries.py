"""The statements behind accounts and their API keys.

Not here: what a key looks like (api_keys), nor how a row is presented (schemas).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from api.accounts.api_keys import Scope
    from api.accounts.database import AccountsDatabase
    from api.database import Row
    from api.entitlements import TierName

PRESENTED_KEY: LiteralString = """
SELECT
    keys.api_key_id, keys.account_id, keys.digest, keys.scopes, accounts.tier,
    keys.revoked_at IS NOT NULL AS is_revoked,
    coalesce(keys.expires_at <= now(), false) AS is_expired,
    accounts.closed_at IS NOT NULL AS is_closed,
    coalesce(keys.last_used_at < now() - interval '1 minute', true) AS is_use_to_be_noted
FROM account.api_keys AS keys
INNER JOIN account.accounts AS accounts ON keys.account_id = accounts.account_id
WHERE keys.api_key_id = %(api_key_id)s
"""

LIVING_KEYS: LiteralString = """
SELECT keys.api_key_id, accounts.tier
FROM account.api_keys AS keys
INNER JOIN account.accounts AS accounts ON keys.account_id = accounts.account_id
WHERE keys.api_key_id = any(%(api_key_ids)s::text[])
    AND keys.revoked_at IS NULL
    AND coalesce(keys.expires_at > now(), true)
    AND accounts.closed_at IS NULL
"""

NOTE_USE: LiteralString = """
UPDATE account.api_keys AS keys SET last_used_at = now()
WHERE keys.api_key_id = %(api_key_id)s
    AND coalesce(keys.last_used_at < now() - interval '1 minute', true)
"""

KEYS: LiteralString = """
SELECT
    keys.api_key_id, keys.name, keys.scopes, keys.rotated_from, keys.created_at, keys.expires_at, keys.last_used_at,
    keys.revoked_at, accounts.email
FROM account.api_keys AS keys
INNER JOIN account.accounts AS accounts ON keys.account_id = accounts.account_id
WHERE (%(account_id)s::uuid IS NULL OR keys.account_id = %(account_id)s)
    AND (%(api_key_id)s::text IS NULL OR keys.api_key_id = %(api_key_id)s)
ORDER BY accounts.email ASC, keys.created_at ASC, keys.api_key_id ASC
"""

# Rows of an account are counted under a lock on it, so that two requests at once do not both get the last place.
ADD_KEY: LiteralString = """
WITH owner AS MATERIALIZED (
    SELECT accounts.account_id FROM account.accounts AS accounts
    WHERE accounts.account_id = %(account_id)s FOR UPDATE
), living AS (
    SELECT count(*) AS key_count FROM account.api_keys AS known
    INNER JOIN owner ON known.account_id = owner.account_id
    WHERE known.revoked_at IS NULL AND coalesce(known.expires_at > now(), true)
)
INSERT INTO account.api_keys AS keys (api_key_id, account_id, name, digest, scopes, expires_at)
SELECT
    %(api_key_id)s, owner.account_id, %(name)s, %(digest)s, %(scopes)s::text[],
    %(expires_at)s::timestamptz
FROM owner CROSS JOIN living
WHERE living.key_count < %(most_keys)s
RETURNING keys.api_key_id
"""

ROTATE_KEY: LiteralString = """
WITH former AS (
    UPDATE account.api_keys AS old
    SET expires_at = least(old.expires_at, now() + make_interval(hours => %(overlap_hours)s))
    WHERE old.api_key_id = %(former_id)s
        AND (%(account_id)s::uuid IS NULL OR old.account_id = %(account_id)s)
        AND old.revoked_at IS NULL
        AND coalesce(old.expires_at > now(), true)
    RETURNING old.api_key_id, old.account_id, old.name, old.scopes
)
INSERT INTO account.api_keys AS keys (api_key_id, account_id, name, digest, scopes, rotated_from, expires_at)
SELECT
    %(api_key_id)s, former.account_id, former.name, %(digest)s, former.scopes, former.api_key_id,
    %(expires_at)s::timestamptz
FROM former
RETURNING keys.api_key_id
"""

REVOKE_KEY: LiteralString = """
UPDATE account.api_keys AS keys SET revoked_at = coalesce(keys.revoked_at, now())
WHERE keys.api_key_id = %(api_key_id)s AND (%(account_id)s::uuid IS NULL OR keys.account_id = %(account_id)s)
RETURNING keys.api_key_id
"""

RECORD_ALERT_TIERS: LiteralString = """
WITH others AS (DELETE FROM account.alert_tiers AS former WHERE former.tier <> all(%(tiers)s::text[]))
INSERT INTO account.alert_tiers (tier) SELECT unnest(%(tiers)s::text[])
ON CONFLICT (tier) DO NOTHING
"""

ACCOUNTS: LiteralString = """
SELECT accounts.account_id, accounts.email, accounts.tier, accounts.created_at, accounts.closed_at
FROM account.accounts AS accounts
WHERE (%(account_id)s::uuid IS NULL OR accounts.account_id = %(account_id)s)
    AND (%(email)s::text IS NULL OR accounts.email = %(email)s)
ORDER BY accounts.email ASC
"""

ADD_ACCOUNT: LiteralString = """
INSERT INTO account.accounts AS accounts (email, tier) VALUES (%(email)s, %(tier)s)
ON CONFLICT (email) DO NOTHING
RETURNING accounts.email
"""

CHANGE_TIER: LiteralString = """
UPDATE account.accounts AS accounts SET tier = %(tier)s WHERE accounts.email = %(email)s
RETURNING accounts.email
"""

CLOSE_ACCOUNT: LiteralString = """
UPDATE account.accounts AS accounts
SET closed_at = CASE WHEN %(is_closed)s THEN coalesce(accounts.closed_at, now()) END
WHERE accounts.email = %(email)s
RETURNING accounts.email
"""


async def presented_key(accounts: AccountsDatabase, api_key_id: str) -> Row | None:
    """What there is of the key and its account, asked anew each time, so that a revocation holds at once."""
    return await accounts.fetch_one(PRESENTED_KEY, {"api_key_id": api_key_id})


async def tiers_of_living_keys(accounts: AccountsDatabase, api_key_ids: Collection[str]) -> dict[str, TierName]:
    """Of these keys those that would be taken now, with the tiers of their accounts."""
    rows = await accounts.fetch_all(LIVING_KEYS, {"api_key_ids": list(api_key_ids)})
    return {row["api_key_id"]: row["tier"] for row in rows}


async def note_use(accounts: AccountsDatabase, api_key_id: str) -> None:
    """At most once a minute."""
    await accounts.fetch_all(NOTE_USE, {"api_key_id": api_key_id})


async def key_rows(
    accounts: AccountsDatabase, *, account_id: UUID | None = None, api_key_id: str | None = None
) -> list[Row]:
    """Keys, oldest first, those that are revoked too."""
    return await accounts.fetch_all(KEYS, {"account_id": account_id, "api_key_id": api_key_id})


async def add_key(
    accounts: AccountsDatabase,
    account_id: UUID,
    *,
    api_key_id: str,
    digest: bytes,
    name: str,
    scopes: Sequence[Scope],
    expires_at: datetime | None,
    most_keys: int,
) -> Row | None:
    """The row of a new key; None when the account has as many living ones as it may."""
    return await _changed_key(
        accounts,
        ADD_KEY,
        {
            "account_id": account_id,
            "api_key_id": api_key_id,
            "digest": digest,
            "name": name,
            "scopes": sorted(set(scopes)),
            "expires_at": expires_at,
            "most_keys": most_keys,
        },
    )


async def rotate_key(
    accounts: AccountsDatabase,
    former_id: str,
    *,
    account_id: UUID | None,
    api_key_id: str,
    digest: bytes,
    overlap_hours: int,
    expires_at: datetime | None,
) -> Row | None:
    """The row of the key that takes the other's place; None when there is no such living key."""
    return await _changed_key(
        accounts,
        ROTATE_KEY,
        {
            "former_id": former_id,
            "account_id": account_id,
            "api_key_id": api_key_id,
            "digest": digest,
            "overlap_hours": overlap_hours,
            "expires_at": expires_at,
        },
    )


async def revoke_key(accounts: AccountsDatabase, api_key_id: str, *, account_id: UUID | None = None) -> Row | None:
    """The key, revoked now or before; None when there is none."""
    return await _changed_key(accounts, REVOKE_KEY, {"api_key_id": api_key_id, "account_id": account_id})


async def record_alert_tiers(accounts: AccountsDatabase, tiers: Sequence[str]) -> None:
    """That these tiers have alerts, and no others."""
    await accounts.fetch_all(RECORD_ALERT_TIERS, {"tiers": list(tiers)})


async def account_rows(
    accounts: AccountsDatabase, *, account_id: UUID | None = None, email: str | None = None
) -> list[Row]:
    return await accounts.fetch_all(ACCOUNTS, {"account_id": account_id, "email": email})


async def add_account(accounts: AccountsDatabase, email: str, tier: str) -> Row | None:
    """None when the address has an account."""
    return await _changed_account(accounts, ADD_ACCOUNT, {"email": email, "tier": tier})


async def change_tier(accounts: AccountsDatabase, email: str, tier: str) -> Row | None:
    """None when the address has no account."""
    return await _changed_account(accounts, CHANGE_TIER, {"email": email, "tier": tier})


async def close_account(accounts: AccountsDatabase, email: str, *, is_closed: bool) -> Row | None:
    """Refuse its keys and tell it nothing, or let both again; None when the address has no account."""
    return await _changed_account(accounts, CLOSE_ACCOUNT, {"email": email, "is_closed": is_closed})


async def _changed_key(
    accounts: AccountsDatabase, statement: LiteralString, parameters: Mapping[str, object]
) -> Row | None:
    if (changed := await accounts.fetch_one(statement, parameters)) is None:
        return None
    return (await key_rows(accounts, api_key_id=changed["api_key_id"]))[0]


async def _changed_account(
    accounts: AccountsDatabase, statement: LiteralString, parameters: Mapping[str, object]
) -> Row | None:
    if (changed := await accounts.fetch_one(statement, parameters)) is None:
        return None
    return (await account_rows(accounts, email=changed["email"]))[0]
