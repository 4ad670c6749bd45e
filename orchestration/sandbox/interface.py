"""What a sandbox is asked, what it returns, and the whole error contract.

Not here: how a run is confined (namespace_sandbox), nor what its outputs are worth (scoring).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.sandbox.values import Value

Outcome = Literal[
    "ok",
    "wrong",
    "exception",
    "timeout",
    "memory",
    "output",
    "killed",
    "malformed",
    "refused",
    "infrastructure",
]
FunctionLanguage = Literal["python", "javascript"]
QueryEngine = Literal["duckdb", "postgresql"]
ProgramLanguage = Literal["python", "bash", "javascript"]


@dataclass(frozen=True, slots=True)
class RunLimits:
    """What one run may use. `wall_s` counts from the moment the cell is ready, so a busy machine's start is free.

    `output_kb` bounds stdout and stderr each, `result_kb` the returned values or rows and each file handed back.
    """

    wall_s: float = 5.0
    memory_mb: int = 512
    output_kb: int = 64
    result_kb: int = 1024


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """Arguments of one call: builtins only (see values); anything else raises TypeError when the run is encoded."""

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FunctionRun:
    """Load `code`, then call its top-level name `entry` once per call, in order, in one process.

    JavaScript has no keyword arguments: a call with kwargs is refused with ValueError.
    """

    code: str
    entry: str
    calls: tuple[FunctionCall, ...]
    language: FunctionLanguage = "python"
    limits: RunLimits = RunLimits()


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """Run `code` as a script in a fresh folder that holds `files` (relative path to text).

    `wanted_files` are read back when the run is over; what is absent, no regular file or too long is left out.
    """

    code: str
    language: ProgramLanguage
    stdin: str = ""
    argv: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    wanted_files: tuple[str, ...] = ()
    limits: RunLimits = RunLimits()


@dataclass(frozen=True, slots=True)
class QueryRun:
    """Run `query`, one statement, once on each of several fresh databases that the trusted `setups` made.

    They are in-memory DuckDBs of a cell, or databases of a PostgreSQL server that holds nothing else.
    """

    query: str
    setups: tuple[str, ...]
    limits: RunLimits = RunLimits()
    engine: QueryEngine = "duckdb"


@dataclass(frozen=True, slots=True)
class AssertsRun:
    """Judge `code` by tests that assert: `after`, behind `before`, runs to its end and exits with 0.

    The code, behind `before` too, is in another process: the tests see its public names through proxies. A name of a
    builtin is only taken for the code's when it is `entry`. Either side may be the untrusted one: a published test
    judges a candidate's code, or a candidate's tests judge a reference and its mutants.
    """

    code: str
    after: str
    before: str = ""
    language: FunctionLanguage = "python"
    limits: RunLimits = RunLimits()
    entry: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxRun:
    """What every run reports. Times are taken outside the cell; None is unknown."""

    outcome: Outcome
    stdout: str = ""
    stderr: str = ""
    reason: str = ""
    wall_ms: float | None = None
    peak_memory_kb: int | None = None

    @property
    def is_ok(self) -> bool:
        return self.outcome == "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult:
    """One call: a value, or the names of the exception's class and its bases, nearest first.

    `outcome` is `ok` (a value), `exception`, `memory` (MemoryError), or what ended the run before the call had.
    """

    outcome: Outcome
    value: Value = None
    exception: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionResult(SandboxRun):
    """One entry in `values` per call, in order, whatever the outcome of the run.

    `is_loaded` is false when the code never came to its first call.
    """

    is_loaded: bool = False
    values: tuple[CallResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramResult(SandboxRun):
    """`exit_code` is None when the program did not end by itself; a code other than 0 is data and leaves `ok`."""

    exit_code: int | None = None
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRows:
    """The result on one database; `outcome` as for a call."""

    outcome: Outcome
    reason: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult(SandboxRun):
    """One entry in `results` per setup, in order, whatever the outcome of the run."""

    results: tuple[QueryRows, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertsResult(SandboxRun):
    """`ok` when all tests ran and held, `exception` when one did not, else what ended the run."""


class QueryServer(Protocol):
    """Runs queries where no cell is: the contract of `Sandbox.run_query` holds for it."""

    def run_query(self, run: QueryRun) -> QueryResult: ...

    def close(self) -> None: ...


class Sandbox(Protocol):
    """A place where code that nobody trusts runs, and outputs come back as data.

    The verdict is made outside: a request holds code and inputs, never an expected value, and a result is a claim
    about outputs that a grader compares. The tests of an `AssertsRun` hold expected values: they run in a process of
    their own, which the code reaches by two pipes alone, and whose exit is the verdict.

    A method never raises for what the code does, nor for a failing machine; both are outcomes:

    ok              the code did what was asked, to its end. Keeps everything.
    wrong           never returned by a sandbox; a grader's word for outputs that differ.
    exception       the code does not load (syntax, import, no such entry), the query fails, a test does not hold; in a
                    call: it raised. `reason` names the exception. The other calls keep their values.
    timeout         `wall_s`, or the processor time that goes with it, ran out.
    memory          an allocation beyond `memory_mb`, or all processes of the run together beyond it.
    output          more than `output_kb` on stdout or stderr, or more than `result_kb` of results; ended at once, what
                    was read until then is kept.
    killed          a signal that the sandbox did not send ended it, or its zygote went, or the sandbox was closed.
    malformed       it ended by itself without a complete, well-formed result: os._exit in a call, forged frames.
    refused         the sandbox can't give the isolation that this run needs; nothing ran. Never a score.
    infrastructure  the machine failed before the code was let in: no process, no interpreter, no space. Never a score.

    Whatever the outcome: stdout and stderr as far as they were read (bounded, undecodable bytes and control characters
    other than tab and line ends escaped), `wall_ms`, `peak_memory_kb` where known, and the calls that ended before the
    run did. When a run does not end properly behind its last call, that call has failed. After the cell has said that
    it is ready nothing is `infrastructure`: no code escapes its zero by faking a crash.

    Never in a result: paths of the host, the environment or any other secret of this process, expected values.

    Raises ValueError or TypeError for a request that can't be meant (a file outside the folder, an argument that is
    no builtin): those are the caller's mistakes. Threads may call all methods concurrently; one run can't delay another
    beyond its own limits.
    """

    @property
    def level(self) -> str:
        """The isolation in force, stored with every score."""
        ...

    def call_function(self, run: FunctionRun) -> FunctionResult: ...

    def run_program(self, run: ProgramRun) -> ProgramResult: ...

    def run_query(self, run: QueryRun) -> QueryResult: ...

    def run_asserts(self, run: AssertsRun) -> AssertsResult: ...
