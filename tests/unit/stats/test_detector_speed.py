"""A year of a hundred targets is replayed within a minute of one core, and an hour more of them within 0.2 s."""

from __future__ import annotations

import pytest

from tests.benchmarks.detector_rates import speed

TARGETS = 100


@pytest.mark.scale
def test_a_hundred_targets_are_replayed_in_time_and_gone_on_with_in_time() -> None:
    whole, more = (TARGETS * seconds for seconds in speed())
    print(f"{TARGETS} targets: a year {whole:.1f} s, an hour more {more:.3f} s")
    assert whole <= 60
    assert more <= 0.2
