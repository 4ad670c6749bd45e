"""What each kind of run asks of a cell.

Not here: the cell (zygote, watching), nor what its end means (outcomes).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orchestration.sandbox.cell.confine import FIRST_FREE
from orchestration.sandbox.profiles import ProfileName, programs_of
from orchestration.sandbox.scratch import checked_path, encoded_files
from orchestration.sandbox.values import encode_trusted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.sandbox.interface import (
        AssertsRun,
        FunctionRun,
        ProgramLanguage,
        ProgramRun,
        QueryRun,
        RunLimits,
    )

SCRIPT_OF: Final = {"python": "main.py", "bash": "main.sh", "javascript": "main.js"}
PROFILE_OF: Final[dict[ProgramLanguage, ProfileName]] = {"python": "python", "bash": "bash", "javascript": "node"}
DUCKDB_RESERVED_MB: Final = 1024
"""DuckDB maps 840 MB for `SELECT 1` of which it touches 40, and crashes where it may not."""

JAVASCRIPT_HARNESS: Final = Path(__file__).with_name("cell") / "javascript_function.js"
JAVASCRIPT_PAIR: Final = JAVASCRIPT_HARNESS.with_name("javascript_remote.js")


@dataclass(frozen=True, slots=True)
class Order:
    """What one cell is to do: `job` for the code of its kind, the rest for everyone."""

    profile: ProfileName
    job: Mapping[str, Any]
    limits: RunLimits
    stdin: bytes = b""
    files: Mapping[str, bytes] = field(default_factory=dict)
    wanted_files: tuple[str, ...] = ()


def function_order(run: FunctionRun) -> Order:
    """Raises TypeError for an argument that is no builtin, ValueError for keywords in JavaScript."""
    calls = [(encode_trusted(call.args), encode_trusted(dict(call.kwargs))) for call in run.calls]
    if run.language == "python":
        job = {"kind": "python_function", "code": run.code, "entry": run.entry, "calls": calls}
        return Order("python", job, run.limits)
    if any(call.kwargs for call in run.calls):
        raise ValueError("JavaScript has no keyword arguments")
    request = {"code": run.code, "entry": run.entry, "calls": [args[1] for args, _ in calls]}
    command = [*node_command(run.limits), "-e", JAVASCRIPT_HARNESS.read_text(encoding="utf-8")]
    return Order(
        "node", executable(command, keeps_results=True, is_node=True), run.limits, json.dumps(request).encode()
    )


def program_order(run: ProgramRun) -> Order:
    """Raises ValueError for a file outside the folder."""
    script = SCRIPT_OF[run.language]
    job: dict[str, Any] = {"kind": "python_program", "script": script, "code": run.code, "argv": list(run.argv)}
    if run.language == "bash":
        job = executable([programs_of("bash").first, script, *run.argv])
    elif run.language == "javascript":
        job = executable([*node_command(run.limits), script, *run.argv], is_node=True)
    return Order(
        PROFILE_OF[run.language],
        job,
        run.limits,
        run.stdin.encode("utf-8", "surrogatepass"),
        encoded_files({**run.files, script: run.code}),
        tuple(map(checked_path, run.wanted_files)),
    )


def asserts_orders(run: AssertsRun) -> tuple[Order, Order]:
    """The candidate's cell and the judge's."""
    if run.language == "python":
        shared = {"kind": "python_pair", "argv": []}
        candidate = {**shared, "role": "candidate", "code": run.before + run.code}
        tests = {"script": "tests.py", "before": run.before, "after": run.after, "entries": [run.entry or ""]}
        judge = {**shared, **tests, "role": "judge"}
        return Order("python", candidate, run.limits), Order("python", judge, run.limits)
    return javascript_asserts("candidate", run, code=run.code), javascript_asserts("tests", run, after=run.after)


def javascript_asserts(role: str, run: AssertsRun, **part: str) -> Order:
    wires = (str(FIRST_FREE), str(FIRST_FREE + 1))
    pair = f"(() => {{{JAVASCRIPT_PAIR.read_text(encoding='utf-8')}}})();"  # no answer meets its names
    command = [*node_command(run.limits), "-e", pair, role, *wires]
    request = json.dumps({"before": run.before, **part}).encode()
    return Order("node", executable(command, is_node=True), run.limits, request)


def query_order(run: QueryRun) -> Order:
    job = {
        "kind": "query",
        "setups": list(run.setups),
        "query": run.query,
        "database_mb": run.limits.memory_mb,
        "reserved_mb": DUCKDB_RESERVED_MB + run.limits.memory_mb,
    }
    return Order("query", job, run.limits)


def executable(command: list[str], *, keeps_results: bool = False, is_node: bool = False) -> dict[str, Any]:
    return {"kind": "executable", "command": command, "keeps_results": keeps_results, "is_node": is_node}


def node_command(limits: RunLimits) -> list[str]:
    """Raises MissingProgramError where there is no Node."""
    return [programs_of("node").first, f"--max-old-space-size={limits.memory_mb}"]
