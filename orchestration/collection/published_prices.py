"""The prices of the moment: the dated rows of the project, and what the targets' hosts publish.

Not here: reading either form (pricing), nor storing the rows (storage).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration.pricing.price_book import PriceBook
from orchestration.pricing.price_file import read_price_file
from orchestration.pricing.published import published_price_rows
from orchestration.providers.failures import ProviderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orchestration.providers.interface import ListedModel, ProviderClient
    from orchestration.providers.targets import Host, Target
    from orchestration.records import PriceRow


@dataclass(frozen=True, slots=True)
class KnownPrices:
    """All price rows. `silent_hosts` could not be asked, each with the reason: costs of their calls may be unknown."""

    book: PriceBook
    silent_hosts: Mapping[str, str]


async def known_prices(targets: Sequence[Target], client: ProviderClient) -> KnownPrices:
    """The project's price rows, with those that the hosts of enabled targets publish now."""
    publishing = {t.host.name: t.host for t in targets if t.is_enabled and t.host.price_source == "published"}
    wanted = {(target.provider, target.model) for target in targets}
    book = PriceBook.from_rows(read_price_rows())
    silent: dict[str, str] = {}
    async with client:
        for host in publishing.values():
            try:
                book = book.with_rows(_rows_of(host, await client.list_models(host), wanted))
            except ProviderError as error:
                silent[host.name] = error.detail
    return KnownPrices(book, silent)


def _rows_of(host: Host, listing: Iterable[ListedModel], wanted: set[tuple[str, str]]) -> list[PriceRow]:
    now = datetime.now(UTC)
    return [
        row
        for listed in listing
        if (host.provider, listed.model) in wanted
        for row in published_price_rows(
            host.provider, listed.model, listed.pricing, source=f"published by {host.address}", seen_at=now
        )
    ]
