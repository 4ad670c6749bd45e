"""`aibaas scenarios …` as somebody who writes scenarios uses it, on a catalogue of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT

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
        env={**os.environ, "AIBAAS_HOME": str(catalogue.parent / "home"), "AIBAAS_SCENARIOS_DIR": str(catalogue)},
        cwd=PROJECT_ROOT, capture_output=True, text=True,
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
        ("reference.py", "page < pages", "page <= pages", "reference.py:1: {}, seed 0: reference scores "),
        ("wrong_no_cap.py", "score: 8", "score: 7", "wrong_no_cap.py:1: {}, seed 0: wrong_no_cap scores 8.0, not 7: "),
    ],
)
def test_a_scenario_that_does_not_measure_what_it_says_is_found(
    catalogue: Path, file: str, old: str, new: str, flaw: str
) -> None:
    change(catalogue, f"solutions/{file}", old, new)
    result = scenarios(catalogue, "prove", PAGER, "--seeds", "1")
    assert result.returncode == 1
    assert f"/{PAGER}/solutions/{flaw.format(PAGER)}" in result.stdout
    assert result.stdout.endswith("0 of 1 scenarios hold\n")


def test_publishing_records_the_own_catalogue_and_refuses_a_silent_change(catalogue: Path) -> None:
    installed = (PROJECT_ROOT / "scenarios" / "contents.txt").read_text()
    recorded = catalogue / "contents.txt"
    assert scenarios(catalogue, "publish").stdout == f"1 scenarios recorded in {recorded}\n"
    first = recorded.read_text()
    assert first.startswith(f"{PAGER} 1 ")
    change(catalogue, "prompt.md", "Support says", "Support tells us")
    refused = scenarios(catalogue, "publish")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"{PAGER} has changed and is still version 1: raise its version" in refused.stderr
    change(catalogue, "scenario.yaml", "version: 1", "version: 2")
    assert scenarios(catalogue, "publish").returncode == 0
    assert recorded.read_text().startswith(f"{PAGER} 2 ")
    assert (PROJECT_ROOT / "scenarios" / "contents.txt").read_text() == installed


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


MADE = [
    # family, slug, further arguments, id
    ("refactoring", "flat-loop", (), "refactoring/flat-loop"),
    ("bug-fixing", "script", ("--kind", "program", "--language", "bash"), "bug-fixing/script"),
    ("sql", "two-joins", ("--kind", "sql"), "sql/two-joins"),
    ("security", "module", ("--kind", "asserts", "--language", "javascript"), "security/module"),
    ("test-writing", "clamp", ("--kind", "tests"), "test-writing/clamp"),
    ("long-context", "who-calls", ("--kind", "text", "--into", "community/ana"), "ana/who-calls"),
]
MARK = "TO" + "DO(author)"


def test_a_new_scenario_is_valid_and_says_what_is_left_to_be_written(catalogue: Path) -> None:
    for family, slug, more, scenario_id in MADE:
        made = scenarios(catalogue, "new", family, slug, *more)
        assert made.returncode == 0, made.stderr
        assert f"./aibaas scenarios prove {scenario_id} says what is left" in made.stdout
    assert scenarios(catalogue, "validate").stdout == "7 scenarios in 6 families\n"
    names = [scenario_id for *_, scenario_id in MADE]
    proof = scenarios(catalogue, "prove", *names, "--seeds", "1")
    assert (proof.returncode, proof.stdout.splitlines()[-1]) == (1, "0 of 6 scenarios hold")
    assert "/two-joins/prompt.md:1: sql/two-joins, seed 0: this line is still to be written\n" in proof.stdout
    assert all("is still to be written" in line for line in proof.stdout.splitlines()[:-1])
    for file in catalogue.rglob("*"):
        if file.is_file():
            file.write_text(file.read_text().replace(MARK, "Done"))
    assert scenarios(catalogue, "prove", *names, "--seeds", "1").stdout == "6 of 6 scenarios hold\n"


def test_two_new_scenarios_have_two_canaries(catalogue: Path) -> None:
    for slug in ("one", "two"):
        assert scenarios(catalogue, "new", "sql", slug, "--kind", "sql").returncode == 0
    canaries = re.findall(r"^canary: (.*)$", "\n".join(map(Path.read_text, catalogue.rglob("*.yaml"))), re.MULTILINE)
    assert len(set(canaries)) == len(canaries) == 3


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("bug-fixing", "off-by-one-pager"), "exists already: take another slug, or remove it"),
        (("bug-fixing", "Off_By"), "the slug 'Off_By' is not usable: small letters and digits"),
        (("bug-fixing", "../up"), "the slug '../up' is not usable"),
        (("cooking", "soup"), "no family 'cooking': there are code-generation, bug-fixing"),
        (("sql", "x", "--kind", "sequel"), "no kind 'sequel': there are function, program"),
        (("sql", "x", "--kind", "sql", "--language", "python"), "a grader of kind sql can't grade python: sql"),
        (("sql", "x", "--into", "elsewhere"), "--into is core or community/HANDLE, not 'elsewhere'"),
        (("sql", "x", "--into", "community/../up"), "the handle '../up' is not usable"),
        (("sql", "x", "--into", "community/sql"), "the handle 'sql' is the name of a family: take another"),
    ],
)
def test_a_name_that_cannot_be_is_refused(catalogue: Path, arguments: tuple[str, ...], reason: str) -> None:
    before = sorted(catalogue.rglob("*"))
    result = scenarios(catalogue, "new", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1
    assert sorted(catalogue.rglob("*")) == before


@pytest.fixture
def committed(catalogue: Path) -> Path:
    """The catalogue in a git repository that holds it."""
    own = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "first")):
        subprocess.run(["git", "-C", catalogue, *own, *arguments], check=True, capture_output=True)
    return catalogue


def test_changes_since_a_revision_are_shown_and_what_to_do(committed: Path) -> None:
    same = scenarios(committed, "diff")
    assert (same.returncode, same.stdout) == (0, "nothing has changed since HEAD\n")
    change(committed, "prompt.md", "Support says", "Support tells us")
    said = scenarios(committed, "diff")
    assert said.returncode == 1
    assert f"{PAGER}: changed and still version 1: raise its version to 2" in said.stdout
    assert "-Support says" in said.stdout
    assert "+Support tells us" in said.stdout
    change(committed, "scenario.yaml", "version: 1", "version: 2")
    scenarios(committed, "new", "sql", "later", "--kind", "sql")
    said = scenarios(committed, "diff")
    assert said.returncode == 0
    assert f"{PAGER}: changed, version 1 is now 2" in said.stdout
    assert "sql/later: new, HEAD does not have it" in said.stdout
    assert PAGER not in scenarios(committed, "diff", "sql/later").stdout


def test_what_is_gone_and_what_does_not_load_is_shown_too(committed: Path) -> None:
    change(committed, "scenario.yaml", "difficulty: easy", "difficulty: trivial")
    broken = scenarios(committed, "diff")
    assert "scenario.yaml: difficulty: input should be 'easy'" in broken.stderr
    assert "+difficulty: trivial" in broken.stdout
    shutil.rmtree(committed / "core" / PAGER)
    assert f"{PAGER}: gone, HEAD has it as version 1" in scenarios(committed, "diff").stdout


def test_a_revision_without_the_catalogue_makes_all_of_it_new(committed: Path) -> None:
    inner = committed / "inner"
    inner.mkdir()
    (committed / "core").rename(inner / "core")
    (committed / "suites.yaml").rename(inner / "suites.yaml")
    assert f"{PAGER}: new, HEAD does not have it" in scenarios(inner, "diff").stdout


def test_differences_without_git_or_revision_are_refused_in_one_line(committed: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(committed / "core", elsewhere / "core")
    for place, arguments, reason in (
        (elsewhere, (), f"{elsewhere} is in no git repository"),
        (committed, ("--against", "nonsense"), "no revision 'nonsense' in"),
        (committed, ("--against", "--output=x"), "no revision '--output=x' in"),
        (committed, ("sql/nowhere",), "no scenario 'sql/nowhere', here or in HEAD"),
    ):
        result = scenarios(place, "diff", *arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert reason in result.stderr
        assert result.stderr.count("\n") == 1


def test_mutants_of_a_reference_are_noticed_named_or_explained(catalogue: Path) -> None:
    whole = scenarios(catalogue, "mutants", PAGER)
    assert (whole.returncode, "not noticed" in whole.stdout) == (0, False), whole.stdout
    checks = catalogue / "core" / PAGER / "tests" / "checks.yaml"
    checks.write_text("- name:".join(checks.read_text().split("- name:")[:2]))
    weak = scenarios(catalogue, "mutants", PAGER)
    assert weak.returncode == 1
    named = [line.split("line ", 1)[1] for line in weak.stdout.splitlines() if "not noticed" in line]
    assert len(named) > 4
    explained = "".join(f"  - change: {json.dumps(change)}\n    why: a reason\n" for change in named[:3])
    (catalogue / "equivalent_mutants.yaml").write_text(
        f'{PAGER}:\n{explained}  - {{change: "1: a -> b", why: a reason}}\n'
    )
    again = scenarios(catalogue, "mutants", PAGER).stdout
    assert "3 equivalent" in again
    assert named[0] not in again
    assert named[3] in again
    assert "explained without need: 1: a -> b" in again
