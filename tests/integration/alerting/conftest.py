"""A database with accounts, receivers of alerts, and one round of news and deliveries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from api.accounts.migrate import migrate
from orchestration.alerting.channels.interface import Leave
from orchestration.alerting.delivery import deliver_due
from orchestration.alerting.news import record_later_news, record_news
from orchestration.alerting.requests import take_up_requests
from orchestration.alerting.wording import Places
from tests.support.alert_receivers import HttpReceiver, MailServer, http_receiver, mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from orchestration.alerting.change_events import FailedRun
    from orchestration.storage.database import Database
    from orchestration.storage.spending import Account

LINK_SECRET = "the secret of links in the tests"
PLACES = Places("https://bench.example", "https://api.bench.example", LINK_SECRET)


class Alerts:
    """The pipeline's part: what is new and due at a moment, told with the operator's leave."""

    def __init__(self, database: Database, leave: Leave) -> None:
        self.database, self.leave = database, leave

    def tell(
        self,
        now: datetime | None = None,
        limits: Mapping[Account, Decimal] | None = None,
        failed: list[FailedRun] | None = None,
    ) -> dict[str, int]:
        """One round. How many attempts ended how."""
        moment = now or datetime.now(UTC)
        with self.database.connect("aibaas_collector") as connection:
            take_up_requests(connection, moment)
            record_news(connection, limits or {}, failed or [], moment)
            record_later_news(connection, moment)
            connection.commit()
            return dict(deliver_due(connection, self.leave, PLACES, moment, self._reconnect))

    def _reconnect(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a session
        return self.database.connect("aibaas_collector")

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.database.connect() as connection:
            return connection.execute(query.encode()).fetchall()


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with http_receiver() as server:
        yield server


@pytest.fixture
def accounts(database: Database) -> Database:
    """The database, with the schema account."""
    migrate(database.url)
    return database


@pytest.fixture
def alerts(accounts: Database, mail: MailServer) -> Alerts:
    return Alerts(accounts, Leave(True, SecretStr(mail.url), "aibaas@bench.example"))
