from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.settings import OperatorError
from orchestration.simulator.recorded_files import RecordedAnswer, read_answers, read_tasks

if TYPE_CHECKING:
    from pathlib import Path

TASK = {"id": "Set/1", "entry_point": "one", "prompt": "def one():\n", "tail": "assert one() == 1\n"}
PARTS = {
    "task": "One", "language": "javascript", "function": "one", "signature": "one()", "input": "with no inputs",
    "output": "the number 1", "fact": "1 is one", "tail": "process.exit(one() === 1 ? 0 : 1)",
}  # fmt: skip
ANSWER = {"model": "m", "task_id": "Set/1", "answer": "    return 1", "published": True}


def lines(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    return path


def answers(tmp_path: Path, *rows: Any) -> list[RecordedAnswer]:
    return read_answers(lines(tmp_path / "answers.jsonl", *rows), read_tasks(lines(tmp_path / "tasks.jsonl", TASK)))


def test_compressed_lines_and_lists_are_read(tmp_path: Path) -> None:
    listed = tmp_path / "tasks.json"
    listed.write_text(json.dumps([TASK, PARTS]))
    packed = tmp_path / "tasks.jsonl.gz"
    packed.write_bytes(gzip.compress((json.dumps(TASK) + "\n" + json.dumps(PARTS)).encode()))
    assert read_tasks(listed) == read_tasks(packed)
    assert set(read_tasks(listed)) == {("Set/1", "python"), ("One", "javascript")}


def test_a_prompt_is_composed_of_a_task_s_parts(tmp_path: Path) -> None:
    task = read_tasks(lines(tmp_path / "tasks.jsonl", PARTS))["One", "javascript"]
    assert task.prompt == "Write a javascript function one() with no inputs that returns the number 1.\n\n1 is one"


def test_repeated_answers_have_prompts_of_their_own(tmp_path: Path) -> None:
    first, second = answers(tmp_path, ANSWER, ANSWER)
    assert first.prompt == "Task Set/1 (python)\n\ndef one():\n"
    assert second.prompt.startswith("Task Set/1 (python), sample 2\n")


def test_an_answer_that_says_nothing_is_empty(tmp_path: Path) -> None:
    assert answers(tmp_path, ANSWER | {"answer": None})[0].text == ""


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (ANSWER | {"task_id": "Set/9"}, "answers.jsonl:2: task_id: the tasks have no 'Set/9' \\(python\\)"),
        (ANSWER | {"answer": 5}, "answers.jsonl:2: answer: expected a text, found int"),
        ({k: v for k, v in ANSWER.items() if k != "answer"}, "answers.jsonl:2: answer: missing"),
        ({k: v for k, v in ANSWER.items() if k != "model"}, "answers.jsonl:2: model: missing"),
        (ANSWER | {"published": "yes"}, "answers.jsonl:2: published: expected true or false"),
        ([1], "answers.jsonl:2: expected an object, found list"),
    ],
)
def test_a_bad_row_is_told_with_its_line(tmp_path: Path, row: Any, complaint: str) -> None:
    with pytest.raises(OperatorError, match=complaint):
        answers(tmp_path, ANSWER, row)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "there are no rows in it"),
        (b"{]", "tasks.jsonl:1: not JSON"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"\x1f\x8b\x08broken", "is damaged"),
        (json.dumps(TASK).encode() + b"\n" + json.dumps(TASK).encode(), "task 'Set/1' \\(python\\) is there twice"),
        (json.dumps(TASK | {"timeout_s": -1}).encode(), "timeout_s: expected a number above 0"),
        (json.dumps(TASK | {"language": "cobol"}).encode(), "language: 'cobol' can't be judged"),
    ],
)
def test_a_bad_file_is_told(tmp_path: Path, content: bytes, complaint: str) -> None:
    file = tmp_path / "tasks.jsonl"
    file.write_bytes(content)
    with pytest.raises(OperatorError, match=complaint) as error:
        read_tasks(file)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="can't be read: No such file"):
        read_tasks(tmp_path / "none.jsonl")
