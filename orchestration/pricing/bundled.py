"""Prices as the table that litellm bundles states them, read into price rows and compared with the project's own.

Not here: the table itself (providers.bundled_table), nor prices that hosts publish (published).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from orchestration.pricing.price_book import AMOUNTS, amounts_of, identified
from orchestration.pricing.published import per_mtok
from orchestration.records import PriceRow, PriceService, PriceTier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

_NAMES = dict(
    zip(
        AMOUNTS,
        (
            "input_cost_per_token",
            "output_cost_per_token",
            "cache_read_input_token_cost",
            "cache_creation_input_token_cost",
            "output_cost_per_reasoning_token",
        ),
        strict=True,
    )
)
_THRESHOLD = re.compile(r"input_cost_per_token_above_(\d+)k_tokens")


def bundled_price_row(
    provider: str, model: str, entry: Mapping[str, Any], *, source: str, valid_from: datetime
) -> PriceRow | None:
    """The row that an entry of the table states, with its long-context and batch tiers; None without both main prices,
    and where both are 0: that is how the table states a price that it does not know.

    An amount of a long-context tier that is not stated is that below the threshold, as the table means it. Of batch
    it is unknown.
    """
    base = _stated(entry, "")
    main = (base["input_usd_per_mtok"], base["output_usd_per_mtok"])
    if None in main or not any(main):
        return None
    thresholds = sorted(int(found[1]) for key in entry if (found := _THRESHOLD.fullmatch(key)))
    row = PriceRow(
        price_id="",
        provider=provider,
        model=model,
        valid_from=valid_from,
        **base,
        source=source,
        checked_on=valid_from.date(),
        tiers=(*_tiers(entry, "standard", thresholds, base), *_batch_tiers(entry, thresholds)),
    )
    return identified(row)


def differences(ours: PriceRow, bundled: PriceRow) -> list[str]:
    """What two rows of one model state differently, in words; the order of tiers does not matter."""
    one, other = _flat(ours), _flat(bundled)
    return [
        f"{name}: {_told(one.get(name))} here, {_told(other.get(name))} in the bundled table"
        for name in sorted({*one, *other})
        if one.get(name) != other.get(name)
    ]


def entry_text(row: PriceRow) -> str:
    """A row as price_rows.yaml states it."""
    lines = [
        f"  - provider: {row.provider}",
        f"    model: {row.model}",
        f"    valid_from: {row.valid_from:%Y-%m-%d}",
        f"    source: {row.source}",
        f"    checked_on: {row.checked_on:%Y-%m-%d}",
        f"    usd_per_mtok: {{{', '.join(_pairs(row))}}}",
    ]
    if row.tiers:
        lines += ["    tiers:", *(f"      - {{{', '.join((*_place(tier), *_pairs(tier)))}}}" for tier in row.tiers)]
    return "\n".join(lines)


def _place(tier: PriceTier) -> list[str]:
    service = [] if tier.service == "standard" else [f"service: {tier.service}"]
    return service + ([f"above_input_tokens: {tier.above_input_tokens}"] if tier.above_input_tokens else [])


def _pairs(amounts: PriceRow | PriceTier) -> list[str]:
    stated = zip(AMOUNTS, amounts_of(amounts), strict=True)
    return [f'{name.removesuffix("_usd_per_mtok")}: "{amount:f}"' for name, amount in stated if amount is not None]


def _flat(row: PriceRow) -> dict[str, Decimal | None]:
    named = {("standard", 0): row} | {(tier.service, tier.above_input_tokens): tier for tier in row.tiers}
    return {
        f"{service} above {above} {name}" if above or service != "standard" else name: amount
        for (service, above), amounts in named.items()
        for name, amount in zip(AMOUNTS, amounts_of(amounts), strict=True)
    }


def _told(amount: Decimal | None) -> str:
    return "none" if amount is None else f"{amount:f}"


def _batch_tiers(entry: Mapping[str, Any], thresholds: list[int]) -> tuple[PriceTier, ...]:
    amounts = _stated(entry, "_batches")
    if amounts["input_usd_per_mtok"] is None or amounts["output_usd_per_mtok"] is None:
        return ()
    return (PriceTier("batch", 0, **amounts), *_tiers(entry, "batch", thresholds, amounts))


def _tiers(
    entry: Mapping[str, Any], service: PriceService, thresholds: list[int], below: Mapping[str, Decimal | None]
) -> tuple[PriceTier, ...]:
    made: list[PriceTier] = []
    for thousands in thresholds:
        suffix = f"_above_{thousands}k_tokens{'_batches' if service == 'batch' else ''}"
        stated = _stated(entry, suffix)
        if stated["input_usd_per_mtok"] is None:
            continue
        below = {name: below[name] if amount is None else amount for name, amount in stated.items()}
        made.append(PriceTier(service, thousands * 1000, **below))
    return tuple(made)


def _stated(entry: Mapping[str, Any], suffix: str) -> dict[str, Decimal | None]:
    found = {column: per_mtok(entry.get(f"{name}{suffix}")) for column, name in _NAMES.items()}
    is_as_output = found["reasoning_usd_per_mtok"] == found["output_usd_per_mtok"]
    return found | ({"reasoning_usd_per_mtok": None} if is_as_output else {})
