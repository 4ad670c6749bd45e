"""The project's price rows beside the targets that they are for and the table that litellm bundles.

Not here: reading either (pricing, providers), nor the prices that hosts publish (published_prices).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.collection.installation import known_targets
from orchestration.collection.published_prices import stated_prices
from orchestration.pricing.bundled import bundled_price_row, differences, entry_text
from orchestration.pricing.price_file import read_price_file
from orchestration.providers.bundled_table import bundled_entry, bundled_source

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.providers.targets import Target
    from orchestration.records import PriceRow
    from orchestration.settings import Settings


@dataclass(frozen=True, slots=True)
class CheckedPrices:
    """`faults` keep a price from being used; `notes` are for a person to look at."""

    row_count: int
    faults: list[str]
    notes: list[str]


def checked_prices(config: Settings, moment: datetime) -> CheckedPrices:
    """What there is to say about the price file: each line names the file's line or the target."""
    targets = [target for target in known_targets(config) if target.host.price_source == "price_rows"]
    path = config.price_rows_file
    known, file = stated_prices((), path), read_price_file(path)
    wanted = {(target.provider, target.model) for target in targets}
    faults = list(known.faults)
    notes = [
        f"{where}: no target is {provider}/{model}: its price is kept for what was measured, or is it a typing error?"
        for (provider, model), where in file.lines.items()
        if (provider, model) not in wanted
    ]
    for target in targets:
        price = known.book.price_at(target.provider, target.model, moment)
        if price is None:
            faults.append(f"target {target.target_id}: no usable price of {target.provider}/{target.model}")
        else:
            notes += _differences(target, price, moment, file.lines.get((target.provider, target.model), str(path)))
    return CheckedPrices(len(file.rows), list(dict.fromkeys(faults)), list(dict.fromkeys(notes)))


def seeded_rows(config: Settings, moment: datetime) -> list[str]:
    """Entries for the price file, of targets without a price whose model the bundled table knows."""
    book = stated_prices((), config.price_rows_file).book
    targets = {
        (target.provider, target.model): target
        for target in known_targets(config)
        if target.host.price_source == "price_rows" and book.price_at(target.provider, target.model, moment) is None
    }
    rows = (bundled_row(target, moment) for target in targets.values())
    return [entry_text(row) for row in rows if row is not None]


def bundled_row(target: Target, moment: datetime) -> PriceRow | None:
    """What the bundled table states for a target's model."""
    entry = bundled_entry(target.provider, target.model)
    if entry is None:
        return None
    source = str(entry.get("source") or bundled_source())
    return bundled_price_row(target.provider, target.model, entry, source=source, valid_from=moment)


def _differences(target: Target, price: PriceRow, moment: datetime, where: str) -> list[str]:
    bundled = bundled_row(target, moment)
    if bundled is None:
        return [f"{where}: {bundled_source()} has no price of {target.provider}/{target.model}"]
    return [f"{where}: {target.provider}/{target.model}: {told}" for told in differences(price, bundled)]
