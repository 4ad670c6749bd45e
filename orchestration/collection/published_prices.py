"""The prices of the moment: the dated rows of the project, and what the targets' hosts publish.

Not here: reading either form (pricing), nor storing the rows (storage).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from orchestration.pricing.price_book import PriceBook, identified
from orchestration.pricing.price_file import PRICE_ROWS_FILE, read_price_file
from orchestration.pricing.price_watch import (
    CONFIRMED_AFTER,
    is_same_price,
    pending_by_subject,
    price_changes,
    subject_of,
    suspected,
    suspicion,
    withdrawn,
)
from orchestration.pricing.published import published_price_rows
from orchestration.providers.failures import ProviderError
from orchestration.records import benchmark_hour_of
from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from orchestration.providers.interface import ListedModel, ProviderClient
    from orchestration.providers.targets import Host, Target
    from orchestration.records import Change, PriceRow


@dataclass(slots=True)
class KnownPrices:
    """All price rows that are believed.

    `silent_hosts` could not be asked, each with the reason: costs of their calls may be unknown. `faults` are rows of
    the project that can't be used. `noted` are published prices that are not believed yet, and those that vanished.
    """

    book: PriceBook
    silent_hosts: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    noted: list[Change] = field(default_factory=list)

    def changes(self, noticed_at: datetime) -> list[Change]:
        """What there is to record: every price that took the place of another, and what is noted."""
        return [*price_changes(self.book, noticed_at), *self.noted]

    def unpriced(self, targets: Iterable[Target], moment: datetime) -> list[str]:
        """The enabled real targets whose calls cost money that nobody knows."""
        return [
            f"{target.target_id}: no price of {target.provider}/{target.model}"
            for target in targets
            if target.is_enabled
            and not target.is_simulated
            and target.host.price_source != "none"
            and not self.has_price(target, moment)
        ]

    def has_price(self, target: Target, moment: datetime) -> bool:
        return self.book.price_at(target.provider, target.model, moment) is not None


async def known_prices(
    targets: Sequence[Target],
    client: ProviderClient,
    *,
    stored: Iterable[PriceRow] = (),
    newest_changes: Iterable[Change] = (),
    now: datetime | None = None,
    price_file: Path = PRICE_ROWS_FILE,
    asks_all_hosts: bool = False,
) -> KnownPrices:
    """The rows that are stored, the project's own, and those that the hosts of enabled targets publish now.

    Without `asks_all_hosts` a host is asked only where no price of one of its targets is known.
    `newest_changes` holds the newest change of price of each model: what is suspected, and since when.
    """
    moment = now or datetime.now(UTC)
    wanted = {(target.provider, target.model) for target in targets}
    known = stated_prices(stored, price_file)
    publishing = [t for t in targets if t.is_enabled and t.host.price_source == "published"]
    asked = {t.host.name: t.host for t in publishing if asks_all_hosts or not known.has_price(t, moment)}
    watch = PriceWatch(known, newest_changes, moment)
    async with client:
        for host in asked.values():
            try:
                watch.see(watch.rows_of(host, await client.list_models(host), wanted))
            except ProviderError as error:
                known.silent_hosts[host.name] = error.detail
    return known


def stated_prices(stored: Iterable[PriceRow], path: Path = PRICE_ROWS_FILE) -> KnownPrices:
    """The rows that are stored and the project's own. A row of the project that contradicts another is a fault."""
    known = KnownPrices(PriceBook.from_rows(stored))
    file = read_price_file(path)
    known.faults += file.faults
    for row in file.rows:
        try:
            known.book = known.book.with_rows([row])
        except OperatorError as error:
            known.faults.append(f"{file.lines[row.provider, row.model]}: {error}")
    return known


class PriceWatch:
    """Takes published prices into the book, one sighting at a time, and notes those that are not to be believed."""

    def __init__(self, known: KnownPrices, newest_changes: Iterable[Change], now: datetime) -> None:
        self._known = known
        self._pending = pending_by_subject(newest_changes)
        self._now = now

    def rows_of(self, host: Host, listing: Iterable[ListedModel], wanted: set[tuple[str, str]]) -> list[PriceRow]:
        return [
            row
            for listed in listing
            if (host.provider, listed.model) in wanted
            for row in published_price_rows(
                host.provider, listed.model, listed.pricing, source=f"published by {host.address}", seen_at=self._now
            )
        ]

    def see(self, rows: Iterable[PriceRow]) -> None:
        for row in sorted(rows, key=attrgetter("provider", "model", "valid_from")):
            self._see(row)

    def _see(self, row: PriceRow) -> None:
        before = self._known.book.price_at(row.provider, row.model, row.valid_from)
        pending = self._pending.get(subject_of(row))
        if before is not None and not self._known.book.is_news(row):
            if pending is not None and row.valid_from >= pending.effective_at:
                self._known.noted.append(withdrawn(pending, before, self._now))
            return
        reason = suspicion(before, row)
        if reason is None:
            self._known.book = self._known.book.with_rows([row])
        elif pending is None or not is_same_price(pending, row):
            self._known.noted.append(suspected(before, row, reason, self._now))
        elif self._now - pending.noticed_at >= CONFIRMED_AFTER:
            confirmed = replace(row, valid_from=benchmark_hour_of(self._now))
            self._known.book = self._known.book.with_rows([identified(confirmed)])
