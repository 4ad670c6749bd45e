"""Who asks: an account by its key, or somebody unknown; and what a route demands of them, as annotated types.

Not here: how a request comes to have a principal (admission).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID  # noqa: TC003 - FastAPI reads the annotations

from fastapi import Depends
from fastapi.security import APIKeyHeader, HTTPBearer
from starlette.requests import HTTPConnection  # noqa: TC002

from api.accounts.api_keys import Scope  # noqa: TC001
from api.entitlements import Feature, Tier, refuse_feature
from api.errors import MISSING_SCOPE, UNAUTHENTICATED, ProblemError
from api.rate_limits import Quota

if TYPE_CHECKING:
    from collections.abc import Callable

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="aibaas"'}
READMIT = "readmit"
"""Where admission leaves in the state of a connection what asks again whether its caller may ask."""
WRONG_KEY = {"WWW-Authenticate": 'Bearer realm="aibaas", error="invalid_token"'}


@dataclass(frozen=True, slots=True)
class Holder:
    """An account, by the key that was sent."""

    account_id: UUID
    api_key_id: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, and may do what `tier` says. `address` is what callers without a key are counted by."""

    tier: Tier
    address: str
    holder: Holder | None = None

    @property
    def caller(self) -> str:
        """Whose requests are counted together."""
        return f"account {self.holder.account_id}" if self.holder else f"address {self.address}"

    @property
    def history_start(self) -> datetime | None:
        """The first moment that is in the tier: the start of a day (UTC), so that it stands still within one."""
        if self.tier.history_days is None:
            return None
        return datetime.combine(datetime.now(UTC).date() - timedelta(days=self.tier.history_days), time(), UTC)

    def history_from(self, since: datetime | None) -> datetime | None:
        """`since`, or where nothing is said the first moment that is in the tier."""
        return since or self.history_start

    @property
    def quota(self) -> Quota | None:
        """None for a tier without limit."""
        amount = self.tier.requests_per_hour
        return None if amount is None else Quota(self.tier.name, amount)


async def readmit(connection: HTTPConnection) -> None:
    """Before another request on a connection that stays open. Raises ProblemError and the errors of the database."""
    await connection.scope["state"][READMIT]()


def get_principal(connection: HTTPConnection) -> Principal:
    principal: Principal = connection.state.principal
    return principal


async def _current_principal(connection: HTTPConnection) -> Principal:
    return get_principal(connection)


CurrentPrincipal = Annotated[Principal, Depends(_current_principal)]

_BEARER = HTTPBearer(auto_error=False, scheme_name="bearer", description="`Authorization: Bearer aib_…`")
_HEADER = APIKeyHeader(name="X-API-Key", auto_error=False, scheme_name="api_key", description="`X-API-Key: aib_…`")


def holder_with(scope: Scope) -> Callable[..., Holder]:
    """The dependency of a route that is for accounts whose key has the scope."""

    def get_holder(
        principal: CurrentPrincipal,
        _bearer: Annotated[Any, Depends(_BEARER)],
        _header: Annotated[Any, Depends(_HEADER)],
    ) -> Holder:
        if principal.holder is None:
            raise ProblemError(UNAUTHENTICATED, "This is only for accounts: send an API key.", headers=CHALLENGE)
        require_scope(principal.holder, scope)
        return principal.holder

    return get_holder


def require_scope(holder: Holder, scope: Scope) -> None:
    """Raises missing-scope."""
    if scope not in holder.scopes:
        raise ProblemError(
            MISSING_SCOPE,
            f"The key {holder.api_key_id} has no scope {scope}.",
            headers={"WWW-Authenticate": f'Bearer realm="aibaas", error="insufficient_scope", scope="{scope}"'},
        )


def entitled_to(feature: Feature) -> Callable[[Principal], None]:
    """The dependency of a route that is for tiers with the feature."""

    def check(principal: CurrentPrincipal) -> None:
        refuse_feature(principal.tier, feature)

    return check


AccountHolder = Annotated[Holder, Depends(holder_with("account"))]
AlertsHolder = Annotated[Holder, Depends(holder_with("alerts"))]
