from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from orchestration.settings import OperatorError
from orchestration.storage.database import COLLECTOR
from orchestration.storage.spending import Account, SpendingLedger

if TYPE_CHECKING:
    from orchestration.storage.bulk_insert import Connection
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


def test_an_account_keeps_when_it_first_left_a_call_out(database: Database) -> None:
    with database.connect(COLLECTOR) as connection:
        ledger = SpendingLedger(connection)
        assert ledger.set_aside(Decimal("0.7"), LIMITS) is None
        assert ledger.left_out(LIMITS) == {}
        ledger.note_left_out([ALL])
        first = ledger.left_out(LIMITS)
        ledger.note_left_out([ALL, ONE])
        later = ledger.left_out(LIMITS)
        assert first == {ALL: later[ALL]}
        assert later[ONE] > later[ALL]
        assert ledger.spent(LIMITS) == {ALL: Decimal("0.7"), ONE: Decimal("0.7")}


def test_two_programs_never_set_aside_more_than_the_limit(database: Database) -> None:
    def spend(_: int) -> int:
        with database.connect(COLLECTOR) as connection:
            ledger = SpendingLedger(connection)
            return sum(ledger.set_aside(Decimal("0.03"), LIMITS) is None for _ in range(40))

    with ThreadPoolExecutor(3) as programs:
        taken = sum(programs.map(spend, range(3)))
    with database.connect(COLLECTOR) as connection:
        assert (taken, SpendingLedger(connection).spent([ALL])[ALL]) == (33, Decimal("0.99"))


def end_session(database: Database, connection: Connection) -> None:
    with database.connect() as administrator:
        administrator.execute("SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))


def test_a_ledger_whose_session_was_ended_goes_on_with_a_new_one(database: Database) -> None:
    tries = iter(["away", "away", "there"])

    def reconnect() -> Connection:
        if next(tries) == "away":
            raise OperatorError("can't reach the database")
        return opened.enter_context(database.connect(COLLECTOR))

    with ExitStack() as opened:
        connection = opened.enter_context(database.connect(COLLECTOR))
        ledger = SpendingLedger(connection, reconnect)
        assert ledger.set_aside(Decimal("0.7"), LIMITS) is None
        end_session(database, connection)
        assert ledger.set_aside(Decimal("0.4"), LIMITS) == (ALL, Decimal("0.7"))
        ledger.correct(Decimal("-0.6"), LIMITS)
        assert ledger.spent(LIMITS) == {ALL: Decimal("0.1"), ONE: Decimal("0.1")}


def test_a_ledger_does_not_wait_for_ever(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.storage.spending.PATIENCE_S", 0.0)

    def reconnect() -> Connection:
        raise OperatorError("can't reach the database")

    with database.connect(COLLECTOR) as connection:
        end_session(database, connection)
        with pytest.raises(OperatorError, match="can't reach"):
            SpendingLedger(connection, reconnect).correct(Decimal(1), LIMITS)
        assert SpendingLedger(connection).spent([]) == {}
