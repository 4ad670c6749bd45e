"""A newcomer's first minutes: one command in a clean clone, an empty home, nothing in the environment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Demo

RANKED = r"^ +(\d+)  \S+.*\(simulated\) +(\d+\.\d\d)  (-?\d+\.\d\d - \d+\.\d\d)"

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("newcomer"), pytest.mark.timeout(1800)]


def test_the_demo_ends_with_a_leaderboard_of_simulated_models(demo: Demo) -> None:
    assert demo.run.exit_code == 0, demo.run.output[-4000:]
    lines = re.findall(RANKED, demo.run.output, re.MULTILINE)
    assert [int(rank) for rank, _, _ in lines] == list(range(1, len(lines) + 1))
    assert len(lines) >= 6
    scores = [float(score) for _, score, _ in lines]
    assert scores == sorted(scores, reverse=True)
    assert "http://127.0.0.1:" in demo.run.output


def test_the_demo_says_how_far_it_is(demo: Demo) -> None:
    assert re.search(r"asking: [\d,]+ of 24,264, \d+ s left", demo.run.output)


def test_nothing_leaves_the_machine(demo: Demo) -> None:
    assert demo.run.packets == ""
    assert demo.run.outside_packets == 0


def test_the_demo_is_quick_enough(demo: Demo, record_property: pytest.RecordProperty) -> None:
    """Prints the figures; the bound is loose, because machines are noisy."""
    figures = f"packages {demo.packages_s:.0f} s, demo {demo.demo_s:.0f} s"
    record_property("first_minutes", figures)
    print(figures)
    assert demo.packages_s + demo.demo_s < 900


def test_a_second_start_is_instant(demo: Demo) -> None:
    again = demo.checkout.run("--version")
    assert again.returncode == 0
    assert "making .venv" not in again.stderr
