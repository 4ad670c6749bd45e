"""`aibaas scenarios …` as somebody who writes scenarios uses it, on a catalogue of their own."""

from __future__ import annotations

import json
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


def test_what_follows_the_prompt_is_shown(catalogue: Path) -> None:
    doubted = "adversarial-wording/week-53-doubted"
    shutil.copytree(PROJECT_ROOT / "scenarios" / "core" / doubted, catalogue / "core" / doubted)
    shown = scenarios(catalogue, "show", doubted).stdout
    assert shown.index("the user goes on\nOur auditor has read it.") > shown.index("without a look at what")


def test_an_unknown_scenario_brings_near_names(catalogue: Path) -> None:
    result = scenarios(catalogue, "show", "bug-fixing/off-by-one-page")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"aibaas: no scenario 'bug-fixing/off-by-one-page': near it: {PAGER}\n"


def test_a_new_scenario_is_valid_and_not_yet_proven(catalogue: Path) -> None:
    for arguments in (
        ("refactoring", "flat-loop"),
        ("sql", "two-joins", "--kind", "sql"),
        ("test-writing", "clamp", "--kind", "tests"),
        ("long-context", "who-calls", "--kind", "text", "--handle", "ana"),
    ):
        made = scenarios(catalogue, "new", *arguments)
        assert made.returncode == 0, made.stderr
        assert "then ./aibaas scenarios prove" in made.stdout
    assert scenarios(catalogue, "validate").stdout == "5 scenarios in 5 families\n"
    proof = scenarios(catalogue, "prove", "ana/who-calls", "--seeds", "1")
    assert (proof.returncode, "reference scores" in proof.stdout) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("bug-fixing", "off-by-one-pager"), "is there already: choose another name"),
        (("bug-fixing", "Off_By"), "small letters, digits and single hyphens"),
        (("cooking", "soup"), "'cooking' is none of code-generation"),
        (("sql", "x", "--kind", "sql", "--language", "python"), "the kind sql grades sql, not 'python'"),
    ],
)
def test_a_name_that_cannot_be_is_refused(catalogue: Path, arguments: tuple[str, ...], reason: str) -> None:
    result = scenarios(catalogue, "new", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert reason in result.stderr


def test_changes_since_a_revision_are_shown_and_what_to_do(catalogue: Path) -> None:
    def git(*arguments: str) -> None:
        own = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        subprocess.run(["git", "-C", catalogue, *own, *arguments], check=True, capture_output=True)

    assert "git can't read HEAD" in scenarios(catalogue, "diff").stderr
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    assert scenarios(catalogue, "diff").stdout == "0 of 1 scenarios have changed since HEAD\n"
    change(catalogue, "prompt.md", "Support says", "Support tells us")
    said = scenarios(catalogue, "diff").stdout
    assert "has changed and is still version 1: raise its version" in said
    assert "-Support says" in said
    assert "+Support tells us" in said
    change(catalogue, "scenario.yaml", "version: 1", "version: 2")
    scenarios(catalogue, "new", "sql", "later", "--kind", "sql")
    said = scenarios(catalogue, "diff").stdout
    assert f"{PAGER}: version 1 -> 2" in said
    assert "sql/later: new" in said


def test_mutants_of_a_reference_are_noticed_or_named(catalogue: Path) -> None:
    result = scenarios(catalogue, "mutants", PAGER)
    assert result.returncode == 0
    assert "39 of 40 noticed (40 made, 0 equivalent)" in result.stdout
    change_line = next(line for line in result.stdout.splitlines() if "not noticed" in line).split("line ", 1)[1]
    explained_change = f"  - change: {json.dumps(change_line)}\n    why: the text is free\n"
    entries = f'{PAGER}:\n{explained_change}  - {{change: "1: a -> b", why: old}}\n'
    (catalogue / "equivalent_mutants.yaml").write_text(entries)
    explained = scenarios(catalogue, "mutants", PAGER)
    assert "39 of 40 noticed (40 made, 1 equivalent)" in explained.stdout
    assert "explained but not made: 1: a -> b" in explained.stdout
    checks = catalogue / "core" / PAGER / "tests" / "checks.yaml"
    kept = checks.read_text().split("- name:")
    checks.write_text("- name:".join(kept[:2]))
    assert scenarios(catalogue, "mutants", PAGER).returncode == 1
