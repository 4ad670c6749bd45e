"""`aibaas sandbox grade` and `doctor` as a person or another program drives them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = [sys.executable, "-P", "-m", "orchestration.cli", "sandbox"]
KEYS = ["id", "outcome", "passed", "total", "reason", "stdout", "stderr", "wall_ms", "peak_memory_kb"]


def grade(*requests: dict[str, Any] | str) -> subprocess.CompletedProcess[str]:
    lines = [request if isinstance(request, str) else json.dumps(request) for request in requests]
    return subprocess.run(
        [*COMMAND, "grade"], cwd=PROJECT_ROOT, input="\n".join(lines), capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


def function(code: str, *calls: tuple[list[Any], Any], **more: Any) -> dict[str, Any]:
    made = [{"args": args, "expected": expected} for args, expected in calls]
    return {"id": code, "language": "python", "code": code, "entry": "f", "calls": made, **more}


def test_results_come_in_order_with_all_that_is_known() -> None:
    slow = function("import time\ndef f(x): time.sleep(0.5); return x", ([1], 1))
    quick = function("def f(x): print('hi'); return x", ([1], 1), ([2], 3))
    result = grade(slow, quick, function("def f(x) return", ([1], 1)))
    assert result.returncode == 0, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [list(row) for row in rows] == [KEYS] * 3
    assert [row["outcome"] for row in rows] == ["ok", "wrong", "exception"]
    assert [(row["passed"], row["total"]) for row in rows] == [(1, 1), (1, 2), (0, 1)]
    assert rows[0]["wall_ms"] >= 500
    assert rows[1]["stdout"] == "hi\nhi\n"
    assert rows[2]["reason"].startswith("SyntaxError")


def test_values_that_json_lacks() -> None:
    code = "def f(x): return (x, {1, 2}, {(1,): b'a'}, None, 2 ** 70)"
    expected = {"$t": [{"$t": [0]}, {"$s": [2, 1]}, {"$d": [[{"$t": [1]}, {"$b": "61"}]]}, None, 2**70]}
    (row,) = map(json.loads, grade(function(code, ([{"$t": [0]}], expected))).stdout.splitlines())
    assert row["outcome"] == "ok"


SQL_CALLS = [
    {"args": ["CREATE TABLE t (a int)", "INSERT INTO t VALUES (1), (2)"], "expected": [[2], [1]]},
    {"args": ["CREATE TABLE t (a int)"], "expected": [[2]]},
]
SCRIPT_CALLS = [{"args": ["x"], "expected": "x\n"}, {"args": ["y"], "expected": "y\n"}]
ARROW_CALLS = [{"args": [1], "expected": [1]}]


@pytest.mark.parametrize(
    ("request_", "passed"),
    [
        ({"language": "javascript", "code": "const f = (a) => [a]", "entry": "f", "calls": ARROW_CALLS}, 1),
        ({"language": "bash", "code": "echo $1; [ $1 = x ]", "calls": SCRIPT_CALLS}, 1),
        ({"language": "sql", "code": "SELECT a FROM t", "calls": SQL_CALLS}, 1),
        ({"language": "postgresql", "code": "SELECT a FROM t", "calls": SQL_CALLS}, 1),
    ],
)
def test_other_languages(request_: dict[str, Any], passed: int) -> None:
    (row,) = map(json.loads, grade({"id": 1, **request_}).stdout.splitlines())
    assert (row["passed"], row["total"]) == (passed, len(request_["calls"])), row


def test_limits_are_those_of_the_line() -> None:
    row = json.loads(grade(function("def f(x):\n while True: pass", ([1], 1), limits={"wall_s": 0.3})).stdout)
    assert row["outcome"] == "timeout"
    assert 300 <= row["wall_ms"] < 1500


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2: the line: invalid json"),
        ('{"id": 1, "language": "cobol", "code": "", "calls": [{"expected": 1}]}', "line 2: language: "),
        ('{"id": 1, "language": "python", "code": "", "calls": []}', "line 2: calls: "),
        ('{"id": 1, "language": "python", "code": "", "calls": [{}]}', "line 2: calls.0.expected: field required"),
        (json.dumps(function("", ([], 1), limits={"wall_s": -1})), "line 2: limits.wall_s: "),
    ],
)
def test_a_line_that_is_no_request_is_named(line: str, complaint: str) -> None:
    result = grade(function("def f(x): return x", ([1], 1)), line)
    assert result.returncode == 2
    assert json.loads(result.stdout)["outcome"] == "ok"
    assert result.stderr.startswith(f"aibaas: {complaint}")


@pytest.fixture
def conversation() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*COMMAND, "grade"], cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    yield process
    process.communicate(timeout=30)


def test_a_result_does_not_wait_for_the_next_line(conversation: subprocess.Popen[str]) -> None:
    assert conversation.stdin is not None
    assert conversation.stdout is not None
    for number in range(3):
        conversation.stdin.write(json.dumps(function("def f(x): return x", ([number], number))) + "\n")
        assert json.loads(conversation.stdout.readline())["outcome"] == "ok"


def test_the_doctor_shows_what_holds() -> None:
    result = subprocess.run([*COMMAND, "doctor"], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "holds   seccomp: a filter is in force" in result.stdout
    assert result.stdout.splitlines()[-1] == "level A"
