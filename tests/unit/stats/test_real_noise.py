"""Real latencies of GPT-4 models, with the outliers that they have: single ones are no change.

Eleven looks in nine days at 27 pairs of model and place (thefastest.ai, April 2024) are too few to watch; whole looks
are drawn from them, so that what is slow together stays together.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from orchestration.settings import PROJECT_ROOT
from orchestration.stats.cells import Cells
from orchestration.stats.change_points import detect
from orchestration.stats.detection_metrics import LATENCY, TTFT

if TYPE_CHECKING:
    from orchestration.stats.detection_metrics import Metric

LOOKS = PROJECT_ROOT.parent / "shared" / "data" / "latency" / "thefastest_2024.public.jsonl.gz"
FIELDS = {LATENCY: "total_time", TTFT: "ttft"}
HOURS = 45 * 24
PLACES = ("cdg", "iad", "sea")
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not LOOKS.exists(), reason=f"needs the real latencies in {LOOKS}"),
]


@pytest.fixture(scope="module")
def looks() -> dict[tuple[str, Metric], np.ndarray]:
    """ln milliseconds by place and metric: a row for each look, a column for each GPT-4 model that all looks have."""
    with gzip.open(LOOKS, "rt", encoding="utf-8") as lines:
        rows = [row for line in lines if "gpt-4" in (row := json.loads(line))["model"]]
    found = {}
    for place in PLACES:
        for metric, name in FIELDS.items():
            series: dict[str, list[float]] = {}
            for row in rows:
                if row["region"] == place:
                    series.setdefault(row["model"], []).append(np.log(1000 * row[name]))
            found[place, metric] = np.array([values for values in series.values() if len(values) == 11]).T
    return found


def cells_of_looks(drawn: np.ndarray) -> Cells:
    names = tuple(f"model-{number}" for number in range(drawn.shape[1]))
    return Cells(drawn, np.ones_like(drawn), names, ("1",) * len(names))


@pytest.mark.parametrize("metric", FIELDS, ids=lambda metric: metric.name)
@pytest.mark.parametrize("place", PLACES)
def test_the_series_as_they_are_are_too_few(
    looks: dict[tuple[str, Metric], np.ndarray], place: str, metric: Metric
) -> None:
    assert looks[place, metric].shape == (11, 9)
    found = detect(cells_of_looks(looks[place, metric]), metric)
    assert (found.changes, found.is_sufficient) == ((), False)


@pytest.mark.parametrize("metric", FIELDS, ids=lambda metric: metric.name)
@pytest.mark.parametrize("place", PLACES)
def test_real_outliers_raise_nothing_nor_does_the_worst_of_all_in_one_hour(
    looks: dict[tuple[str, Metric], np.ndarray], place: str, metric: Metric
) -> None:
    of_place = looks[place, metric]
    for seed in range(4):
        rng = np.random.default_rng([seed, len(place)])
        drawn = cells_of_looks(of_place[rng.integers(len(of_place), size=HOURS)])
        assert detect(drawn, metric).changes == ()
        for hour in rng.integers(400, HOURS - 60, 6).tolist():
            values = drawn.values.copy()
            values[hour] = of_place.max(axis=0)
            assert detect(replace(drawn, values=values).until(hour + 48), metric).changes == ()


@pytest.mark.parametrize("place", PLACES)
def test_half_as_slow_again_is_found_in_them(looks: dict[tuple[str, Metric], np.ndarray], place: str) -> None:
    """So that silence is no blindness."""
    of_place = looks[place, LATENCY]
    values = of_place[np.random.default_rng(5).integers(len(of_place), size=HOURS)]
    values[700:] += np.log(1.5)
    (change,) = detect(cells_of_looks(values), LATENCY).changes
    assert 700 <= change.raised_hour <= 724
    assert change.sign == 1
