"""How numbers, times and reasons are said. One place, so that a number reads the same on every page.

Not here: where the words are put.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DASH = "\u2014"
WINDOWS = {"24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days"}
STALE_AFTER = timedelta(hours=3)

REASONS = {
    "authentication": "the provider refused the key",
    "budget": "the budget was spent",
    "connection": "the provider could not be reached",
    "content_filter": "the provider's filter blocked the answers",
    "context_length": "the prompts were too long for the model",
    "late": "measured late",
    "malformed": "the provider's answers could not be read",
    "not_answered": "no call was answered",
    "not_built": "the numbers are not built yet",
    "not_found": "the provider does not know the model",
    "not_planned": "no call was planned",
    "not_rescored": "the answers wait to be graded by the scorer's new version",
    "not_scored": "the answers could not be scored",
    "overloaded": "the provider was overloaded",
    "rate_limit": "the provider's rate limit",
    "timeout": "the provider took too long",
    "unknown": "the calls failed for an unknown reason",
}


def reason_in_words(reason: str) -> str:
    return REASONS.get(reason, reason.replace("_", " "))


def escaped(text: str) -> str:
    """Text that Streamlit's Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~$:&-])", r"\\\1", text.replace("\n", " "))


KINDS = {"any": "Real and simulated", "false": "Real only", "true": "Simulated only"}
WEIGHTS = {"any": "Open and closed", "true": "Open weights", "false": "Closed weights"}
METRICS = {
    "quality": "quality",
    "latency": "latency",
    "ttft": "first token",
    "cost": "cost",
    "errors": "errors",
}


def effort_name(effort: str) -> str:
    known = {"all": "Any effort", "default": "The model's default"}
    return known.get(effort) or f"{effort} effort"


def family_name(family: str) -> str:
    return "All families" if family == "all" else family.replace("-", " ").capitalize()


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def ago(age: timedelta) -> str:
    """Whole units, rounded down: an age is never overstated."""
    minutes = max(0, int(age / timedelta(minutes=1)))
    for size, unit in ((60 * 24, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def freshness(newest: datetime, now: datetime) -> str:
    return f"Newest hour {moment(newest)}, {ago(now - newest)}"


def day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def stretch(start: datetime, end: datetime) -> str:
    """A stretch of time with `end` exclusive; the date is said once where it is the same."""
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%Y-%m-%d %H:%M}"
    return f"{first:%Y-%m-%d %H:%M} to {until} UTC"


def seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.2f}"


def percent(rate: float, digits: int = 1) -> str:
    return f"{rate * 100:.{digits}f}%"


def signed(difference: float) -> str:
    """With a sign also where it is small; -0.00 is told from 0.00 by nobody."""
    words = f"{difference:+.2f}".replace("-", "\u2212")
    return "0.00" if words.endswith("0.00") and abs(difference) < 1 else words


def usd_digits(amounts: Iterable[float | None]) -> int:
    """Decimals that give the smallest amount two significant digits, so that a column of amounts lines up."""
    known = [amount for amount in amounts if amount]
    return min(8, max(2, 1 - math.floor(math.log10(min(known))))) if known else 2


def usd(amount: float, digits: int = 2) -> str:
    return f"${amount:,.{digits}f}"


def count_of(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
