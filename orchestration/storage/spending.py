"""What calls were charged in each hour, day and month, and the one place where an amount is set aside for a call.

An account keeps when it first left a call out, too. Not here: which amounts, and which limits hold (collection.budget).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeVar

from psycopg import OperationalError

from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from orchestration.storage.bulk_insert import Connection

Found = TypeVar("Found")

PATIENCE_S: Final = 120.0
_BETWEEN_TRIES_S: Final = 1.0

_OPEN = """
INSERT INTO raw.spending (grain, period_start, target_id)
SELECT * FROM unnest(%(grains)s::text[], %(starts)s::timestamptz[], %(targets)s::text[])
ON CONFLICT DO NOTHING
"""
_READ = """
SELECT grain, period_start, target_id, spent_usd FROM raw.spending
WHERE (grain, period_start, target_id) IN (
    SELECT * FROM unnest(%(grains)s::text[], %(starts)s::timestamptz[], %(targets)s::text[])
)
ORDER BY grain, period_start, target_id
"""
_LOCK = _READ + "FOR UPDATE"
_CHARGE = """
UPDATE raw.spending SET spent_usd = greatest(0, spent_usd + %(amount)s)
WHERE (grain, period_start, target_id) IN (
    SELECT * FROM unnest(%(grains)s::text[], %(starts)s::timestamptz[], %(targets)s::text[])
)
"""
_NOTE = """
INSERT INTO raw.spending AS known (grain, period_start, target_id, left_out_at)
SELECT *, clock_timestamp() FROM unnest(%(grains)s::text[], %(starts)s::timestamptz[], %(targets)s::text[])
ON CONFLICT (grain, period_start, target_id) DO UPDATE
SET left_out_at = excluded.left_out_at WHERE known.left_out_at IS NULL
"""
_LEFT_OUT = """
SELECT grain, period_start, target_id, left_out_at FROM raw.spending
WHERE left_out_at IS NOT NULL AND (grain, period_start, target_id) IN (
    SELECT * FROM unnest(%(grains)s::text[], %(starts)s::timestamptz[], %(targets)s::text[])
)
"""

_BELOW_COSTS = """
SELECT made.target_id, made.cost_usd, coalesce(known.spent_usd, 0)
FROM (
    SELECT target_id, sum(cost_usd) AS cost_usd FROM raw.responses
    WHERE NOT is_simulated AND started_at >= %(start)s AND benchmark_hour >= %(start)s GROUP BY target_id
) AS made
LEFT JOIN raw.spending AS known
    ON known.target_id = made.target_id AND known.grain = 'month' AND known.period_start = %(start)s
WHERE made.cost_usd > coalesce(known.spent_usd, 0) ORDER BY made.target_id
"""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """A period (UTC) of a target, or with an empty `target_id` of all real targets together."""

    grain: str
    period_start: datetime
    target_id: str


class SpendingLedger:
    """Accounts in the database: whoever spends on the same database, in any process, spends from the same ones.

    One transaction locks the accounts of a call, looks and charges: what is set aside never exceeds a limit. A program
    that is killed leaves what it had set aside as spent.

    When the database goes away, a ledger that can `reconnect` waits two minutes for it: calls under way end meanwhile.
    An amount whose confirmation was lost may be charged twice, never not at all.
    """

    def __init__(self, connection: Connection, reconnect: Callable[[], Connection] | None = None) -> None:
        self._connection = connection
        self._reconnect = reconnect

    def spent(self, accounts: Collection[Account]) -> dict[Account, Decimal]:
        """What was spent or is set aside."""
        if not accounts:
            return {}
        return self._with_database(lambda connection: _spent(connection, accounts))

    def set_aside(
        self, amount_usd: Decimal, limits: Mapping[Account, Decimal | None]
    ) -> tuple[Account, Decimal] | None:
        """Charge all accounts with the amount, or none and return the first that it does not fit, with its spending."""
        return self._with_database(lambda connection: _set_aside(connection, amount_usd, limits))

    def correct(self, difference_usd: Decimal, accounts: Collection[Account]) -> None:
        """Add what a call was charged more than was set aside, or give back with a negative difference."""
        return self._with_database(lambda connection: _charge(connection, difference_usd, accounts))

    def note_left_out(self, accounts: Collection[Account]) -> None:
        """Keep when the accounts first left a call out."""
        return self._with_database(lambda connection: _note_left_out(connection, accounts))

    def left_out(self, accounts: Collection[Account]) -> dict[Account, datetime]:
        """When those of the accounts that left calls out first did."""
        return self._with_database(lambda connection: _left_out(connection, accounts))

    def _with_database(self, do: Callable[[Connection], Found]) -> Found:
        ends_at = time.monotonic() + PATIENCE_S
        while True:
            try:
                return do(self._connection)
            except OperationalError:
                if self._reconnect is None or not self._connection.closed:
                    raise
                self._connection = reconnected(self._reconnect, ends_at)


def reconnected(reconnect: Callable[[], Connection], ends_at: float) -> Connection:
    """Raises the OperatorError of the last try when the time is over."""
    while True:
        try:
            return reconnect()
        except OperatorError:
            if time.monotonic() >= ends_at:
                raise
            time.sleep(_BETWEEN_TRIES_S)


def _spent(connection: Connection, accounts: Collection[Account]) -> dict[Account, Decimal]:
    with connection.transaction():
        rows = connection.execute(_READ, _parameters(accounts)).fetchall()
    return dict.fromkeys(accounts, Decimal(0)) | {Account(*row[:3]): row[3] for row in rows}


def _set_aside(
    connection: Connection, amount_usd: Decimal, limits: Mapping[Account, Decimal | None]
) -> tuple[Account, Decimal] | None:
    parameters = _parameters(limits)
    with connection.transaction():
        connection.execute(_OPEN, parameters)
        for row in connection.execute(_LOCK, parameters):
            account, spent = Account(*row[:3]), row[3]
            limit = limits[account]
            if limit is not None and spent + amount_usd > limit:
                return account, spent
        connection.execute(_CHARGE, parameters | {"amount": amount_usd})
    return None


def _charge(connection: Connection, amount_usd: Decimal, accounts: Collection[Account]) -> None:
    with connection.transaction():
        connection.execute(_CHARGE, _parameters(accounts) | {"amount": amount_usd})


def _note_left_out(connection: Connection, accounts: Collection[Account]) -> None:
    with connection.transaction():
        connection.execute(_NOTE, _parameters(accounts))


def _left_out(connection: Connection, accounts: Collection[Account]) -> dict[Account, datetime]:
    with connection.transaction():
        rows = connection.execute(_LEFT_OUT, _parameters(accounts)).fetchall()
    return {Account(*row[:3]): row[3] for row in rows}


def targets_below_costs(connection: Connection, month: datetime) -> list[str]:
    """Real targets whose account of a month, from its start, holds less than its hours' calls cost, in words."""
    rows = connection.execute(_BELOW_COSTS, {"start": month}).fetchall()
    return [f"{target_id}: {spent} USD in the account, {cost} USD by its calls" for target_id, cost, spent in rows]


def _parameters(accounts: Collection[Account]) -> dict[str, object]:
    known = sorted(accounts)
    return {
        "grains": [account.grain for account in known],
        "starts": [account.period_start for account in known],
        "targets": [account.target_id for account in known],
    }
