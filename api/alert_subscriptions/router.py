"""The routes of alert subscriptions: one's own wishes to be told of something by some way.

Not here: SQL (queries.py), shapes (schemas.py), and the delivery, which is the pipeline's.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, TypeAdapter

from api.accounts.database import AccountsDatabase, CurrentAccounts
from api.accounts.principal import AlertsHolder, Holder, entitled_to, require_scope
from api.alert_subscriptions import queries
from api.alert_subscriptions.destinations import Destination, checked_settings, shown
from api.alert_subscriptions.schemas import (
    MadeSubscription,
    MadeSubscriptionAnswer,
    Mute,
    NewSubscription,
    Status,
    Subscription,
    SubscriptionAnswer,
    SubscriptionChange,
    SubscriptionFields,
    SubscriptionId,
    SubscriptionList,
    SubscriptionsQuery,
    SubscriptionTest,
    SubscriptionTestAnswer,
    TestId,
)
from api.database import CurrentDatabase, Database, Row
from api.errors import (
    CONFLICT,
    MARTS_UNAVAILABLE,
    OF_ACCOUNTS,
    TOO_MANY_REQUESTS,
    UNKNOWN_SUBSCRIPTION,
    UNKNOWN_TEST,
    ProblemError,
    documented,
    refuse_parameter,
    refuse_unknown_value,
)
from api.pagination import split_page

MOST_SUBSCRIPTIONS = 100
"""Of an account."""
TEST_PAUSE_S = 60
"""Between two tests of an account: each is a message to somebody."""
OPERATORS_TOPICS = frozenset({"budget", "pipeline"})
NAMED = ("target_ids", "families", "providers")

Entitled = Depends(entitled_to("alerts"))
POSITION: TypeAdapter[tuple[AwareDatetime, UUID]] = TypeAdapter(tuple[AwareDatetime, UUID])

router = APIRouter(
    prefix="/v1/alert-subscriptions",
    tags=["alerts"],
    responses=documented(
        *OF_ACCOUNTS,
        MARTS_UNAVAILABLE,
    ),
)


@router.get("", summary="The account's alert subscriptions")
async def list_alert_subscriptions(
    query: Annotated[SubscriptionsQuery, Query()], response: Response, holder: AlertsHolder, accounts: CurrentAccounts
) -> SubscriptionList:
    """What is told by which way, and whether it arrives: what could not be delivered is stopped, with the reason."""
    response.headers["Cache-Control"] = "no-store"
    rows = await queries.subscription_rows(
        accounts, holder.account_id, after=query.position(POSITION), row_limit=query.limit + 1
    )
    page, has_more = split_page(rows, query.limit)
    last = page[-1] if has_more else None
    return SubscriptionList(
        data=[_presented(row) for row in page],
        next_cursor=query.cursor_after(last["created_at"].isoformat(), str(last["subscription_id"])) if last else None,
    )


@router.post(
    "", summary="Subscribe to alerts", status_code=201, responses=documented(CONFLICT), dependencies=[Entitled]
)
async def create_alert_subscription(
    wanted: NewSubscription,
    request: Request,
    response: Response,
    holder: AlertsHolder,
    accounts: CurrentAccounts,
    database: CurrentDatabase,
) -> MadeSubscriptionAnswer:
    """Names are refused when no measured model, family or provider bears them."""
    response.headers["Cache-Control"] = "no-store"
    await _check(wanted, holder, database, NAMED)
    way, secret = _way(wanted.destination, request)
    columns = wanted.model_dump(exclude={"destination"}) | way
    made = await queries.add_subscription(accounts, holder.account_id, columns, MOST_SUBSCRIPTIONS)
    if made is None:
        raise ProblemError(CONFLICT, f"The account has {MOST_SUBSCRIPTIONS} subscriptions: delete one first.")
    return await _made(accounts, holder, made, secret)


@router.get("/{subscription_id}", summary="One alert subscription", responses=documented(UNKNOWN_SUBSCRIPTION))
async def get_alert_subscription(
    subscription_id: SubscriptionId, response: Response, holder: AlertsHolder, accounts: CurrentAccounts
) -> SubscriptionAnswer:
    """What it tells by which way, and whether it arrives. Addresses and secrets are not shown."""
    response.headers["Cache-Control"] = "no-store"
    return SubscriptionAnswer(data=_presented(await _row(accounts, holder, subscription_id)))


@router.patch(
    "/{subscription_id}",
    summary="Change an alert subscription",
    responses=documented(UNKNOWN_SUBSCRIPTION),
    dependencies=[Entitled],
)
async def update_alert_subscription(
    subscription_id: SubscriptionId,
    change: SubscriptionChange,
    request: Request,
    response: Response,
    holder: AlertsHolder,
    accounts: CurrentAccounts,
    database: CurrentDatabase,
) -> MadeSubscriptionAnswer:
    """What is not named stays. Another way, or `is_enabled`, begins again what was stopped."""
    response.headers["Cache-Control"] = "no-store"
    row = await _row(accounts, holder, subscription_id)
    named = change.model_dump(exclude_unset=True, exclude={"destination"})
    changed = SubscriptionFields.model_validate(row | named)
    await _check(changed, holder, database, [name for name in NAMED if name in named])
    way, secret = _way(change.destination, request) if change.destination else (_kept_way(row), None)
    is_enabled = named.get("is_enabled", row["is_enabled"])
    begins_again = is_enabled and (change.destination is not None or "is_enabled" in named)
    columns = changed.model_dump() | way | {"is_enabled": is_enabled, "begins_again": begins_again}
    if not await queries.change_subscription(accounts, holder.account_id, subscription_id, columns):
        raise _unknown(subscription_id)
    return await _made(accounts, holder, subscription_id, secret)


@router.delete("/{subscription_id}", summary="End an alert subscription", responses=documented(UNKNOWN_SUBSCRIPTION))
async def delete_alert_subscription(
    subscription_id: SubscriptionId, response: Response, holder: AlertsHolder, accounts: CurrentAccounts
) -> SubscriptionAnswer:
    """As it was. Its messages in the app go with it."""
    response.headers["Cache-Control"] = "no-store"
    row = await _row(accounts, holder, subscription_id)
    if not await queries.remove_subscription(accounts, holder.account_id, subscription_id):
        raise _unknown(subscription_id)
    return SubscriptionAnswer(data=_presented(row))


@router.put("/{subscription_id}/mute", summary="Mute a subscription", responses=documented(UNKNOWN_SUBSCRIPTION))
async def update_alert_subscription_mute(
    subscription_id: SubscriptionId, mute: Mute, response: Response, holder: AlertsHolder, accounts: CurrentAccounts
) -> SubscriptionAnswer:
    """Nothing is told until then, and what happens meanwhile is not told afterwards."""
    return await _muted(response, accounts, holder, subscription_id, mute.until)


@router.delete("/{subscription_id}/mute", summary="Unmute a subscription", responses=documented(UNKNOWN_SUBSCRIPTION))
async def delete_alert_subscription_mute(
    subscription_id: SubscriptionId, response: Response, holder: AlertsHolder, accounts: CurrentAccounts
) -> SubscriptionAnswer:
    """What happens from now on is told again."""
    return await _muted(response, accounts, holder, subscription_id, None)


@router.post(
    "/{subscription_id}/tests",
    summary="Send a test",
    status_code=202,
    responses=documented(UNKNOWN_SUBSCRIPTION, CONFLICT, TOO_MANY_REQUESTS),
    dependencies=[Entitled],
)
async def create_alert_subscription_test(
    subscription_id: SubscriptionId, response: Response, holder: AlertsHolder, accounts: CurrentAccounts
) -> SubscriptionTestAnswer:
    """The pipeline sends it within a minute, at any hour; what became of it is at the test's own address."""
    response.headers["Cache-Control"] = "no-store"
    row = await _row(accounts, holder, subscription_id)
    if (status := _status(row)) != "active":
        raise ProblemError(CONFLICT, f"The subscription is {status}: nothing is sent to it.")
    test_id = await queries.add_test(accounts, holder.account_id, subscription_id, TEST_PAUSE_S)
    if test_id is None:
        detail = "An account has one test a minute."
        raise ProblemError(TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(TEST_PAUSE_S)})
    response.headers["Location"] = f"{router.prefix}/{subscription_id}/tests/{test_id}"
    return await _test(accounts, holder, subscription_id, test_id)


@router.get("/{subscription_id}/tests/{test_id}", summary="What became of a test", responses=documented(UNKNOWN_TEST))
async def get_alert_subscription_test(
    subscription_id: SubscriptionId,
    test_id: TestId,
    response: Response,
    holder: AlertsHolder,
    accounts: CurrentAccounts,
) -> SubscriptionTestAnswer:
    """Whether it was sent, and if not, why."""
    response.headers["Cache-Control"] = "no-store"
    return await _test(accounts, holder, subscription_id, test_id)


async def _check(
    wanted: SubscriptionFields, holder: Holder, database: Database, named: list[str] | tuple[str, ...]
) -> None:
    """Raises ProblemError for topics that the key may not have, fields that do not fit together, and unknown names."""
    if OPERATORS_TOPICS.intersection(wanted.topics):
        require_scope(holder, "operator")
    if (wanted.value_floor, wanted.value_ceiling) != (None, None) and len(wanted.metrics) != 1:
        refuse_parameter("metrics", "value_floor and value_ceiling are levels of one metric: name it.", "body")
    _check_direction(wanted)
    if (wanted.quiet_from is None) != (wanted.quiet_until is None) or (
        wanted.quiet_from is not None and wanted.quiet_from == wanted.quiet_until
    ):
        refuse_parameter("quiet_until", "quiet_from and quiet_until are two different times, or both null.", "body")
    if wanted.time_zone != "UTC" and ("/" not in wanted.time_zone or wanted.time_zone not in available_timezones()):
        refuse_parameter("time_zone", f"There is no time zone {wanted.time_zone!r}.", "body")
    if any(getattr(wanted, name) for name in named):
        known = await queries.known_names(database)
        for name in named:
            for value in getattr(wanted, name):
                refuse_unknown_value(name, value, known[name], "body")


def _check_direction(wanted: SubscriptionFields) -> None:
    """Raises invalid-parameter for a bound that only improvements pass, where none are wanted."""
    name = "value_ceiling" if wanted.metrics == ["quality"] else "value_floor"
    if wanted.direction == "worse" and getattr(wanted, name) is not None:
        detail = f"What passes the {name} of {wanted.metrics[0]} is better: ask for direction better or any."
        refuse_parameter("direction", detail, "body")


def _way(destination: Destination, request: Request) -> tuple[dict[str, Any], str | None]:
    allows_private = request.app.state.settings.alert_private_networks == "allow"
    kept, secret = checked_settings(destination, allows_private=allows_private)
    return {"channel": destination.channel, "channel_settings": kept}, secret


def _kept_way(row: Row) -> dict[str, Any]:
    return {"channel": row["channel"], "channel_settings": row["channel_settings"]}


async def _row(accounts: AccountsDatabase, holder: Holder, subscription_id: UUID) -> Row:
    rows = await queries.subscription_rows(accounts, holder.account_id, subscription_id=subscription_id)
    if not rows:
        raise _unknown(subscription_id)
    return rows[0]


def _presented(row: Row) -> Subscription:
    return Subscription.model_validate(_told(row))


def _told(row: Row) -> dict[str, Any]:
    destination = shown(row["channel"], row["channel_settings"])
    reason = row["disabled_reason"] or row["stop_reason"]
    return row | {"destination": destination, "status": _status(row), "reason": reason}


def _status(row: Row) -> Status:
    if not row["is_enabled"]:
        return "disabled"
    if row["stopped_at"] is not None:
        return "stopped"
    return "active" if row["muted_until"] is None else "muted"


async def _made(
    accounts: AccountsDatabase, holder: Holder, subscription_id: UUID, secret: str | None
) -> MadeSubscriptionAnswer:
    row = await _row(accounts, holder, subscription_id)
    return MadeSubscriptionAnswer(data=MadeSubscription.model_validate(_told(row) | {"signing_secret": secret}))


async def _muted(
    response: Response, accounts: AccountsDatabase, holder: Holder, subscription_id: UUID, until: datetime | None
) -> SubscriptionAnswer:
    response.headers["Cache-Control"] = "no-store"
    if not await queries.mute_subscription(accounts, holder.account_id, subscription_id, until):
        raise _unknown(subscription_id)
    return SubscriptionAnswer(data=_presented(await _row(accounts, holder, subscription_id)))


async def _test(
    accounts: AccountsDatabase, holder: Holder, subscription_id: UUID, test_id: UUID
) -> SubscriptionTestAnswer:
    row = await queries.told_test(accounts, holder.account_id, subscription_id, test_id)
    if row is None:
        raise ProblemError(UNKNOWN_TEST, f"There is no test {test_id} of this subscription.")
    return SubscriptionTestAnswer(data=SubscriptionTest.model_validate(row))


def _unknown(subscription_id: UUID) -> ProblemError:
    return ProblemError(UNKNOWN_SUBSCRIPTION, f"There is no subscription {subscription_id} of this account.")
