"""What is noticed of prices: that one changed, and that a published one looks like a mistake.

Not here: reading the prices (published, price_file), nor storing what was noticed.

Published lists were wrong for a day or so in known ways: by a factor of 1000 or 1e6 (another unit), with input and
output swapped, with one figure lost or left behind. A price that looks like that is noted and not used until it is
seen unchanged after CONFIRMED_AFTER, or a person states it in price_rows.yaml.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orchestration.pricing.price_book import AMOUNTS, amounts_of
from orchestration.records import Change

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from orchestration.pricing.price_book import PriceBook
    from orchestration.records import PriceRow, PriceTier

CONFIRMED_AFTER: Final = timedelta(days=2) - timedelta(minutes=30)
"""The third daily look, which may begin early. The longest known mistake of a published list stood for a day."""
SUSPICION: Final = "suspicion"
"""The key under which the value of a change says why it is not believed."""
_FACTOR: Final = 20
"""Of 13 steps between real price lists of 2023 to 2025 two are larger; vendors did cut prices to a fifteenth."""
_DEAREST_INPUT, _DEAREST_OUTPUT = Decimal(100), Decimal(500)
"""USD per million tokens; hardly any text model was ever dearer."""


def suspicion(before: PriceRow | None, after: PriceRow) -> str | None:
    """Why a price that takes the place of `before` looks like a mistake; None where it does not."""
    return (_implausible(after) if before is None else _implausible_step(before, after)) or _out_of_order(before, after)


def price_changes(book: PriceBook, noticed_at: datetime) -> list[Change]:
    """One change for every price in the book that took the place of another one."""
    changes = (_change(before, after, None, noticed_at) for before, after in book.successions())
    return [change for change in changes if change.old_value != change.new_value]


def suspected(before: PriceRow | None, after: PriceRow, reason: str, noticed_at: datetime) -> Change:
    """The note of a price that is not believed."""
    return _change(before, after, reason, noticed_at)


def withdrawn(change: Change, now: PriceRow, noticed_at: datetime) -> Change:
    """The note that a suspected price is published no more."""
    return Change(
        kind="price",
        subject=change.subject,
        effective_at=noticed_at,
        old_value=change.new_value,
        new_value=value_of(now),
        source=now.source,
        noticed_at=noticed_at,
    )


def is_same_price(change: Change, row: PriceRow) -> bool:
    """Whether a suspected price is that of the row."""
    stated = {name: value for name, value in (change.new_value or {}).items() if name != SUSPICION}
    return stated == value_of(row)


def value_of(row: PriceRow) -> dict[str, Any]:
    """What a change states of a price: amounts as text, unknown ones left out."""
    tiers = [
        {"service": tier.service, "above_input_tokens": tier.above_input_tokens, **_stated(tier)} for tier in row.tiers
    ]
    return _stated(row) | ({"tiers": tiers} if tiers else {})


def subject_of(row: PriceRow) -> str:
    return f"{row.provider}/{row.model}"


def _change(before: PriceRow | None, after: PriceRow, reason: str | None, noticed_at: datetime) -> Change:
    return Change(
        kind="price",
        subject=subject_of(after),
        effective_at=after.valid_from,
        old_value=None if before is None else value_of(before),
        new_value=value_of(after) | ({SUSPICION: reason} if reason else {}),
        source=after.source,
        noticed_at=noticed_at,
    )


def _stated(amounts: PriceRow | PriceTier) -> dict[str, str]:
    found = zip(AMOUNTS, amounts_of(amounts), strict=True)
    return {name: f"{amount:f}" for name, amount in found if amount is not None}


def _implausible(row: PriceRow) -> str | None:
    for name, amount, most in (
        ("input", row.input_usd_per_mtok, _DEAREST_INPUT),
        ("output", row.output_usd_per_mtok, _DEAREST_OUTPUT),
    ):
        if amount is not None and amount >= most:
            return f"{name} costs {amount:f} USD per million tokens"
    return None


def _implausible_step(before: PriceRow, after: PriceRow) -> str | None:
    old, new = _main(before), _main(after)
    if old == new[::-1] and old != new:
        return "input and output are swapped"
    steps = (_step(name, *pair) for name, pair in zip(("input", "output"), zip(old, new, strict=True), strict=True))
    return next((step for step in steps if step), None)


def _step(name: str, old: Decimal | None, new: Decimal | None) -> str | None:
    if old is None or new is None or old == new:
        return None
    if 0 in (old, new):
        return f"{name} goes from {old:f} to {new:f} USD per million tokens"
    factor = max(old, new) / min(old, new)
    return f"{name} {'rises' if new > old else 'falls'} by a factor of {round(factor):,}" if factor > _FACTOR else None


def _out_of_order(before: PriceRow | None, after: PriceRow) -> str | None:
    """Output that is cheaper than input, where it was not so before."""
    if before is not None and _is_output_cheaper(before):
        return None
    return "output is cheaper than input" if _is_output_cheaper(after) else None


def _is_output_cheaper(row: PriceRow) -> bool:
    given, made = _main(row)
    return given is not None and made is not None and made < given


def _main(row: PriceRow) -> tuple[Decimal | None, Decimal | None]:
    return row.input_usd_per_mtok, row.output_usd_per_mtok


def pending_by_subject(changes: Iterable[Change]) -> dict[str, Change]:
    """The suspected prices that wait for their confirmation, of each subject's newest change."""
    return {change.subject: change for change in changes if SUSPICION in (change.new_value or {})}
