"""An hour of the suite that asks public and fresh variants, dialogues among them, from the plan to the marts."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from orchestration.settings import PROJECT_ROOT
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from scenarios.loader import load_catalogue
from tests.support.parsed_project import give_parsed_project
from tests.support.product import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

HOUR = "2026-11-20T06"
TARGETS = 6


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, parsed_home: Path) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("wider") / "home"
    give_parsed_project(parsed_home, place)
    (place / "simulator-events-anchor").write_text("2026-11-23\n")
    own = {"AIBAAS_HOME": str(place), "AIBAAS_SIMULATOR_PORT": str(free_ports(1)[0]), "AIBAAS_SUITES": "core"}
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "run", "--hour", HOUR],
        cwd=PROJECT_ROOT, env={"PATH": os.environ["PATH"], "HOME": str(place.parent)} | own, capture_output=True,
        text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    yield place
    EmbeddedPostgres(place).stop()


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(EmbeddedPostgres(home).url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_each_scenario_is_asked_in_its_public_and_in_one_fresh_variant(home: Path) -> None:
    suite = load_catalogue(PROJECT_ROOT / "scenarios").suites["core"]
    planned = rows(home, "select suite, variant_seed = 0, count(*) from raw.planned_calls group by 1, 2 order by 2")
    each = len(suite.scenario_ids) * TARGETS
    assert planned == [("core", False, each), ("core", True, each)]
    assert (home / "rotation.key").stat().st_mode & 0o777 == 0o600


def test_every_answer_is_scored_and_the_best_model_solves_most_of_every_family(home: Path) -> None:
    answered, scored = rows(
        home,
        "select count(*) filter (where response_status = 'answered'), count(score)"
        " from intermediate.int_calls_resolved",
    )[0]
    assert answered == scored >= 0.9 * 2 * 48 * TARGETS
    means = dict(
        rows(
            home,
            "select family, score_mean from marts.fct_leaderboard"
            " where target_id = 'sim-atlas' and window_name = '24h'",
        )
    )
    assert len(means) == 13
    assert all(mean > 6 for mean in means.values()), means


def test_calls_of_tools_are_counted_beside_the_score(home: Path) -> None:
    counted = rows(
        home,
        "select sum(tool_call_count), sum(valid_tool_call_count), count(*) filter (where tool_call_count is null)"
        " from raw.scores",
    )[0]
    assert counted[0] >= counted[1] > 0
    assert counted[2] > 0


def test_the_gap_of_public_and_fresh_variants_reaches_its_mart(home: Path) -> None:
    found = rows(
        home, "select count(*), bool_and(scenario_count > 0) from marts.fct_contamination where window_name = '30d'"
    )[0]
    assert found == (13 * TARGETS, True)
