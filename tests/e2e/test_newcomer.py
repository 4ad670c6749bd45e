"""A newcomer's way: one command in a clean clone with an empty home and environment, then the running product.

All in one file, because every test uses the one clone (the workers of a parallel run share out files).
"""

from __future__ import annotations

import re
import signal
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.support.browser import launched, visit
from tests.support.dagster_api import DagsterApi
from tests.support.product import processes_naming

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.conftest import Demo
    from tests.support.product import Checkout

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(2400)]

JOB = "run_hourly_benchmark_job"
RANKED = r"^ +(\d+)  \S+.*\(simulated\) +(\d+\.\d\d)  (-?\d+\.\d\d - \d+\.\d\d)"


def test_the_demo_ends_with_a_leaderboard_of_simulated_models(demo: Demo) -> None:
    assert demo.run.exit_code == 0, demo.run.output[-4000:]
    lines = re.findall(RANKED, demo.run.output, re.MULTILINE)
    assert [int(rank) for rank, _, _ in lines] == list(range(1, len(lines) + 1))
    assert len(lines) >= 6
    scores = [float(score) for _, score, _ in lines]
    assert scores == sorted(scores, reverse=True)
    assert "http://127.0.0.1:" in demo.run.output


def test_the_demo_says_how_far_it_is(demo: Demo) -> None:
    assert re.search(r"asking: [\d,]+ of 3,528, \d+ s left", demo.run.output)


def test_nothing_leaves_the_machine(demo: Demo) -> None:
    assert demo.run.packets == ""
    assert demo.run.outside_packets == 0


def test_the_demo_is_quick_enough(demo: Demo, record_property: pytest.RecordProperty) -> None:
    """Prints the figures; the bound is loose, because machines are noisy."""
    figures = f"packages {demo.packages_s:.0f} s, demo {demo.demo_s:.0f} s"
    record_property("first_minutes", figures)
    print(figures)
    assert demo.packages_s + demo.demo_s < 1200


def test_a_second_start_is_instant(demo: Demo) -> None:
    again = demo.checkout.run("--version")
    assert again.returncode == 0
    assert "making .venv" not in again.stderr


def test_modules_of_the_directory_that_one_stands_in_are_not_used(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "orchestration").mkdir()
    (tmp_path / "orchestration" / "__init__.py").write_text("raise SystemExit('another checkout')")
    result = demo.checkout.run("--version", cwd=tmp_path)
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def services(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """Every service of `./aibaas up`, stopped by Ctrl-C at the end."""
    running = demo.checkout.start("up", log=tmp_path_factory.mktemp("up") / "log")
    try:
        running.wait_for("everything answers", within_s=120)
        yield demo.checkout
        assert running.interrupt() == 128 + signal.SIGINT
    finally:
        running.kill()
        print(running.said)
    assert processes_naming(str(demo.checkout.path)) == []


def address(checkout: Checkout, service: str) -> str:
    return f"http://127.0.0.1:{checkout.environment[f'AIBAAS_{service}_PORT']}"


def history(checkout: Checkout) -> list[dict[str, Any]]:
    url = f"{address(checkout, 'API')}/v1/models/sim-atlas/history"
    answer = httpx.get(url, params={"days": 3}, timeout=30)
    assert answer.status_code == httpx.codes.OK, answer.text
    rows: list[dict[str, Any]] = answer.json()["data"]
    return rows


def test_the_dashboard_shows_the_leaderboard(services: Checkout) -> None:
    with launched() as browser, visit(browser) as seen:
        seen.page.goto(address(services, "DASHBOARD"))
        seen.page.get_by_role("link", name="Atlas").first.wait_for()
        seen.page.get_by_text("simulated", exact=False).first.wait_for()
        seen.screenshot("product-leaderboard")
        seen.assert_only_loopback()


def test_the_dagster_ui_shows_assets_and_partitions(services: Checkout) -> None:
    with launched() as browser, visit(browser) as seen:
        seen.page.goto(f"{address(services, 'WEBSERVER')}/assets/raw/responses")
        seen.page.get_by_text("responses").first.wait_for()
        seen.page.get_by_text("Partitions").first.wait_for()
        seen.screenshot("product-dagster-asset")
        seen.assert_only_loopback()


def test_lineage_has_no_gap_from_scenarios_to_marts(services: Checkout) -> None:
    nodes = DagsterApi(address(services, "WEBSERVER")).assets()
    upstream = {tuple(n["assetKey"]["path"]): {tuple(k["path"]) for k in n["dependencyKeys"]} for n in nodes}
    reached = {("marts", "fct_leaderboard")}
    while new := {key for name in reached for key in upstream.get(name, set())} - reached:
        reached |= new
    assert {("raw", "scenarios"), ("raw", "planned_calls"), ("raw", "responses"), ("raw", "scores")} <= reached
    assert reached <= set(upstream), "every step of the lineage is an asset that something makes"


def test_a_rerun_and_a_backfill_from_the_ui_change_nothing(services: Checkout) -> None:
    dagster = DagsterApi(address(services, "WEBSERVER"))
    before = history(services)
    yesterday = datetime.now(UTC).replace(hour=0) - timedelta(days=1)
    hours = [f"{yesterday + timedelta(hours=hour):%Y-%m-%d-%H:00}" for hour in range(24)]
    run = dagster.rerun_partition(JOB, hours[5])
    assert dagster.end_of_run(run, within_s=240) == "SUCCESS"
    backfill = dagster.backfill(hours)
    assert dagster.end_of_backfill(backfill, within_s=1200) == "COMPLETED_SUCCESS"
    after = {row["period_start"]: row for row in history(services)}
    assert [after[row["period_start"]] for row in before] == before
