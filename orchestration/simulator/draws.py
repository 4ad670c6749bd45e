"""Every chance of the simulator: numbers that depend on the call alone, never on the order or process of the calls.

Not here: what is decided with them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, shake_256
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

HOURS_PER_DAY = 24
_SCALE = 2.0**-64
_STANDARD_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class CallKey:
    """What identifies a call in simulated time; equal keys are answered equally, for ever."""

    seed: int
    model: str
    scenario_id: str
    prompt_sha256: str
    hour: datetime
    sample: int

    @property
    def series(self) -> str:
        """The key without its time."""
        return f"{self.seed}|{self.model}|{self.scenario_id}|{self.prompt_sha256}|{self.sample}"

    @property
    def identity(self) -> str:
        """A name for the call, as hexadecimal digits."""
        return blake2b(f"{self.series}|{self.hour}".encode(), digest_size=15).hexdigest()


class Draws(NamedTuple):
    """Independent uniform numbers in [0, 1) of one call, each named for what it decides."""

    failure: float
    answer: float
    first_token: float
    speed: float
    start: float
    reasoning: float


def uniforms(text: str) -> tuple[float, ...]:
    """Eight uniform numbers in [0, 1) from a text."""
    return tuple(value * _SCALE for value in struct.unpack("<8Q", blake2b(text.encode()).digest()))


def normal(uniform: float) -> float:
    """A standard normal number from a uniform one."""
    return _STANDARD_NORMAL.inv_cdf(min(max(uniform, 1e-9), 1 - 1e-9))


@lru_cache(maxsize=65_536)
def _strata(series: str, day: int) -> tuple[int, ...]:
    keys = struct.unpack("<24Q", shake_256(f"{series}|{day}".encode()).digest(8 * HOURS_PER_DAY))
    return tuple(sorted(range(HOURS_PER_DAY), key=keys.__getitem__))


def draws_of(key: CallKey) -> Draws:
    """The draws of one call.

    `answer` is stratified: the 24 hours of a day fall, in a shuffled order, into the 24 equal parts of [0, 1). So any
    one hour is as random as before, but the mean score of a day keeps close to the skill that the profile states.
    """
    series = key.series
    draws = Draws(*uniforms(f"{series}|{key.hour.isoformat()}")[: len(Draws._fields)])
    stratum = _strata(series, key.hour.toordinal())[key.hour.hour]
    return draws._replace(answer=(stratum + draws.answer) / HOURS_PER_DAY)
