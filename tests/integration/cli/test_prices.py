"""What an hour costs before it is asked, and what is wrong with prices, as the command line says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import RunAibaas

TARGETS_FILE = PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml"
HOUR = ("--hour", "2026-11-20T05")


def test_a_dry_run_prints_plan_price_and_what_budgets_leave_out_and_asks_nothing(aibaas: RunAibaas, home: Path) -> None:
    keys = {"OPENAI_API_KEY": "sk-x", "AIBAAS_SIMULATOR": "off"}
    whole = aibaas("run", "--dry-run", *HOUR, **keys)
    assert whole.returncode == 0, whole.stderr
    lines = whole.stdout.splitlines()
    assert lines[0] == "2026-11-20 05:00 UTC: 36 planned calls, 36 to make"
    luna = next(line.split() for line in lines if line.startswith("openai-gpt-6-luna "))
    assert luna[1] == "12"
    assert 0 < float(luna[2]) < float(luna[3])
    assert lines[-2:] == ["budget of all targets per month: 0.000000 of 500 USD spent", "nothing was asked"]
    assert not any(line.startswith("left out") for line in lines)
    poor = aibaas("run", "--dry-run", *HOUR, AIBAAS_BUDGET_HOUR_USD="0.2", **keys).stdout
    left = [line for line in poor.splitlines() if line.startswith("left out: ")]
    assert len(left) == 3
    assert all(line.endswith("budget of all targets per hour") for line in left)
    assert not list((home / "archive").glob("**/*.parquet"))


def test_a_budget_of_nothing_is_refused_by_its_name(aibaas: RunAibaas, tmp_path: Path) -> None:
    refused = aibaas("run", "--dry-run", AIBAAS_BUDGET_MONTH_USD="0")
    assert (refused.returncode, refused.stderr) == (
        2,
        "aibaas: AIBAAS_BUDGET_MONTH_USD is not usable: input should be greater than 0\n",
    )
    file = tmp_path / "targets.yaml"
    file.write_text(TARGETS_FILE.read_text().replace("usd_per_day: 50", "usd_per_day: -50"))
    told = aibaas("run", "--dry-run", AIBAAS_TARGETS_FILE=str(file)).stderr
    assert told.startswith(f"aibaas: {file}:")
    assert told.endswith("budget.usd_per_day: input should be greater than 0\n")


def test_prices_are_checked_and_seeded_without_the_network(aibaas: RunAibaas, tmp_path: Path) -> None:
    sound = aibaas("prices", "check")
    assert (sound.returncode, sound.stdout) == (0, "7 price rows, 0 faults, 0 notes\n")
    assert aibaas("prices", "seed").stdout == ""
    file = tmp_path / "targets.yaml"
    file.write_text(TARGETS_FILE.read_text().replace("model: gpt-6-luna", "model: gpt-4o", 1))
    lacking = aibaas("prices", "check", AIBAAS_TARGETS_FILE=str(file))
    assert lacking.returncode == 1
    assert "target openai-gpt-6-luna: no usable price of openai/gpt-4o" in lacking.stdout
    seeded = aibaas("prices", "seed", AIBAAS_TARGETS_FILE=str(file)).stdout.splitlines()
    assert seeded[:2] == ["  - provider: openai", "    model: gpt-4o"]
    assert any('usd_per_mtok: {input: "2.5", output: "10", cached_input: "1.25"}' in line for line in seeded)


def test_published_prices_are_watched_by_a_command_too(aibaas: RunAibaas) -> None:
    first = aibaas("prices", "watch")
    assert first.returncode == 0, first.stderr
    found = re.fullmatch(r"(\d+) new prices, \d+ changes\n", first.stdout)
    assert found is not None
    assert int(found[1]) >= 6 + 7  # of the simulated models, and the rows of the file
    assert aibaas("prices", "watch").stdout == "0 new prices, 0 changes\n"
