"""`aibaas recorded` and `aibaas simulator` as a person starts them."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATA = PROJECT_ROOT.parent / "shared" / "data"
PUBLISHED = [
    ("tasks/humaneval_python.jsonl.gz", "answers/gpt4_run2_humaneval.jsonl.gz", 164, 164, 0),
    ("answers/can_ai_code_tasks.json", "answers/can_ai_code.public.jsonl.gz", 216, 212, 4),
]
TASK = {"id": "Set/1", "entry_point": "one", "prompt": "def one():\n", "tail": "\nassert one() == 1\n"}
ANSWER = {"model": "m", "task_id": "Set/1", "published": True}
GOOD, WRONG = "    return 1\n", "```python\ndef two():\n    pass\n\ndef one():\n    return 2\n```"


def aibaas(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "orchestration.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, timeout=300)


@contextmanager
def started(*arguments: str | Path) -> Iterator[str]:
    """The base URL that a server printed; it has to end by itself on SIGINT."""
    command = [sys.executable, "-u", "-m", "orchestration.cli", *map(str, arguments)]
    with subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            printed = re.search(r"http://\S+", process.stdout.readline())
            assert printed is not None
            yield printed.group()
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    tasks, answers = tmp_path / "tasks.jsonl", tmp_path / "answers.jsonl"
    tasks.write_text(json.dumps(TASK))
    rows = [ANSWER | {"answer": GOOD}, ANSWER | {"answer": WRONG}, ANSWER | {"answer": WRONG, "note": "doubtful"}]
    answers.write_text("\n".join(json.dumps(row) for row in rows))
    return tasks, answers


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason=f"the third-party data are not in {DATA}")
@pytest.mark.parametrize(("tasks", "answers", "count", "agreeing", "explained"), PUBLISHED)
def test_published_verdicts_are_met(tasks: str, answers: str, count: int, agreeing: int, explained: int) -> None:
    result = aibaas("recorded", "--tasks", DATA / tasks, "--answers", DATA / answers, "--at-least", "0.99")
    assert result.returncode == 0, result.stderr
    counts = re.search(r"^all +(\d+) +(\d+) +(\d+) +[\d.]+ +(\d+) +1\.0000$", result.stdout, re.MULTILINE)
    assert counts is not None, result.stdout
    assert tuple(map(int, counts.groups())) == (count, count, agreeing, explained)
    assert f"disagreements: {explained}" in result.stdout


def test_each_disagreement_is_listed_with_its_reason(files: tuple[Path, Path]) -> None:
    tasks, answers = files
    result = aibaas("recorded", "--tasks", tasks, "--answers", answers)
    assert result.returncode == 0
    assert re.search(r"^m +3 +3 +1  0\.3333 +1 +0\.6667$", result.stdout, re.MULTILINE)
    bare, noted = (line for line in result.stdout.splitlines() if "published pass, ours fail" in line)
    assert "AssertionError" in bare
    assert "`two` is defined before `one`" in bare
    assert "(note 'doubtful')" in noted


def test_too_little_agreement_fails_when_asked_for(files: tuple[Path, Path]) -> None:
    tasks, answers = files
    assert aibaas("recorded", "--tasks", tasks, "--answers", answers, "--at-least", "0.7").returncode == 1
    assert aibaas("recorded", "--tasks", tasks, "--answers", answers, "--at-least", "0.6").returncode == 0


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ("tasks", r"aibaas: \S+/none: can't be read: No such file or directory\n"),
        ("answers", r"aibaas: \S+/none: can't be read: No such file or directory\n"),
        ("row", r"aibaas: \S+answers.jsonl:1: task_id: the tasks have no 'Set/2' \(python\)\n"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(files: tuple[Path, Path], broken: str, complaint: str) -> None:
    tasks, answers = files
    if broken == "row":
        answers.write_text(json.dumps(ANSWER | {"task_id": "Set/2", "answer": GOOD}))
    named = {"tasks": tasks, "answers": answers} | ({} if broken == "row" else {broken: tasks.with_name("none")})
    result = aibaas("recorded", "--tasks", named["tasks"], "--answers", named["answers"])
    assert result.returncode == 2
    assert re.fullmatch(complaint, result.stderr)
    assert result.stdout == ""


def test_recorded_answers_are_served(files: tuple[Path, Path]) -> None:
    tasks, answers = files
    with (
        started("recorded", "--tasks", tasks, "--answers", answers, "--serve") as url,
        httpx.Client(base_url=url, trust_env=False) as http,
    ):
        assert [model["id"] for model in http.get("/models").json()["data"]] == ["m"]
        ask = {"model": "m", "messages": [{"role": "user", "content": "Please complete:\ndef one():"}]}
        assert http.post("/chat/completions", json=ask).json()["choices"][0]["message"]["content"] == GOOD
        unknown = {"model": "m", "messages": [{"role": "user", "content": "def three():"}]}
        assert http.post("/chat/completions", json=unknown).json()["error"]["code"] == "no_recorded_answer"


def test_the_simulator_is_served_with_its_key_and_its_anchor() -> None:
    arguments = ("simulator", "--port", "0", "--events-anchor", "2026-03-10", "--api-key", "k")
    with started(*arguments) as url, httpx.Client(base_url=url, trust_env=False) as http:
        assert http.get("/models").status_code == 401
        listed = http.get("/models", headers={"Authorization": "Bearer k"}).json()["data"]
        prices = {model["id"]: model["pricing"] for model in listed}
        assert prices["borealis"][1]["valid_from"] == "2026-03-04T00:00:00+00:00"


def test_a_taken_port_is_one_line_and_exit_code_2() -> None:
    with started("simulator", "--port", "0", "--events-anchor", "2026-03-10") as url:
        result = aibaas("simulator", "--port", str(httpx.URL(url).port), "--events-anchor", "2026-03-10")
    assert result.returncode == 2
    assert re.fullmatch(r"aibaas: can't listen on 127.0.0.1 port \d+: address already in use; .*\n", result.stderr)
