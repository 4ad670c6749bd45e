"""What a host says of its own limits in the headers of an answer, in the forms that hosts use.

Not here: what is done about it (host_gate), nor Retry-After (failures).

==========================================  ============================  ==========================================
headers                                     reset                         source
==========================================  ============================  ==========================================
x-ratelimit-{limit,remaining,reset}-        a duration ("6m0s") until     OpenAI, guide "Rate limits"; Groq, Mistral
{requests,tokens}                           the limit is whole again      and others use the same
anthropic-ratelimit-{requests,tokens}-      the moment (RFC 3339) when    Anthropic, "Rate limits": a token bucket
{limit,remaining,reset}                     it is whole again
RateLimit: "name";r=50;t=30                 seconds until the window is   draft-ietf-httpapi-ratelimit-headers-08 on
RateLimit: limit=9, remaining=5, reset=30   over                          and -03 to -07
RateLimit-{Limit,Remaining,Reset}           seconds                       the same draft before
x-ratelimit-{limit,remaining,reset}         seconds, or seconds or        OpenRouter (milliseconds), many gateways
                                            milliseconds of the epoch
==========================================  ============================  ==========================================

The first two describe a bucket that fills evenly: what it lacks, over the time until it is whole, is its rate. The
others describe a window that is over at once. Moments are read against the host's own clock, its Date header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from orchestration.providers.failures import finite_number, host_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Unit = Literal["requests", "tokens"]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|[dhms])")
_SECONDS: Mapping[str, float] = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_EPOCH_MILLISECONDS = 1e11
_EPOCH_SECONDS = 1e9
_PAIR = re.compile(r"\b(limit|remaining|reset|r|t)\s*=\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a host leaves of one unit. `fill_per_s` is None for a window, which is whole again after `reset_s`."""

    unit: Unit
    remaining: float
    reset_s: float
    fill_per_s: float | None = None


def allowances(headers: Mapping[str, str]) -> list[Allowance]:
    """All that the headers (with lower-case names) say; what can't be read is left out."""
    if not any("ratelimit" in name for name in headers):
        return []
    return [*_buckets(headers), *_windows(headers)]


def _buckets(headers: Mapping[str, str]) -> Iterator[Allowance]:
    units: tuple[Unit, ...] = ("requests", "tokens")
    for unit in units:
        for pattern in (f"x-ratelimit-{{}}-{unit}", f"anthropic-ratelimit-{unit}-{{}}"):
            remaining = finite_number(headers.get(pattern.format("remaining")))
            reset_s = _seconds(headers.get(pattern.format("reset")), headers)
            if remaining is None or reset_s is None:
                continue
            limit = finite_number(headers.get(pattern.format("limit")))
            lacking = max(0.0, limit - remaining) if limit else 0.0
            yield Allowance(unit, remaining, reset_s, lacking / reset_s if lacking and reset_s else None)


def _windows(headers: Mapping[str, str]) -> Iterator[Allowance]:
    stated = dict(_PAIR.findall(headers.get("ratelimit", "")))
    remaining, reset = stated.get("r", stated.get("remaining")), stated.get("t", stated.get("reset"))
    for prefix in ("ratelimit", "x-ratelimit"):
        remaining = remaining or headers.get(f"{prefix}-remaining")
        reset = reset or headers.get(f"{prefix}-reset")
    left, reset_s = finite_number(remaining), _seconds(reset, headers)
    if left is not None and reset_s is not None:
        yield Allowance("requests", left, reset_s)


def _seconds(stated: str | None, headers: Mapping[str, str]) -> float | None:
    """Seconds from now: of a plain number, a duration like 1m30s, or a moment."""
    if not stated:
        return None
    number = finite_number(stated)
    if number is not None:
        return _seconds_of_number(number, headers)
    parts = _DURATION.findall(stated)
    if parts and "".join(map("".join, parts)) == stated:
        return sum(float(value) * _SECONDS[unit] for value, unit in parts)
    return _seconds_until(stated, headers)


def _seconds_of_number(number: float, headers: Mapping[str, str]) -> float:
    if number < _EPOCH_SECONDS:
        return number
    epoch_s = number / 1000 if number > _EPOCH_MILLISECONDS else number
    return max(0.0, epoch_s - host_clock(headers).timestamp())


def _seconds_until(moment: str, headers: Mapping[str, str]) -> float | None:
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (aware - host_clock(headers)).total_seconds())
