"""How a scenario's files can be broken, through the command line: file, line and reason, never a traceback."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.cli.conftest import RunAibaas

PAGER = "bug-fixing/off-by-one-pager"
QUERY = "sql/monthly-net-revenue"
CANARY = re.compile(r"aibaas-canary-[0-9a-f-]{36}")
ALIASES = "\n".join(["a: &a [x]", *(f"b{n}: [{', '.join(['*a'] * 9)}]" for n in range(9))])


def replaced(file: str, old: str, new: str) -> Callable[[Path], object]:
    def apply(folder: Path) -> None:
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1))

    return apply


def appended(file: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / file).write_text((folder / file).read_text() + text)


def linked(folder: Path) -> None:
    (folder / "prompt.md").unlink()
    (folder / "prompt.md").symlink_to("/etc/hostname")


def bombed(folder: Path) -> None:
    (folder / "tests" / "checks.yaml").write_text(f"# {canary_of(folder)}\n{ALIASES}\n")


def left(folder: Path) -> None:
    replaced("scenario.yaml", ", entry: paginate}", "}")(folder)
    replaced("scenario.yaml", "kind: function", "kind: program")(folder)
    check = "- {name: writes, weight: 1, files: {../../answer.txt: text}}"
    (folder / "tests" / "checks.yaml").write_text(f"# {canary_of(folder)}\n{check}\n")


def piped(folder: Path) -> None:
    (folder / "prompt.md").unlink()
    os.mkfifo(folder / "prompt.md")


FAULTS: list[tuple[str, Callable[[Path], object], str]] = [
    ("missing-file", lambda folder: (folder / "prompt.md").unlink(), r"prompt\.md:1: \(file\): missing"),
    ("missing-folder", lambda folder: shutil.rmtree(folder / "tests"), r"tests/checks\.yaml:1: \(file\): missing"),
    (
        "no-text",
        lambda folder: (folder / "prompt.md").write_bytes(b"a\nb\xff"),
        r"prompt\.md:2: .*not UTF-8: byte 0xff",
    ),
    ("link-out", linked, r"prompt\.md:1: \(file\): a symbolic link is not allowed"),
    ("path-out", left, r"checks\.yaml:2: \[0\]\.files: a path leaves its folder"),
    ("pipe", piped, r"prompt\.md:1: \(file\): no regular file"),
    ("stray", lambda folder: (folder / "run.py").touch(), r"run\.py:1: \(file\): unexpected: a scenario holds"),
    ("aliases", bombed, r"checks\.yaml:3: b0\[0\]: aliases are not allowed"),
    ("deep", lambda folder: (folder / "scenario.yaml").write_text("[" * 40), r"scenario\.yaml:1: .*deeper than 32"),
    ("deeper", lambda folder: (folder / "scenario.yaml").write_text("- " * 99_999), r"scenario\.yaml:1: "),
    ("large", appended("prompt.md", "x" * 300_000), r"prompt\.md:1: \(file\): larger than 256 KiB"),
    (
        "licence",
        replaced("scenario.yaml", "licence: MIT", "licence: GPL-3.0"),
        r"yaml:6: licence: input should be 'MIT'",
    ),
    ("own-id", replaced("scenario.yaml", "/own-id", "/off-by-one-pager"), r"yaml:1: id: '.*' lies in the folder"),
    (
        "own-canary",
        lambda folder: [
            replaced(file, canary_of(folder), canary_of(folder.parent / "off-by-one-pager"))(folder)
            for file in ("tests/checks.yaml", "scenario.yaml")
        ],
        r"yaml:8: canary: duplicate: .*off-by-one-pager/scenario\.yaml has the same",
    ),
    ("unknown-name", replaced("prompt.md", "{{thing}}", "{{thingy}}"), r"prompt\.md:\d+: {{thingy}}: no parameter"),
]


def canary_of(folder: Path) -> str:
    found = CANARY.search((folder / "scenario.yaml").read_text())
    assert found
    return found[0]


def copied(catalogue: Path, name: str, number: int) -> Path:
    """A good scenario of another name."""
    source, folder = catalogue / "core" / PAGER, catalogue / "core" / "bug-fixing" / name
    shutil.copytree(source, folder)
    for file in ("scenario.yaml", "tests/checks.yaml"):
        text = (folder / file).read_text().replace(PAGER, f"bug-fixing/{name}")
        (folder / file).write_text(text.replace(canary_of(source)[-4:], f"{number:04x}"))
    return folder


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """Two good scenarios."""
    place = tmp_path / "scenarios"
    for name in (PAGER, QUERY):
        shutil.copytree(PROJECT_ROOT / "scenarios" / "core" / name, place / "core" / name)
    suite = f"suites:\n  - name: canary\n    version: 1\n    cadence: hourly\n    scenario_ids: [{PAGER}, {QUERY}]\n"
    (place / "suites.yaml").write_text(suite)
    return place


def test_each_fault_is_named_and_the_rest_is_loaded(aibaas: RunAibaas, catalogue: Path) -> None:
    for number, (name, spoil, _) in enumerate(FAULTS):
        spoil(copied(catalogue, name, number))
    result = aibaas("scenarios", "validate", "--keep-going", AIBAAS_SCENARIOS_DIR=str(catalogue))
    complaints = result.stderr.splitlines()
    assert (result.returncode, result.stdout) == (2, "2 scenarios in 2 families\n")
    assert len(complaints) == len(FAULTS)
    for name, _, reason in FAULTS:
        (complaint,) = [line for line in complaints if f"/bug-fixing/{name}/" in line.split(":")[0]]
        assert re.search(reason, complaint), complaint


def test_the_first_fault_ends_it_in_one_line(aibaas: RunAibaas, catalogue: Path) -> None:
    (catalogue / "core" / PAGER / "prompt.md").unlink()
    result = aibaas("scenarios", "validate", AIBAAS_SCENARIOS_DIR=str(catalogue))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"aibaas: {catalogue / 'core' / PAGER / 'prompt.md'}:1: (file): missing\n"


def test_a_suite_of_a_broken_scenario_is_left_out_and_a_broken_suite_named(aibaas: RunAibaas, catalogue: Path) -> None:
    suites = catalogue / "suites.yaml"
    suites.write_text(
        suites.read_text() + "  - name: other\n    version: one\n    cadence: daily\n    scenario_ids: []\n"
    )
    result = aibaas("scenarios", "validate", "--keep-going", AIBAAS_SCENARIOS_DIR=str(catalogue))
    assert (result.returncode, result.stdout) == (2, "2 scenarios in 2 families\n")
    assert "suites.yaml:7: suites[1].version: input should be a valid integer" in result.stderr


def test_checks_that_pass_without_any_code_are_found_by_the_proof(aibaas: RunAibaas, catalogue: Path) -> None:
    folder = copied(catalogue, "blind", 1)
    (folder / "solutions" / "wrong_blind.py").write_text("# score: 9\npass\n")
    checks = f"# {canary_of(folder)}\n- {{name: nothing, weight: 1, tail: assert True}}\n"
    (folder / "tests" / "checks.yaml").write_text(checks)
    definition = (folder / "scenario.yaml").read_text().replace("kind: function", "kind: asserts")
    (folder / "scenario.yaml").write_text(definition)
    result = aibaas("scenarios", "prove", "bug-fixing/blind", "--seeds", "1", AIBAAS_SCENARIOS_DIR=str(catalogue))
    assert result.returncode == 1
    place = re.escape(str(folder / "tests" / "checks.yaml"))
    flaw = "bug-fixing/blind, seed 0: code that does nothing scores 10.0: it passes nothing"
    assert re.search(f"^{place}:2: {flaw}$", result.stdout, re.MULTILINE), result.stdout


def test_a_reference_that_differs_from_run_to_run_is_found_by_the_proof(aibaas: RunAibaas, catalogue: Path) -> None:
    folder = copied(catalogue, "fickle", 1)
    replaced("solutions/reference.py", "MAX_PER_PAGE =", "import random\n\nMAX_PER_PAGE =")(folder)
    replaced("solutions/reference.py", "page < pages", "page < pages + random.randrange(2)")(folder)
    result = aibaas("scenarios", "prove", "bug-fixing/fickle", "--seeds", "1", AIBAAS_SCENARIOS_DIR=str(catalogue))
    assert result.returncode == 1
    assert f"{folder}/solutions/reference.py:1: bug-fixing/fickle, seed 0: reference scores " in result.stdout
