"""Grades requests that come as JSON lines: code with calls and what they ought to give, outside of any scenario.

Not here: reading and writing the streams (cli), nor the kinds that scenarios have (function, program, sql).

    {"id": any, "language": "python" | "javascript" | "bash" | "sql" | "postgresql", "code": text, "entry": name,
     "calls": [{"args": [...], "expected": value}], "limits": {"wall_s", "memory_mb", "output_kb", "result_kb"}}

Values that JSON lacks are objects with one key: {"$t": [...]} a tuple, {"$s": [...]} a set, {"$b": hex} bytes, and
{"$d": [[key, value], ...]} a dict with any keys. A script's call is a run: `args` are its words, `expected` its output.
A query's call is a database: `args` holds the statements that make it, `expected` the rows in any order.
"""

from __future__ import annotations

import json
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from orchestration.sandbox.interface import FunctionCall, FunctionRun, ProgramRun, QueryRun, RunLimits
from orchestration.sandbox.text import escaped
from orchestration.scoring.comparison import Comparison, each_once
from orchestration.scoring.function import all_calls
from orchestration.scoring.sql import all_databases
from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from orchestration.sandbox.interface import FunctionLanguage, Outcome, Sandbox, SandboxRun

AHEAD: Final = 64
"""How many requests are read before the first of them is answered."""

Verdict = tuple[bool, "Outcome", str]
"""Whether a call holds, else the outcome and a reason."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Call(Strict):
    args: list[JsonValue] = Field(default_factory=list)
    expected: JsonValue


class Limits(Strict):
    wall_s: float = Field(5.0, gt=0, le=120)
    memory_mb: int = Field(512, ge=64, le=8192)
    output_kb: int = Field(64, ge=1, le=16_384)
    result_kb: int = Field(1024, ge=1, le=16_384)


class Request(Strict):
    id: JsonValue
    language: str = Field(pattern="^(python|javascript|bash|sql|postgresql)$")
    code: str
    entry: str = ""
    calls: list[Call] = Field(min_length=1, max_length=10_000)
    limits: Limits = Field(default_factory=Limits)

    @property
    def run_limits(self) -> RunLimits:
        return RunLimits(**self.limits.model_dump())


@dataclass(frozen=True, slots=True)
class Graded:
    """The runs that a request took, and the verdict on each call."""

    runs: Sequence[SandboxRun]
    verdicts: Sequence[Verdict]


def grade_lines(sandbox: Sandbox, lines: Iterable[bytes]) -> Iterator[str]:
    """A result per line, in order, as soon as it is there; several are graded at once.

    Raises OperatorError naming the first line that is no request, behind the results of the lines before it.
    """
    waiting: Queue[Future[str] | None] = Queue(AHEAD)
    with ThreadPoolExecutor(AHEAD, thread_name_prefix="grading") as pool:
        reader = Thread(target=read_lines, args=(sandbox, lines, pool, waiting), daemon=True)
        reader.start()
        while (graded := waiting.get()) is not None:
            yield graded.result()


def read_lines(
    sandbox: Sandbox, lines: Iterable[bytes], pool: ThreadPoolExecutor, waiting: Queue[Future[str] | None]
) -> None:
    """Hand every line over to be graded, then None."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            waiting.put(pool.submit(lambda number, line: grade_line(sandbox, parsed(number, line)), number, line))
    waiting.put(None)


def parsed(number: int, line: bytes) -> Request:
    try:
        return Request.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the line"
        raise OperatorError(f"line {number}: {place}: {first['msg'].lower()}") from None


def grade_line(sandbox: Sandbox, request: Request) -> str:
    graded = KINDS[request.language](sandbox, request)
    failed = next(((outcome, reason) for held, outcome, reason in graded.verdicts if not held), ("ok", ""))
    walls = [run.wall_ms for run in graded.runs if run.wall_ms is not None]
    peaks = [run.peak_memory_kb for run in graded.runs if run.peak_memory_kb is not None]
    result = {
        "id": request.id,
        "outcome": failed[0],
        "passed": sum(held for held, _, _ in graded.verdicts),
        "total": len(graded.verdicts),
        "reason": failed[1],
        "stdout": graded.runs[0].stdout,
        "stderr": graded.runs[0].stderr,
        "wall_ms": round(sum(walls), 3) if walls else None,
        "peak_memory_kb": max(peaks, default=None),
    }
    return json.dumps(result, ensure_ascii=True)


def grade_function(sandbox: Sandbox, request: Request) -> Graded:
    run = FunctionRun(
        code=request.code,
        entry=request.entry,
        calls=tuple(FunctionCall(tuple(map(from_json, call.args))) for call in request.calls),
        language=cast("FunctionLanguage", request.language),
        limits=request.run_limits,
    )
    runs, results = all_calls(sandbox, run)
    verdicts = [
        (True, "ok", "")
        if result.outcome == "ok" and Comparison().equal(from_json(call.expected), result.value)
        else (False, "wrong", "another value")
        if result.outcome == "ok"
        else (
            False,
            result.outcome,
            f"{result.exception[0]}: {result.message}" if result.exception else runs[-1].reason,
        )
        for call, result in zip(request.calls, results, strict=True)
    ]
    return Graded(runs, cast("list[Verdict]", verdicts))


def grade_script(sandbox: Sandbox, request: Request) -> Graded:
    runs = [
        sandbox.run_program(
            ProgramRun(request.code, "bash", argv=tuple(map(str, call.args)), limits=request.run_limits)
        )
        for call in request.calls
    ]
    verdicts: list[Verdict] = [
        (False, run.outcome, run.reason)
        if not run.is_ok
        else (False, "exception", f"exit {run.exit_code}")
        if run.exit_code
        else (True, "ok", "")
        if run.stdout == escaped(str(call.expected))
        else (False, "wrong", "another output")
        for call, run in zip(request.calls, runs, strict=True)
    ]
    return Graded(runs, verdicts)


def grade_query(sandbox: Sandbox, request: Request) -> Graded:
    setups = tuple(";\n".join(map(str, call.args)) for call in request.calls)
    runs, results = all_databases(
        sandbox,
        QueryRun(
            request.code, setups, request.run_limits, "postgresql" if request.language == "postgresql" else "duckdb"
        ),
    )
    comparison = Comparison(is_text_of_dates=True)
    verdicts: list[Verdict] = []
    for call, result in zip(request.calls, results, strict=True):
        expected = [tuple(row) for row in cast("list[list[Any]]", from_json(call.expected))]
        same = result.outcome == "ok" and each_once(
            expected,
            list(result.rows),
            lambda wanted, row: len(wanted) == len(row) and all(map(comparison.equal, wanted, row)),
        )
        verdicts.append((same, "ok" if same else "wrong" if result.outcome == "ok" else result.outcome, result.reason))
    return Graded(runs, verdicts)


KINDS: Final = {
    "python": grade_function,
    "javascript": grade_function,
    "bash": grade_script,
    "sql": grade_query,
    "postgresql": grade_query,
}


def from_json(value: Any) -> Any:
    """The value that tagged JSON stands for."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (tag := next(iter(value))) in TAGS:
        return TAGS[tag](value[tag])
    return {key: from_json(item) for key, item in value.items()}


TAGS: Final[dict[str, Any]] = {
    "$t": lambda items: tuple(map(from_json, items)),
    "$s": lambda items: set(map(from_json, items)),
    "$d": lambda pairs: {from_json(key): from_json(item) for key, item in pairs},
    "$b": bytes.fromhex,
}
