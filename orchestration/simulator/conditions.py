"""The state of a simulated model at a moment: events, drift, load and prices, laid out around the events anchor.

Not here: chance; two calls at the same moment meet the same conditions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from orchestration.simulator.draws import uniforms
from orchestration.simulator.profiles import Degradation, LatencyIncident, Outage, PriceChange

if TYPE_CHECKING:
    from decimal import Decimal

    from orchestration.simulator.profiles import ModelProfile, Skill, Speed


@dataclass(frozen=True, slots=True)
class Conditions:
    """`skill_shift` in points, `slowness` as a factor on every duration, `revision` counts degradations so far."""

    skill_shift: float
    slowness: float
    is_out: bool
    revision: int


@dataclass(frozen=True, slots=True)
class DatedPrice:
    """USD per million tokens from a moment until the next row."""

    valid_from: datetime
    input_usd_per_mtok: Decimal
    output_usd_per_mtok: Decimal


@dataclass(frozen=True, slots=True)
class Timeline:
    """Turns "days before the anchor" into moments (UTC)."""

    anchor: date

    def moment(self, days_before: int, hour: int = 0) -> datetime:
        return datetime.combine(self.anchor - timedelta(days=days_before), time(hour), UTC)

    def covers(self, event: Outage | LatencyIncident, moment: datetime) -> bool:
        start = self.moment(event.days_before, event.hour)
        return start <= moment < start + timedelta(hours=event.hours)

    def lasts(self, event: Degradation, moment: datetime) -> bool:
        start = self.moment(event.days_before)
        return start <= moment and (event.hours is None or moment < start + timedelta(hours=event.hours))

    def degradations(self, profile: ModelProfile, moment: datetime) -> list[Degradation]:
        """Those that have begun by `moment`."""
        events = (event for event in profile.events if isinstance(event, Degradation))
        return [event for event in events if moment >= self.moment(event.days_before)]

    def conditions(self, name: str, profile: ModelProfile, seed: int, moment: datetime) -> Conditions:
        begun = self.degradations(profile, moment)
        lost = sum(event.points for event in begun if self.lasts(event, moment))
        slowness = load_factor(profile.speed, moment)
        for event in profile.events:
            if isinstance(event, LatencyIncident) and self.covers(event, moment):
                slowness *= event.factor
        return Conditions(
            skill_shift=drift(name, profile.skill, seed, moment) - lost,
            slowness=slowness,
            is_out=any(isinstance(event, Outage) and self.covers(event, moment) for event in profile.events),
            revision=len(begun),
        )

    def prices(self, profile: ModelProfile) -> list[DatedPrice]:
        """All price rows, oldest first; a price change multiplies the row before it."""
        price = profile.price
        rows = [DatedPrice(self.moment(price.days_before), price.input_usd_per_mtok, price.output_usd_per_mtok)]
        changes = [event for event in profile.events if isinstance(event, PriceChange)]
        for change in sorted(changes, key=lambda event: -event.days_before):
            last = rows[-1]
            rows.append(
                DatedPrice(
                    self.moment(change.days_before),
                    last.input_usd_per_mtok * change.factor,
                    last.output_usd_per_mtok * change.factor,
                )
            )
        return rows


def drift(name: str, skill: Skill, seed: int, moment: datetime) -> float:
    """A slow seeded wave of at most `drift_points`, constant within an hour."""
    phase, second_phase, *_ = uniforms(f"{seed}|{name}|drift")
    turns = (moment.timestamp() // 3600) / (24 * skill.drift_period_days)
    wave = 0.6 * math.sin(math.tau * (turns + phase)) + 0.4 * math.sin(math.tau * (2.7 * turns + second_phase))
    return skill.drift_points * wave


def load_factor(speed: Speed, moment: datetime) -> float:
    """1 in the quietest hour of the day, 1 + `load_effect` in the busiest."""
    from_busiest = (moment.hour + moment.minute / 60 - speed.busiest_hour) / 24
    return 1 + speed.load_effect * 0.5 * (1 + math.cos(math.tau * from_busiest))
