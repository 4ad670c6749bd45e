"""`aibaas scenarios import`, on small sets of our own in each public form, and on the real files where they are."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.settings import PROJECT_ROOT
from scenarios.loader import load_catalogue

if TYPE_CHECKING:
    from pathlib import Path

DATA = PROJECT_ROOT.parent / "shared" / "data" / "tasks"
DOUBLE = "def double(x):\n    return 2 * x\n"
HUMANEVAL = {
    "task_id": "HumanEval/7",
    "prompt": 'def double(x):\n    """Twice x, in {{braces}}."""\n',
    "canonical_solution": "    return 2 * x\n",
    "test": "def check(candidate):\n    assert candidate(3) == 6\n",
    "entry_point": "double",
}
MBPP = {
    "task_id": 11,
    "prompt": "Write a function that doubles.",
    "code": DOUBLE,
    "test_list": ["assert double(2) == 4"],
}
EVALPLUS = HUMANEVAL | {"base_input": [[1], [2]], "plus_input": [[0.5]], "atol": 0}
WRONG_REFERENCE = HUMANEVAL | {"task_id": "HumanEval/8", "canonical_solution": "    return x\n"}


def imported(pack: str, path: Path, into: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "orchestration.cli", "scenarios", "import", pack, str(path), "--into", str(into)],
        env=dict(os.environ), cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def lines(path: Path, *rows: dict[str, Any]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def quixbugs(root: Path) -> Path:
    for folder, text in (("correct_python_programs", DOUBLE), ("python_programs", DOUBLE.replace("2 *", "3 *"))):
        (root / folder).mkdir(parents=True)
        (root / folder / "double.py").write_text(text)
        (root / folder / "walk.py").write_text("def walk(tree):\n    return tree\n")
    (root / "json_testcases").mkdir()
    (root / "json_testcases" / "double.json").write_text("[[2], 4]\n[3, 6]\n")
    return root


def exercism(root: Path) -> Path:
    folder = root / "double-up"
    for part in (".docs", ".meta"):
        (folder / part).mkdir(parents=True)
    (folder / ".docs" / "instructions.md").write_text("# Instructions\n\nDouble it.\n")
    (folder / ".meta" / "example.py").write_text(DOUBLE)
    (folder / "double_up.py").write_text("def double(x):\n    pass\n")
    (folder / "double_up_test.py").write_text(
        "import unittest\nfrom double_up import double\n\n\nclass DoubleTest(unittest.TestCase):\n"
        "    def test_three(self):\n        self.assertEqual(double(3), 6)\n"
    )
    return root


@pytest.mark.parametrize(
    ("pack", "make", "count"),
    [
        ("humaneval", lambda place: lines(place / "HumanEval.jsonl.gz", HUMANEVAL), 1),
        ("mbpp", lambda place: lines(place / "mbpp.jsonl", MBPP, MBPP | {"task_id": 12}), 2),
        ("evalplus", lambda place: lines(place / "HumanEvalPlus.jsonl", EVALPLUS), 1),
        ("quixbugs", lambda place: quixbugs(place / "quixbugs"), 1),
        ("exercism", lambda place: exercism(place / "practice"), 1),
    ],
)
def test_every_public_form_becomes_a_pack_that_loads_the_same_bytes_each_time(
    tmp_path: Path, pack: str, make: Any, count: int
) -> None:
    path, packs = make(tmp_path), tmp_path / "packs"
    first = imported(pack, path, packs)
    assert first.returncode == 0, first.stdout + first.stderr
    assert f"{count} of " in first.stdout
    written = {file: file.read_bytes() for file in packs.rglob("*") if file.is_file()}
    catalogue = load_catalogue(PROJECT_ROOT / "scenarios", packs=packs)
    assert len(catalogue.suites[pack].scenario_ids) == count
    assert not any(catalogue.scenarios[name].is_core for name in catalogue.suites[pack].scenario_ids)
    assert all(catalogue.scenarios[name].source for name in catalogue.suites[pack].scenario_ids)
    imported(pack, path, packs)
    assert {file: file.read_bytes() for file in packs.rglob("*") if file.is_file()} == written
    assert [item.name for item in packs.iterdir()] == [pack]


def test_what_does_not_hold_is_left_out_and_named(tmp_path: Path) -> None:
    path = lines(tmp_path / "set.jsonl", HUMANEVAL, WRONG_REFERENCE)
    result = imported("humaneval", path, tmp_path / "packs")
    assert "left out: humaneval/8: reference scores 0.0, not 10: the published test" in result.stdout
    assert "1 of 2 tasks hold" in result.stdout
    assert [item.name for item in sorted((tmp_path / "packs" / "humaneval").iterdir())] == ["7", "suites.yaml"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "there is no such file"),
        (b"{", "not JSON"),
        (b"[1]", "a row is a JSON object"),
        (b'{"question": "?"}', "a row without prompt: is this the right set?"),
        (b"", "there is no task in it"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_such_set_is_refused_in_one_line(tmp_path: Path, text: bytes | None, reason: str) -> None:
    path = tmp_path / "set.jsonl"
    if text is not None:
        path.write_bytes(text)
    result = imported("humaneval", path, tmp_path / "packs")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert str(path) in result.stderr
    assert reason in result.stderr


def test_a_set_that_is_refused_leaves_the_pack_that_was_there(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    imported("humaneval", lines(tmp_path / "good.jsonl", HUMANEVAL), packs)
    before = {file: file.read_bytes() for file in packs.rglob("*") if file.is_file()}
    assert imported("humaneval", lines(tmp_path / "bad.jsonl", {"task_id": "x"}), packs).returncode == 2
    assert {file: file.read_bytes() for file in packs.rglob("*") if file.is_file()} == before


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason=f"needs the third-party tasks in {DATA}")
@pytest.mark.parametrize(
    ("pack", "file", "held", "count"),
    [
        ("quixbugs", "quixbugs_python.public.jsonl.gz", 12, 12),
        ("exercism", "exercism_python.public.jsonl.gz", 7, 8),
    ],
)
def test_real_sets_hold(tmp_path: Path, pack: str, file: str, held: int, count: int) -> None:
    result = imported(pack, DATA / file, tmp_path / "packs")
    assert f"{held} of {count} tasks hold" in result.stdout, result.stdout
