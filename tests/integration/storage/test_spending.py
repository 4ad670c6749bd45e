from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from orchestration.storage.database import COLLECTOR
from orchestration.storage.spending import Account, SpendingLedger

if TYPE_CHECKING:
    from orchestration.storage.database import Database

DAY = datetime(2026, 11, 26, tzinfo=UTC)
ALL, ONE = Account("day", DAY, ""), Account("day", DAY, "one")
LIMITS = {ALL: Decimal(1), ONE: None}


def test_an_amount_is_set_aside_in_all_accounts_or_in_none(database: Database) -> None:
    with database.connect(COLLECTOR) as connection:
        ledger = SpendingLedger(connection)
        assert ledger.spent(LIMITS) == {ALL: 0, ONE: 0}
        assert ledger.set_aside(Decimal("0.7"), LIMITS) is None
        assert ledger.set_aside(Decimal("0.4"), LIMITS) == (ALL, Decimal("0.7"))
        assert ledger.spent(LIMITS) == {ALL: Decimal("0.7"), ONE: Decimal("0.7")}
        ledger.correct(Decimal("-0.6"), LIMITS)
        assert ledger.set_aside(Decimal("0.9"), LIMITS) is None
        assert ledger.spent(LIMITS) == {ALL: Decimal(1), ONE: Decimal(1)}


def test_two_programs_never_set_aside_more_than_the_limit(database: Database) -> None:
    def spend(_: int) -> int:
        with database.connect(COLLECTOR) as connection:
            ledger = SpendingLedger(connection)
            return sum(ledger.set_aside(Decimal("0.03"), LIMITS) is None for _ in range(40))

    with ThreadPoolExecutor(3) as programs:
        taken = sum(programs.map(spend, range(3)))
    with database.connect(COLLECTOR) as connection:
        assert (taken, SpendingLedger(connection).spent([ALL])[ALL]) == (33, Decimal("0.99"))
