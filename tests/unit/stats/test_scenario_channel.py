"""The betting test against published numbers and its own recursion."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.stats.scenario_channel import LOG_THRESHOLD, ScenarioChannel, log_evidence, onset_of

SCORES = np.array([0.9, 0.3, 0.25, 0.2, 0.3]) * 10


def channel(null_mean: float) -> ScenarioChannel:
    return ScenarioChannel(np.array([null_mean]), np.zeros((1, 3)))


def test_the_evidence_is_the_published_one() -> None:
    """Source: sr_edetector_log of shared/statistics/test_vectors.json."""
    published = [-0.2441969605120421, 1.2981459743431856, 2.3616300364027203, 3.377715849653666, 4.278895222705789]
    assert log_evidence(channel(0.8).path(SCORES[:, None]))[:, 0] == pytest.approx(published)


def test_evidence_goes_on_from_part_to_part_and_gaps_add_nothing() -> None:
    whole = channel(0.8).path(SCORES[:, None])
    first = channel(0.8).path(SCORES[:2, None])
    gap = np.array([[np.nan], *SCORES[2:, None]])
    assert channel(0.8).after(first[-1]).path(gap)[-1] == pytest.approx(whole[-1])


def test_a_scenario_that_scores_nearly_nothing_is_not_watched() -> None:
    started = ScenarioChannel.of(np.array([0.5, 9.0]), np.array([0.1, 0.1]))
    assert np.isnan(started.null_means[0])
    assert started.null_means[1] == pytest.approx(0.82)
    assert ScenarioChannel.of(np.array([9.0]), np.array([0.5])).null_means[0] == pytest.approx(0.775)


def test_a_fall_raises_within_a_day_and_its_hour_is_found() -> None:
    rng = np.random.default_rng(2)
    scores = np.concatenate([rng.normal(9, 0.5, 200), rng.normal(2, 0.5, 24)]).clip(0, 10)
    evidence = log_evidence(channel(0.8).path(scores[:, None]))[:, 0]
    assert evidence[:200].max() < LOG_THRESHOLD <= evidence[-1]
    assert onset_of(scores, 0.8) == 200
