"""`aibaas scenarios import`, on small sets of our own in each public form, and on the real files where they are."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.settings import PROJECT_ROOT
from scenarios.loader import load_catalogue
from scenarios.variants import instantiate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Result = subprocess.CompletedProcess[str]

DATA = PROJECT_ROOT.parent / "shared" / "data" / "tasks"
FIRST = 8
"""So many tasks of a large set are proven in an ordinary run."""

DOUBLE = "def double(x):\n    return 2 * x\n"
TRIPLE = "def double(x):\n    return 3 * x\n"
HUMANEVAL = {
    "task_id": "HumanEval/7",
    "prompt": 'def double(x):\n    """Twice x, as {{x}} in {{braces}}."""\n',
    "canonical_solution": "    return 2 * x\n",
    "test": "def check(candidate):\n    assert candidate(3) == 6\n",
    "entry_point": "double",
}
MBPP = {
    "task_id": 11,
    "text": "Write a function that doubles.",
    "code": DOUBLE.replace("\n", "\r\n"),
    "test_setup_code": "",
    "test_list": ["assert double(2) == 4"],
}
SANITIZED = [{**MBPP, "prompt": MBPP["text"], "test_imports": ["import math"], "text": None}]
EVALPLUS = HUMANEVAL | {"base_input": [[1], [2]], "plus_input": "[[0.5]]", "atol": 1e-6}
OUTPUTS = {
    "id": "HumanEval/7",
    "entry_point": "double",
    "prompt": HUMANEVAL["prompt"],
    "reference": DOUBLE,
    "inputs": [[1], [[1]]],
    "outputs_repr": ["2", "[1, 1]"],
    "licence": "Apache-2.0 (evalplus)",
}
PREPARED = {
    "id": "Set/double",
    "entry_point": "double",
    "prompt": '"""Doubles."""',
    "reference": DOUBLE,
    "mutant": TRIPLE,
    "tail": "\nassert double(2) == 4\n",
    "licence": "MIT (somebody)",
}
WRONG_REFERENCE = HUMANEVAL | {"task_id": "HumanEval/8", "canonical_solution": "    return x\n"}


def imported(pack: str, *paths: Path, into: Path, within_s: float = 300) -> Result:
    arguments = ["scenarios", "import", pack, *map(str, paths), "--into", str(into)]
    return subprocess.run(
        [sys.executable, "-P", "-m", "orchestration.cli", *arguments],
        env=dict(os.environ), cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=within_s, check=False,
    )  # fmt: skip


def lines(path: Path, *rows: dict[str, Any]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def listed(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps(rows, indent=1))
    return path


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


QUIXBUGS = {
    "python_programs/double.py": f'{TRIPLE}\n"""\nDoubles.\n"""\n',
    "correct_python_programs/double.py": DOUBLE,
    "json_testcases/double.json": "[[2], 4]\n[3, 6]\n",
}
HALVES = "def halves(node):\n    while node.successor:\n        yield node.value / {}\n        node = node.successor\n"
WITH_NODES = {
    "python_programs/halves.py": f'{HALVES.format(3)}\n"""\nHalves.\n"""\n',
    "correct_python_programs/halves.py": HALVES.format(2),
    "python_testcases/node.py": "class Node:\n    def __init__(self, value, successor=None):\n"
    "        self.value = value\n        self.successor = successor\n",
    "python_testcases/test_halves.py": "import pytest\nfrom node import Node\nif pytest.use_correct:\n"
    "    from correct_python_programs.halves import halves\nelse:\n    from python_programs.halves import halves\n\n\n"
    "@pytest.mark.parametrize('value, expected', [(3, 1.5), (1, 0.5)])\ndef test_one(value, expected):\n"
    "    assert next(halves(Node(value, Node(0)))) == pytest.approx(expected, abs=0.01)\n\n\n"
    "def test_slow():\n    if not pytest.run_slow:\n        pytest.skip('slow')\n    assert False\n",
}
PYTHON = {
    ".docs/instructions.md": "# Instructions\n\nDouble it.\n",
    ".meta/config.json": json.dumps({"files": {"solution": ["double_up.py"], "test": ["double_up_test.py", "six.py"]}}),
    ".meta/example.py": f"{DOUBLE}\n\nclass Wrong(ValueError):\n    pass\n",
    "double_up.py": "def double(x):\n    pass\n",
    "six.py": "SIX = 6\n",
    "double_up_test.py": "import unittest\nimport double_up\nfrom double_up import double\nfrom six import SIX\n\n\n"
    "class DoubleTest(unittest.TestCase):\n    def test_three(self):\n        self.assertEqual(double(3), SIX)\n\n"
    "    def test_class(self):\n        self.assertTrue(issubclass(double_up.Wrong, ValueError))\n",
}
JAVASCRIPT = {
    ".docs/instructions.md": "Double it.\n",
    ".meta/proof.ci.js": "const two = 2;\nexport const double = (x) => {\n  if (x < 0) throw new Error('too small');\n"
    "  return two * x;\n};\nexport class Box {\n  constructor(x) {\n    this.x = x;\n  }\n}\n"
    "const later = async (x) => double(x);\nexport { later as soon };\n",
    "double-up.js": "export const double = (x) => {\n  throw new Error('write it');\n};\n",
    "double-up.spec.js": "import { double, Box, soon as sooner } from './double-up';\n\ndescribe('double', () => {\n"
    "  let box;\n  beforeEach(() => {\n    box = new Box(3);\n  });\n\n"
    "  test('three', () => expect(double(box.x)).toBe(6));\n"
    "  xtest('below', () => expect(() => double(-1)).toThrow(new Error('too small')));\n"
    "  xtest('box', () => expect(box).toEqual({ x: 3 }));\n"
    "  xtest('later', async () => {\n    await expect(sooner(2)).resolves.toEqual(4);\n"
    "    await expect(sooner(-2)).rejects.toThrow(/small/);\n  });\n});\n",
}


def practice(root: Path, files: dict[str, str], language: str) -> Path:
    return tree(root, {f"{language}/exercises/practice/double-up/{name}": text for name, text in files.items()})


def both_tracks(place: Path) -> Path:
    practice(place, PYTHON, "python")
    return practice(place, JAVASCRIPT, "javascript")


FORMS: list[tuple[str, Callable[[Path], Path], list[str]]] = [
    ("humaneval", lambda place: lines(place / "HumanEval.jsonl.gz", HUMANEVAL), ["7-double"]),
    ("humaneval", lambda place: lines(place / "rows.jsonl", PREPARED), ["double-double"]),
    ("mbpp", lambda place: lines(place / "mbpp.jsonl", MBPP, MBPP | {"task_id": 12}), ["11-double", "12-double"]),
    ("mbpp", lambda place: listed(place / "sanitized-mbpp.json", SANITIZED), ["11-double"]),
    ("evalplus", lambda place: lines(place / "HumanEvalPlus.jsonl", EVALPLUS), ["7-double"]),
    ("evalplus", lambda place: lines(place / "rows.jsonl.gz", OUTPUTS), ["7-double"]),
    ("quixbugs", lambda place: tree(place / "checkout", QUIXBUGS), ["double"]),
    ("quixbugs", lambda place: tree(place / "checkout", QUIXBUGS | WITH_NODES), ["double", "halves"]),
    ("quixbugs", lambda place: lines(place / "rows.jsonl", PREPARED), ["double"]),
    ("exercism", lambda place: both_tracks(place / "polyglot"), ["javascript-double-up", "python-double-up"]),
]


def contents(packs: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in packs.rglob("*") if file.is_file() and not file.name.startswith(".")}


@pytest.mark.parametrize(("pack", "make", "slugs"), FORMS, ids=[f"{form[0]}-{n}" for n, form in enumerate(FORMS)])
def test_every_public_form_becomes_a_pack_that_loads_the_same_bytes_each_time(
    tmp_path: Path, pack: str, make: Callable[[Path], Path], slugs: list[str]
) -> None:
    path, packs = make(tmp_path), tmp_path / "packs"
    first = imported(pack, path, into=packs)
    assert (first.returncode, "left out" in first.stdout) == (0, False), first.stdout + first.stderr
    assert f"{len(slugs)} of {len(slugs)} tasks hold and make the suite {pack} in {packs / pack}" in first.stdout
    written = contents(packs)
    catalogue = load_catalogue(PROJECT_ROOT / "scenarios", packs=packs)
    assert catalogue.suites[pack].scenario_ids == tuple(f"{pack}/{slug}" for slug in slugs)
    for scenario_id in catalogue.suites[pack].scenario_ids:
        scenario = catalogue.scenarios[scenario_id]
        assert (scenario.is_core, bool(scenario.source), scenario.version) == (False, True, 1)
        assert "Answer with one fenced `" in instantiate(scenario).prompt
    assert imported(pack, path, into=packs).returncode == 0
    assert contents(packs) == written


def test_text_that_looks_like_a_placeholder_stays_as_it_is(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    imported("humaneval", lines(tmp_path / "set.jsonl", HUMANEVAL), into=packs)
    scenario = load_catalogue(PROJECT_ROOT / "scenarios", packs=packs).scenarios["humaneval/7-double"]
    assert "as {{x}} in {{braces}}" in instantiate(scenario).prompt
    assert "as {{x}} in {{braces}}" in instantiate(scenario).reference.text


def test_a_published_bug_is_a_wrong_solution_that_the_prompt_shows(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    imported("quixbugs", tree(tmp_path / "checkout", QUIXBUGS), into=packs)
    scenario = load_catalogue(PROJECT_ROOT / "scenarios", packs=packs).scenarios["quixbugs/double"]
    variant = instantiate(scenario)
    assert (scenario.family, scenario.licence, scenario.grader.kind) == ("bug-fixing", "MIT", "function")
    assert [(item.name, item.expected_score) for item in variant.solutions] == [
        ("reference", 10),
        ("wrong_published_bug", 0),
    ]
    assert TRIPLE in variant.prompt


def test_what_does_not_hold_is_left_out_and_named(tmp_path: Path) -> None:
    path, packs = lines(tmp_path / "set.jsonl", HUMANEVAL, WRONG_REFERENCE), tmp_path / "packs"
    result = imported("humaneval", path, into=packs)
    assert "left out: humaneval/8-double: reference scores 0.0, not 10: the published test" in result.stdout
    assert "1 of 2 tasks hold" in result.stdout
    assert [item.name for item in sorted((packs / "humaneval").iterdir())] == ["7-double", "suites.yaml"]


def test_a_bug_that_the_published_test_does_not_see_is_left_out(tmp_path: Path) -> None:
    blind = PREPARED | {"id": "Set/9", "tail": "\nassert double(0) == 0\n"}
    result = imported("humaneval", lines(tmp_path / "set.jsonl", PREPARED, blind), into=tmp_path / "packs")
    assert "left out: humaneval/9-double: wrong_published_bug scores 10.0, not 0" in result.stdout


def test_a_test_that_passes_without_any_code_is_left_out(tmp_path: Path) -> None:
    blind = PREPARED | {"id": "Set/9", "tail": "\nassert True\n", "mutant": None}
    result = imported("humaneval", lines(tmp_path / "set.jsonl", PREPARED, blind), into=tmp_path / "packs")
    assert "left out: humaneval/9-double: code that does nothing scores 10.0" in result.stdout


@pytest.mark.parametrize(
    ("language", "files", "file", "text", "reason"),
    [
        ("python", PYTHON, "six.py", "import numpy\n", "six.py needs the package numpy, and cells have none"),
        ("javascript", JAVASCRIPT, "double-up.spec.js", "import x from 'lodash';\n", "its tests need lodash"),
        ("javascript", JAVASCRIPT, "double-up.spec.js", "jest.useFakeTimers();\n", "its tests use jest's own object"),
        ("javascript", JAVASCRIPT, ".meta/proof.ci.js", "import x from './grid';\n", "its solution imports ./grid"),
    ],
)
def test_an_exercise_that_needs_a_package_is_left_out(
    tmp_path: Path, language: str, files: dict[str, str], file: str, text: str, reason: str
) -> None:
    path = practice(tmp_path / "track", files | {file: text}, language)
    result = imported("exercism", path, into=tmp_path / "packs")
    assert (result.returncode, result.stdout) == (2, "")
    assert f"no task can be imported: exercism/{language}/double-up: {reason}" in result.stderr


def test_a_changed_task_has_a_new_version_and_so_has_the_suite(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    other = MBPP | {"task_id": 12}
    imported("mbpp", lines(tmp_path / "a.jsonl", MBPP, other), into=packs)
    changed = other | {"text": "Write a function that gives twice a number."}
    imported("mbpp", lines(tmp_path / "b.jsonl", MBPP, changed), into=packs)
    catalogue = load_catalogue(PROJECT_ROOT / "scenarios", packs=packs)
    versions = [catalogue.scenarios[f"mbpp/{number}-double"].version for number in (11, 12)]
    assert (versions, catalogue.suites["mbpp"].version) == ([1, 2], 2)
    imported("mbpp", lines(tmp_path / "c.jsonl", MBPP), into=packs)
    assert load_catalogue(PROJECT_ROOT / "scenarios", packs=packs).suites["mbpp"].version == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "there is no such file or folder"),
        ("[", ":1: (file): not JSON: Expecting value"),
        (
            json.dumps(WRONG_REFERENCE),
            "no task of humaneval holds, nothing was imported: humaneval/8-double: reference",
        ),
    ],
)
def test_a_file_that_is_no_such_set_is_refused_in_one_line(tmp_path: Path, text: str | None, reason: str) -> None:
    path, packs = tmp_path / "set.jsonl", tmp_path / "packs"
    if text is not None:
        path.write_text(text)
    result = imported("humaneval", path, into=packs)
    assert (result.returncode, result.stdout) == (2, "")
    complaint = result.stderr.removeprefix("deriving\n").removeprefix("proving\n")
    assert re.fullmatch(r"aibaas: [^\n]+\n", complaint)
    assert reason in complaint
    assert contents(packs) == {}


def test_a_set_that_is_refused_leaves_the_pack_that_was_there(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    imported("humaneval", lines(tmp_path / "good.jsonl", HUMANEVAL), into=packs)
    before = contents(packs)
    assert imported("humaneval", lines(tmp_path / "bad.jsonl", {"task_id": "x"}), into=packs).returncode == 2
    assert imported("humaneval", lines(tmp_path / "wrong.jsonl", WRONG_REFERENCE), into=packs).returncode == 2
    assert contents(packs) == before


def test_a_killed_import_leaves_no_half_pack_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    rows = [PREPARED | {"id": f"Set/{number}"} for number in range(60)]
    path = lines(tmp_path / "set.jsonl", *rows)
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "orchestration.cli", "scenarios", "import", "humaneval", path, "--into", packs],
        cwd=PROJECT_ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    begun = packs / ".import" / "new" / "humaneval" / "0-double" / "solutions" / "reference.py"
    deadline = time.monotonic() + 60
    while not begun.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert [item.name for item in sorted(packs.iterdir())] == [".import", ".lock"]
    assert "humaneval" not in load_catalogue(PROJECT_ROOT / "scenarios", packs=packs).suites
    assert imported("humaneval", lines(tmp_path / "small.jsonl", HUMANEVAL), into=packs).returncode == 0
    assert [item.name for item in sorted(packs.iterdir())] == [".lock", "humaneval"]


def has_own_mounts() -> bool:
    if os.geteuid() != 0:
        return False
    return subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_own_mounts(), reason="a full disk is made of a mount of its own, which needs root")
def test_a_full_disk_imports_nothing_and_says_so(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    packs.mkdir()
    path = lines(tmp_path / "set.jsonl", *(MBPP | {"task_id": number} for number in range(100)))
    mounted = 'mount -t tmpfs -o size=64k tmpfs "$0" && "$@"; code=$?; ls -A "$0"; exit $code'
    command = [sys.executable, "-P", "-m", "orchestration.cli", "scenarios", "import", "mbpp", path, "--into", packs]
    result = subprocess.run(
        ["unshare", "-m", "sh", "-c", mounted, packs, *command],
        cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert result.returncode == 2
    assert f"can't write in {packs}: No space left on device; nothing was imported: make room" in result.stderr
    assert result.stdout.split() == [".lock"]


def first_tasks(file: Path, directory: Path) -> Path:
    """A set of the first tasks of a published one."""
    path = directory / file.name
    with gzip.open(file) as tasks, gzip.open(path, "wb") as first:
        first.writelines(islice(tasks, FIRST))
    return path


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason=f"needs the third-party tasks in {DATA}")
@pytest.mark.parametrize(
    ("pack", "file", "held", "count"),
    [
        ("humaneval", "humaneval_python.jsonl.gz", FIRST, FIRST),
        ("mbpp", "mbpp_sanitized.public.jsonl.gz", FIRST, FIRST),
        ("evalplus", "humanevalplus_mini.public.jsonl.gz", FIRST, FIRST),
        ("quixbugs", "quixbugs_python.public.jsonl.gz", FIRST, FIRST),
        ("exercism", "exercism_python.public.jsonl.gz", 7, 8),
    ],
)
def test_the_first_tasks_of_real_sets_hold(tmp_path: Path, pack: str, file: str, held: int, count: int) -> None:
    result = imported(pack, first_tasks(DATA / file, tmp_path), into=tmp_path / "packs")
    assert f"{held} of {count} tasks hold" in result.stdout, result.stdout


@pytest.mark.soak
@pytest.mark.data
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not DATA.exists(), reason=f"needs the third-party tasks in {DATA}")
@pytest.mark.parametrize(
    ("pack", "file", "count"),
    [
        ("humaneval", "humaneval_python.jsonl.gz", 164),
        ("mbpp", "mbpp_sanitized.public.jsonl.gz", 116),
        ("evalplus", "humanevalplus_mini.public.jsonl.gz", 27),
        ("quixbugs", "quixbugs_python.public.jsonl.gz", 12),
    ],
)
def test_whole_real_sets_hold(tmp_path: Path, pack: str, file: str, count: int) -> None:
    result = imported(pack, DATA / file, into=tmp_path / "packs", within_s=3000)
    assert f"{count} of {count} tasks hold" in result.stdout, result.stdout


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason=f"needs the third-party tasks in {DATA}")
def test_real_exercises_in_javascript_hold(tmp_path: Path) -> None:
    """One of them races timers of 10 ms against each other and may lose on a busy machine."""
    result = imported("exercism", DATA / "exercism_javascript.public.jsonl.gz", into=tmp_path / "packs")
    assert re.search(r"1[01] of 11 tasks hold", result.stdout), result.stdout
    assert all("javascript-promises" in line for line in result.stdout.splitlines() if line.startswith("left out"))
