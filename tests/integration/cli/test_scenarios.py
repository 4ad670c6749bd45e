"""`aibaas scenarios …` as somebody who writes scenarios uses it, on a catalogue of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGER = "bug-fixing/off-by-one-pager"


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A copy with one scenario."""
    folder = tmp_path / "scenarios"
    shutil.copytree(PROJECT_ROOT / "scenarios" / "core" / PAGER, folder / "core" / PAGER)
    suite = f"suites:\n  - name: canary\n    version: 1\n    cadence: hourly\n    scenario_ids: [{PAGER}]\n"
    (folder / "suites.yaml").write_text(suite)
    return folder


def scenarios(catalogue: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "orchestration.cli", "scenarios", *arguments],
        env={**os.environ, "AIBAAS_SCENARIOS_DIR": str(catalogue)}, cwd=PROJECT_ROOT, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def change(catalogue: Path, file: str, old: str, new: str) -> None:
    path = catalogue / "core" / PAGER / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_good_catalogue_is_counted_and_proven(catalogue: Path) -> None:
    assert scenarios(catalogue, "validate").stdout == "1 scenarios in 1 families\n"
    result = scenarios(catalogue, "prove", "--seeds", "2")
    assert (result.returncode, result.stdout) == (0, "1 of 1 scenarios hold\n"), result.stderr


def test_a_broken_file_is_named_with_line_field_and_reason(catalogue: Path) -> None:
    change(catalogue, "scenario.yaml", "difficulty: easy", "difficulty: trivial")
    result = scenarios(catalogue, "validate")
    assert result.returncode == 2
    assert "scenario.yaml:5: difficulty" in result.stderr
    kept = scenarios(catalogue, "validate", "--keep-going")
    assert (kept.returncode, kept.stdout) == (2, "0 scenarios in 0 families\n")
    assert "scenario.yaml:5: difficulty" in kept.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "flaw"),
    [
        ("solutions/reference.py", "page < pages", "page <= pages", "reference scores "),
        ("solutions/wrong_no_cap.py", "score: 8", "score: 7", "wrong_no_cap scores 8.0, not 7"),
    ],
)
def test_a_scenario_that_does_not_measure_what_it_says_is_found(
    catalogue: Path, file: str, old: str, new: str, flaw: str
) -> None:
    change(catalogue, file, old, new)
    result = scenarios(catalogue, "prove", PAGER, "--seeds", "1")
    assert result.returncode == 1
    assert f"{PAGER}, seed 0: {flaw}" in result.stdout
    assert result.stdout.endswith("0 of 1 scenarios hold\n")


def test_a_variant_is_shown(catalogue: Path) -> None:
    public, fresh = (scenarios(catalogue, "show", PAGER, "--seed", seed).stdout for seed in ("0", "1"))
    assert "seed 0 of 9" in public
    assert "Support says that customers miss" in public
    assert public != fresh


def test_an_unknown_scenario_brings_near_names(catalogue: Path) -> None:
    result = scenarios(catalogue, "show", "bug-fixing/off-by-one-page")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"aibaas: no scenario 'bug-fixing/off-by-one-page': near it: {PAGER}\n"
