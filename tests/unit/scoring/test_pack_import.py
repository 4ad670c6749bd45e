"""What the importers refuse of files that are not their set's, with file, line, field and reason.

Not here: what they make of a set (tests/integration/cli/test_packs).
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.scoring.pack_import import read_set
from orchestration.settings import OperatorError
from scenarios.errors import CatalogueError

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.scoring.pack_import import Pack

DOUBLE = "def double(x):\n    return 2 * x\n"
HUMANEVAL: dict[str, Any] = {
    "task_id": "HumanEval/7",
    "prompt": "def double(x):\n",
    "canonical_solution": "    return 2 * x\n",
    "test": "def check(candidate):\n    assert candidate(3) == 6\n",
    "entry_point": "double",
}
MBPP: dict[str, Any] = {"task_id": 11, "text": "Double.", "code": DOUBLE, "test_list": ["assert double(2) == 4"]}
EVALPLUS = HUMANEVAL | {"base_input": [[1], [2]], "plus_input": [], "atol": 0}
OUTPUTS: dict[str, Any] = {
    "id": "HumanEval/7",
    "entry_point": "double",
    "prompt": HUMANEVAL["prompt"],
    "reference": DOUBLE,
    "inputs": [[1], [2]],
    "outputs_repr": ["2", "4"],
}
PREPARED: dict[str, Any] = {
    "id": "Set/double",
    "entry_point": "double",
    "prompt": "Double.",
    "reference": DOUBLE,
    "mutant": DOUBLE.replace("2", "3"),
    "tail": "\nassert double(2) == 4\n",
}


@pytest.mark.parametrize(
    ("pack", "text", "reason"),
    [
        ("humaneval", None, "there is no such file or folder"),
        ("humaneval", b"{", ":1: (file): not JSON"),
        ("humaneval", b'{"a": 1}', ":1: entry_point: missing: the row has a"),
        ("humaneval", b"[1]", ":1: (row): expected an object, found int"),
        ("humaneval", b"", ":1: (file): no row in it: is this the set's file?"),
        ("humaneval", b"\n\xff\xfe", ":2: (file): not UTF-8: byte 0xff"),
        ("humaneval", b"\x1f\x8b\x08\x00broken", ":1: (file): a broken gzip file: download it again"),
        ("humaneval", json.dumps(MBPP).encode(), ":1: entry_point: missing"),
        ("humaneval", json.dumps(HUMANEVAL | {"test": ""}).encode(), ":1: test: defines no check(candidate)"),
        (
            "humaneval",
            json.dumps(HUMANEVAL | {"entry_point": 7}).encode(),
            ":1: entry_point: expected a text, found int",
        ),
        (
            "humaneval",
            json.dumps(PREPARED | {"licence": "GPL-3.0"}).encode(),
            ":1: licence: 'GPL-3.0' is not on the list",
        ),
        ("humaneval", json.dumps(PREPARED | {"tail": " "}).encode(), ":1: tail: empty: the row has no test"),
        ("humaneval", json.dumps(PREPARED | {"language": "rust"}).encode(), ":1: language: 'rust' can't be graded"),
        ("humaneval", json.dumps([HUMANEVAL, HUMANEVAL]).encode(), "HumanEval/7 is there twice"),
        ("mbpp", json.dumps(MBPP | {"test_list": []}).encode(), ":1: test_list: missing or empty: the row has no test"),
        ("mbpp", json.dumps(HUMANEVAL).encode(), ":1: test_list: missing or empty"),
        ("evalplus", json.dumps(EVALPLUS | {"task_id": "Mbpp/2"}).encode(), "'Mbpp/2' is no task of HumanEval+"),
        ("evalplus", json.dumps(EVALPLUS | {"base_input": 7}).encode(), ":1: base_input: expected a list of lists"),
        ("evalplus", json.dumps(HUMANEVAL | {"test": "import numpy"}).encode(), "its test needs the package numpy"),
        ("evalplus", json.dumps(OUTPUTS | {"outputs_repr": ["2"]}).encode(), "outputs_repr: 1 outputs of 2 inputs"),
        ("quixbugs", json.dumps(PREPARED | {"mutant": None}).encode(), ":1: mutant: missing: what is to be mended"),
        ("exercism", json.dumps(HUMANEVAL).encode(), ":1: instructions: missing"),
    ],
)
def test_files_that_are_no_such_set_are_refused(tmp_path: Path, pack: Pack, text: bytes | None, reason: str) -> None:
    path = tmp_path / "set.jsonl"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises((OperatorError, CatalogueError)) as refused:
        read_set(pack, [path])
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("pack", "reason"),
    [
        ("humaneval", "can't be read: Is a directory"),
        ("quixbugs", "python_programs:1: (folder): missing: name the folder of a whole checkout of QuixBugs"),
        ("exercism", "no practice exercise in it: one holds .meta/example.py or .meta/proof.ci.js"),
    ],
)
def test_a_folder_that_is_no_such_set_is_refused(tmp_path: Path, pack: Pack, reason: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        read_set(pack, [tmp_path])
    assert reason in str(refused.value)


def test_a_file_that_unpacks_to_more_than_any_set_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for _ in range(65):
            stream.write(b" " * 1024 * 1024)
    with pytest.raises(CatalogueError, match="larger than 64 MiB: no task set is"):
        read_set("humaneval", [path])
