"""How good a model is at each scenario, and which answers make its expected score exactly that.

Not here: the wording of an answer (wording) and the moment's conditions (conditions).
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.simulator.draws import normal, uniforms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from orchestration.simulator.profiles import ModelProfile
    from scenarios.schema import Scenario
    from scenarios.variants import Solution, Variant

GARBAGE_WEIGHT = 0.05
"""How readily a model says something unparsable (worth 0) compared with any one of the scenario's solutions."""

Peers = tuple[str, bool]
"""A family, and whether its scenarios of the canary suite are meant or its others."""

STEP = 0.01
"""Skills are rounded to this many points, so that few mixtures have to be solved."""


def solve(function: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Where an increasing function takes the value `wanted`, by bisection; the nearer end when it never does."""
    for _ in range(48):
        middle = (low + high) / 2
        if function(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@dataclass(frozen=True, slots=True)
class Mixture:
    """Shares of answers, worst first: garbage at index 0, then the solutions in the order of `scores`."""

    scores: tuple[float, ...]
    shares: tuple[float, ...]

    @property
    def expected_score(self) -> float:
        return sum(score * share for score, share in zip(self.scores, self.shares, strict=True))

    def pick(self, uniform: float) -> int:
        """The index of the answer that a uniform number in [0, 1) falls on."""
        total = 0.0
        for index, share in enumerate(self.shares):
            total += share
            if uniform < total:
                return index
        return len(self.shares) - 1


def _tilted(scores: Sequence[float], weights: Sequence[float], tilt: float) -> tuple[float, ...]:
    logs = [math.log(weight) + tilt * score for score, weight in zip(scores, weights, strict=True)]
    highest = max(logs)
    powers = [math.exp(value - highest) for value in logs]
    total = sum(powers)
    return tuple(power / total for power in powers)


def mixture_of(scores: Sequence[float], wanted: float) -> Mixture:
    """The mixture of garbage (0) and solutions whose mean is `wanted`, by exponential tilting of equal shares.

    It is the mixture nearest to equal shares (in relative entropy) among all that have this mean.
    """
    ordered = (0.0, *scores)
    weights = (GARBAGE_WEIGHT, *(1.0 for _ in scores))

    def mean(tilt: float) -> float:
        return sum(s * p for s, p in zip(ordered, _tilted(ordered, weights, tilt), strict=True))

    return Mixture(ordered, _tilted(ordered, weights, solve(mean, wanted, -60.0, 60.0)))


@dataclass
class SkillTable:
    """Expected scores of every model at every scenario of the catalogue, at any shift of its skill.

    A family's mean is met by its scenarios of the `canary` suite and by its others, each on their own: what a model
    says in the hourly suite stays the same when the catalogue grows.
    """

    profiles: dict[str, ModelProfile]
    seed: int
    scenarios: Iterable[Scenario]
    canary: Collection[str] = ()
    _peers: dict[Peers, list[str]] = field(init=False)
    _levels: dict[tuple[str, Peers, float], dict[str, float]] = field(init=False, default_factory=dict)
    _mixtures: dict[tuple[tuple[float, ...], float], Mixture] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._peers = defaultdict(list)
        for scenario in self.scenarios:
            self._peers[self._peers_of(scenario)].append(scenario.id)

    def _peers_of(self, scenario: Scenario) -> Peers:
        return scenario.family, scenario.id in self.canary

    def expected_score(self, model: str, variant: Variant, shift: float) -> float:
        """The mean score of the model's parsable answers to `variant` with its skill moved by `shift` points."""
        peers, step = self._peers_of(variant.scenario), round(shift / STEP) * STEP
        key = (model, peers, step)
        if key not in self._levels:
            self._levels[key] = self._levels_of(model, peers, step)
        return self._levels[key][variant.scenario.id]

    def mixture(self, model: str, variant: Variant, shift: float) -> Mixture:
        """Which answers the model gives, in the order garbage, then `ranked_solutions`."""
        scores = tuple(solution.expected_score for solution in ranked_solutions(variant))
        wanted = round(self.expected_score(model, variant, shift) / STEP) * STEP
        if (scores, wanted) not in self._mixtures:
            self._mixtures[scores, wanted] = mixture_of(scores, wanted)
        return self._mixtures[scores, wanted]

    def _levels_of(self, model: str, peers: Peers, shift: float) -> dict[str, float]:
        """Each scenario at its own distance from the family's mean, all moved so that the mean is met exactly.

        Refusals, garbage and cut answers score 0, so the others have to be as much better for the mean to hold.
        """
        profile = self.profiles[model]
        wanted = (profile.skill.of(peers[0]) + shift) / profile.reliability.usable
        ids = self._peers[peers]
        offsets = [self._offset(model, scenario_id, profile.skill.spread) for scenario_id in ids]

        def levels(move: float) -> list[float]:
            return [min(max(wanted + offset + move, 0.0), 10.0) for offset in offsets]

        move = solve(lambda move: sum(levels(move)) / len(offsets), wanted, -10.0, 10.0)
        return dict(zip(ids, levels(move), strict=True))

    def _offset(self, model: str, scenario_id: str, spread: float) -> float:
        return spread * normal(uniforms(f"{self.seed}|{model}|{scenario_id}|offset")[0])


def ranked_solutions(variant: Variant) -> list[Solution]:
    """The known answers to `variant`, worst first."""
    return sorted(variant.solutions, key=lambda solution: (solution.expected_score, solution.name))
