"""A sandbox of limited processes: one interpreter per run, without network, environment or other users' rights.

Not here: how a process is started and ended (confined_process), nor what its end means (outcomes).

A cell of this level can still read what every user of the machine can read. It can't reach the network or this process,
nor outlive its run, where the kernel has namespaces; without them a cell that leaves its process group ends with its
supervisor, which adopts orphans.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import secrets
import shutil
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from orchestration.sandbox.confined_process import CellKind, Ended, Place, StartError, run_confined
from orchestration.sandbox.interface import (
    AssertsResult,
    AssertsRun,
    CallResult,
    FunctionResult,
    FunctionRun,
    ProgramResult,
    ProgramRun,
    QueryResult,
    QueryRows,
    QueryRun,
    RunLimits,
)
from orchestration.sandbox.outcomes import asserts_result, function_result, program_result, query_result
from orchestration.sandbox.scratch import read_back, scratch_folder
from orchestration.sandbox.text import Redaction
from orchestration.sandbox.users import next_user
from orchestration.sandbox.values import encode_trusted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CellResult = TypeVar("CellResult")

SCRIPT_OF: Final = {"python": "main.py", "bash": "main.sh", "javascript": "main.js"}
ENDS_ITSELF: Final = re.compile(r"\bexit\b|\b_exit\s*\(|\bunittest\.main\b")
DUCKDB_ADDRESS_SPACE: Final = 3
"""How much address space DuckDB is given per unit of the memory that it may use: it reserves more than it touches."""

START_TRIES: Final = 2


@dataclass(frozen=True, slots=True)
class Order:
    """What one run needs from the machine."""

    kind: CellKind
    job: Mapping[str, Any]
    limits: RunLimits
    stdin: bytes = b""
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing_program(self) -> str | None:
        command = self.job.get("command")
        return Path(command[0]).name if command and not os.access(command[0], os.X_OK) else None


class LimitedProcessSandbox:
    """See the docstring of `Sandbox` for the contract. Nothing stays between runs, so it needs no closing."""

    def __init__(
        self,
        *,
        python: Path | None = None,
        node: Path | None = None,
        bash: Path | None = None,
    ) -> None:
        self._python = python or Path(sys.executable)
        self._node = node or Path(shutil.which("node") or "/usr/bin/node")
        self._bash = bash or Path(shutil.which("bash") or "/bin/bash")

    @cached_property
    def level(self) -> str:
        """`process`, or `process-networked` where this kernel has no namespaces for us: found out by one empty run."""
        order = Order("python_program", {"script": "main.py", "code": "", "argv": []}, RunLimits())
        try:
            is_apart = self._confined_once(order, lambda ended, _: ended.is_apart)
        except StartError:
            is_apart = False
        return "process" if is_apart else "process-networked"

    def call_function(self, run: FunctionRun) -> FunctionResult:
        calls = [(encode_trusted(call.args), encode_trusted(dict(call.kwargs))) for call in run.calls]
        if run.language == "javascript":
            return self._call_javascript(run, calls)
        job = {"code": run.code, "entry": run.entry, "calls": calls}
        return self._call("python_function", job, run)

    def _call_javascript(self, run: FunctionRun, calls: list[tuple[Any, Any]]) -> FunctionResult:
        if any(call.kwargs for call in run.calls):
            raise ValueError("JavaScript has no keyword arguments")
        harness = Path(__file__).with_name("cell") / "javascript_function.js"
        request = {"code": run.code, "entry": run.entry, "calls": [args[1] for args, _ in calls]}
        command = [*self._node_command(run.limits), "-e", harness.read_text(encoding="utf-8")]
        job = {"command": command, "keeps_results": True, "is_node": True}
        return self._call("executable", job, run, json.dumps(request).encode())

    def _call(self, kind: CellKind, job: Mapping[str, Any], run: FunctionRun, stdin: bytes = b"") -> FunctionResult:
        def read(ended: Ended, folder: Path) -> FunctionResult:
            return function_result(ended, len(run.calls), Redaction(str(folder)))

        def failed(reason: str) -> FunctionResult:
            values = tuple(CallResult(outcome="infrastructure") for _ in run.calls)
            return FunctionResult(outcome="infrastructure", reason=reason, values=values)

        return self._confined(Order(kind, job, run.limits, stdin), read, failed)

    def run_program(self, run: ProgramRun) -> ProgramResult:
        script = SCRIPT_OF[run.language]
        job: dict[str, Any] = {"script": script, "code": run.code, "argv": list(run.argv)}
        if run.language != "python":
            command = [str(self._bash)] if run.language == "bash" else self._node_command(run.limits)
            is_node = run.language == "javascript"
            job = {"command": [*command, script, *run.argv], "keeps_results": False, "is_node": is_node}

        def read(ended: Ended, folder: Path) -> ProgramResult:
            files = read_back(folder, run.wanted_files, run.limits.result_kb * 1024)
            return program_result(ended, files, Redaction(str(folder)))

        def failed(reason: str) -> ProgramResult:
            return ProgramResult(outcome="infrastructure", reason=reason)

        kind: CellKind = "python_program" if run.language == "python" else "executable"
        stdin = run.stdin.encode("utf-8", "surrogatepass")
        return self._confined(Order(kind, job, run.limits, stdin, {**run.files, script: run.code}), read, failed)

    def run_asserts(self, run: AssertsRun) -> AssertsResult:
        mark = None if ENDS_ITSELF.search(run.after) else secrets.token_hex(16)
        program = ProgramRun(
            code=f"{run.before}{run.code}{run.after}{end_mark_code(run, mark)}",
            language=run.language,
            limits=run.limits,
        )
        return asserts_result(self.run_program(program), mark)

    def run_query(self, run: QueryRun) -> QueryResult:
        job = {
            "setups": list(run.setups),
            "query": run.query,
            "packages": packages_folder("duckdb"),
            "database_mb": run.limits.memory_mb,
            "address_space_factor": DUCKDB_ADDRESS_SPACE,
        }

        def read(ended: Ended, folder: Path) -> QueryResult:
            return query_result(ended, len(run.setups), Redaction(str(folder)))

        def failed(reason: str) -> QueryResult:
            results = tuple(QueryRows(outcome="infrastructure") for _ in run.setups)
            return QueryResult(outcome="infrastructure", reason=reason, results=results)

        return self._confined(Order("query", job, run.limits), read, failed)

    def _node_command(self, limits: RunLimits) -> list[str]:
        return [str(self._node), f"--max-old-space-size={limits.memory_mb}"]

    def _confined(
        self, order: Order, read: Callable[[Ended, Path], CellResult], failed: Callable[[str], CellResult]
    ) -> CellResult:
        """Run once more when the machine failed, then say so."""
        if order.missing_program:
            return failed(f"{order.missing_program} is not installed")
        reason = ""
        for _ in range(START_TRIES):
            try:
                return self._confined_once(order, read)
            except StartError as error:
                reason = Redaction(str(self._python)).line(str(error))
        return failed(reason)

    def _confined_once(self, order: Order, read: Callable[[Ended, Path], CellResult]) -> CellResult:
        user = next_user()
        with scratch_folder(order.files, user) as folder:
            place = Place(folder=folder, user=user, python=self._python)
            return read(run_confined(order.kind, order.job, place, stdin=order.stdin, limits=order.limits), folder)


def end_mark_code(run: AssertsRun, mark: str | None) -> str:
    """A last statement that proves that the tests before it ran; nothing for tests that end the process themselves."""
    if mark is None:
        return ""
    if run.language == "python":
        return f'\n__import__("os").write(1, b"{mark}")\n'
    return f'\n;require("node:fs").writeSync(1, "{mark}");\n'


def packages_folder(package: str) -> str:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise StartError(f"{package} is not installed")
    return str(Path(found.origin).parent.parent)
