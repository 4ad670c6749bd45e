"""The routes of one's own account and its API keys.

Not here: SQL (queries.py), shapes (schemas.py), and accounts of others (admin).
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import SecretStr

from api.accounts import queries
from api.accounts.api_keys import ApiKey
from api.accounts.database import CurrentAccounts
from api.accounts.principal import AccountHolder, CurrentPrincipal, Principal, require_scope
from api.accounts.schemas import (
    Account,
    AccountAnswer,
    ApiKeyAnswer,
    ApiKeyEntry,
    ApiKeyId,
    ApiKeyList,
    MadeApiKey,
    MadeApiKeyAnswer,
    NewApiKey,
    Rotation,
)
from api.database import Row
from api.errors import (
    CONFLICT,
    OF_ACCOUNTS,
    UNKNOWN_API_KEY,
    ProblemError,
    documented,
)
from api.parameters import NoQuery

MOST_KEYS = 50
"""Living ones of an account."""

router = APIRouter(
    prefix="/v1/account",
    tags=["account"],
    responses=documented(*OF_ACCOUNTS),
)


@router.get("", summary="Whose key was sent, and what it may do")
async def get_account(
    _: NoQuery,
    request: Request,
    response: Response,
    principal: CurrentPrincipal,
    holder: AccountHolder,
    accounts: CurrentAccounts,
) -> AccountAnswer:
    """The account, its tier, and what is left of this hour's requests."""
    response.headers["Cache-Control"] = "no-store"
    row = (await queries.account_rows(accounts, account_id=holder.account_id))[0]
    told = row | _of_tier(principal) | await _left(request, principal)
    return AccountAnswer(
        data=Account.model_validate(told | {"api_key_id": holder.api_key_id, "scopes": sorted(holder.scopes)})
    )


@router.get("/keys", summary="The keys of the account")
async def list_api_keys(_: NoQuery, response: Response, holder: AccountHolder, accounts: CurrentAccounts) -> ApiKeyList:
    """Every key with its scopes and its last use, those that have expired or were revoked too; never a secret."""
    response.headers["Cache-Control"] = "no-store"
    rows = await queries.key_rows(accounts, account_id=holder.account_id)
    return ApiKeyList(data=[ApiKeyEntry.model_validate(row) for row in rows])


@router.post("/keys", summary="Make a key", status_code=201, responses=documented(CONFLICT))
async def create_api_key(
    wanted: NewApiKey, request: Request, response: Response, holder: AccountHolder, accounts: CurrentAccounts
) -> MadeApiKeyAnswer:
    """The whole key is in this answer and nowhere else. It can have no scope that the key that was sent has not."""
    response.headers["Cache-Control"] = "no-store"
    for scope in wanted.scopes:
        require_scope(holder, scope)
    key = ApiKey.made()
    row = await queries.add_key(
        accounts,
        holder.account_id,
        api_key_id=key.api_key_id,
        digest=key.digest(_secret(request)),
        name=wanted.name,
        scopes=wanted.scopes,
        expires_at=_end(wanted.expires_in_days),
        most_keys=MOST_KEYS,
    )
    if row is None:
        raise ProblemError(CONFLICT, f"The account has {MOST_KEYS} living keys: revoke one first.")
    return _made(row, key)


@router.post(
    "/keys/{api_key_id}/rotations", summary="Replace a key", status_code=201, responses=documented(UNKNOWN_API_KEY)
)
async def create_api_key_rotation(
    api_key_id: ApiKeyId,
    wanted: Rotation,
    request: Request,
    response: Response,
    holder: AccountHolder,
    accounts: CurrentAccounts,
) -> MadeApiKeyAnswer:
    """A new key with the name and scopes of this one, which ends after the overlap."""
    response.headers["Cache-Control"] = "no-store"
    for known in await queries.key_rows(accounts, account_id=holder.account_id, api_key_id=api_key_id):
        for scope in known["scopes"]:
            require_scope(holder, scope)
    key = ApiKey.made()
    row = await queries.rotate_key(
        accounts,
        api_key_id,
        account_id=holder.account_id,
        api_key_id=key.api_key_id,
        digest=key.digest(_secret(request)),
        overlap_hours=wanted.overlap_hours,
        expires_at=_end(wanted.expires_in_days),
    )
    if row is None:
        raise _unknown(api_key_id)
    return _made(row, key)


@router.delete("/keys/{api_key_id}", summary="Revoke a key", responses=documented(UNKNOWN_API_KEY))
async def delete_api_key(
    api_key_id: ApiKeyId, response: Response, holder: AccountHolder, accounts: CurrentAccounts
) -> ApiKeyAnswer:
    """The key is refused from the next request on, also when it is the one that was sent. Its entry stays."""
    response.headers["Cache-Control"] = "no-store"
    row = await queries.revoke_key(accounts, api_key_id, account_id=holder.account_id)
    if row is None:
        raise _unknown(api_key_id)
    return ApiKeyAnswer(data=ApiKeyEntry.model_validate(row))


def _of_tier(principal: Principal) -> dict[str, Any]:
    tier = principal.tier
    return {
        "tier": tier.name,
        "features": sorted(tier.features),
        "history_days": tier.history_days,
        "requests_per_hour": tier.requests_per_hour,
    }


async def _left(request: Request, principal: Principal) -> dict[str, Any]:
    quota = principal.quota
    usage = None if quota is None else await request.app.state.limits.look(quota, principal.caller)
    return {
        "remaining_count": None if usage is None else usage.remaining_count,
        "reset_s": None if usage is None else usage.reset_s,
    }


def _secret(request: Request) -> SecretStr:
    """The server's; whoever has a key was known by it."""
    secret: SecretStr = request.app.state.settings.key_secret
    return secret


def _end(days: int | None) -> datetime | None:
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


def _made(row: Row, key: ApiKey) -> MadeApiKeyAnswer:
    return MadeApiKeyAnswer(data=MadeApiKey.model_validate(row | {"api_key": key.text}))


def _unknown(api_key_id: str) -> ProblemError:
    return ProblemError(UNKNOWN_API_KEY, f"There is no living key {api_key_id} of this account.")
