"""The quantiles that intervals of the warehouse take are those of Student's t."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scipy.stats import t as student_t

MACRO = Path(__file__).resolve().parents[3] / "dbt_project" / "macros" / "day_clusters.sql"


def test_the_quantiles_are_those_of_one_degree_of_freedom_to_those_of_ninety_days() -> None:
    written = MACRO.read_text(encoding="utf-8").partition("(array[")[2].partition("]")[0]
    quantiles = [float(number) for number in re.findall(r"[\d.]+", written)]
    assert len(quantiles) == 90 - 1
    assert quantiles == pytest.approx([student_t.ppf(0.975, degrees) for degrees in range(1, 90)], abs=1e-6)
