"""What the end of a confined process means: the outcome and the outputs of each kind of run.

Not here: running it (zygote, watching), nor whether an output is right (scoring).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypedDict

from orchestration.sandbox.frames import (
    FunctionFrames,
    MalformedFramesError,
    QueryFrames,
    read_function_frames,
    read_query_frames,
)
from orchestration.sandbox.interface import (
    AssertsResult,
    CallResult,
    FunctionResult,
    Outcome,
    ProgramResult,
    QueryResult,
    QueryRows,
)
from orchestration.sandbox.text import OF_CELLS

if TYPE_CHECKING:
    from orchestration.sandbox.watching import Ended

SIGXCPU: Final = -24
OUT_OF_MEMORY: Final = re.compile(
    r"^MemoryError\b|JavaScript heap out of memory|[Cc]annot allocate memory", re.MULTILINE
)
LIMITS: Final = frozenset({"timeout", "output", "memory"})
STOPPED: Final[dict[str, Outcome]] = {"timeout": "timeout", "output": "output", "memory": "memory", "judged": "killed"}
MEMORY_ERRORS: Final = frozenset({"MemoryError", "OutOfMemoryException"})


class Measured(TypedDict):
    """The fields that every result shares, but outcome and reason."""

    stdout: str
    stderr: str
    wall_ms: float
    peak_memory_kb: int | None


def measured(ended: Ended) -> Measured:
    return Measured(
        stdout=OF_CELLS.text(ended.stdout),
        stderr=OF_CELLS.text(ended.stderr),
        wall_ms=ended.wall_ms,
        peak_memory_kb=ended.peak_memory_kb,
    )


def unnatural_end(ended: Ended) -> tuple[Outcome, str] | None:
    """How the process was ended when it did not end by itself."""
    if ended.stopped is not None:
        return STOPPED[ended.stopped], f"stopped: {ended.stopped}"
    if ended.exit_code is None:
        return "killed", "it ended its zygote"
    if ended.exit_code == SIGXCPU:
        return "timeout", "processor time used up"
    if ended.exit_code < 0 and OUT_OF_MEMORY.search(ended.stderr.decode("utf-8", "replace")):
        return "memory", "out of memory"
    if ended.exit_code < 0:
        return "killed", f"signal {-ended.exit_code}"
    return None


def function_result(ended: Ended, call_count: int) -> FunctionResult:
    try:
        frames = read_function_frames(ended.results, call_count)
    except MalformedFramesError as error:
        frames = FunctionFrames()
        end: tuple[Outcome, str] = ("malformed", str(error))
    else:
        end = function_outcome(ended, frames)
    outcome, reason = end
    values = [redacted(frames.results.get(index) or CallResult(outcome=outcome)) for index in range(call_count)]
    if values and not is_proper(ended, frames) and len(frames.results) == call_count:
        values[-1] = CallResult(outcome=outcome)
    return FunctionResult(
        outcome=outcome,
        reason=OF_CELLS.line(reason),
        is_loaded=frames.is_loaded,
        values=tuple(values),
        **measured(ended),
    )


def function_outcome(ended: Ended, frames: FunctionFrames) -> tuple[Outcome, str]:
    unnatural = unnatural_end(ended)
    if unnatural:
        return unnatural
    if frames.failure:
        return failed(*frames.failure)
    if not is_proper(ended, frames):
        return "malformed", "it ended before its calls had"
    return next(((result.outcome, "") for result in frames.results.values() if result.outcome != "ok"), ("ok", ""))


def is_proper(ended: Ended, frames: FunctionFrames) -> bool:
    """It ended by itself, without an error, and said that it was done: else its last claim is worth nothing."""
    return ended.stopped is None and ended.exit_code == 0 and frames.is_done


def failed(names: tuple[str, ...], message: str) -> tuple[Outcome, str]:
    return ("memory" if MEMORY_ERRORS & set(names) else "exception"), f"{names[0]}: {message}"


def redacted(result: CallResult) -> CallResult:
    if not result.exception:
        return result
    return replace(result, exception=OF_CELLS.lines(result.exception), message=OF_CELLS.line(result.message))


def program_result(ended: Ended) -> ProgramResult:
    shared = measured(ended)
    outcome, reason = unnatural_end(ended) or ("ok", "")
    if outcome == "ok" and ended.exit_code and OUT_OF_MEMORY.search(shared["stderr"]):
        outcome, reason = "memory", "out of memory"
    return ProgramResult(
        outcome=outcome,
        reason=reason,
        exit_code=ended.exit_code if outcome in {"ok", "memory"} else None,
        files={path: OF_CELLS.text(content) for path, content in ended.files.items()},
        **shared,
    )


def asserts_result(candidate: Ended, judge: Ended) -> AssertsResult:
    """The judge's exit is the verdict; it counts for nothing when the candidate's cell had to be stopped."""
    tests, code = program_result(judge), program_result(candidate)
    outcome, reason = tests.outcome, tests.reason
    if candidate.stopped in LIMITS or code.outcome == "killed" != STOPPED.get(candidate.stopped or ""):
        outcome, reason = code.outcome, code.reason
    elif outcome == "ok" and tests.exit_code:
        lines = tests.stderr.strip().splitlines()
        outcome, reason = "exception", lines[-1] if lines else f"exit {tests.exit_code}"
    peaks = [end.peak_memory_kb for end in (candidate, judge) if end.peak_memory_kb is not None]
    return AssertsResult(
        outcome=outcome,
        reason=reason,
        stdout=code.stdout + tests.stdout,
        stderr=code.stderr + tests.stderr,
        wall_ms=tests.wall_ms,
        peak_memory_kb=max(peaks, default=None),
    )


def query_result(ended: Ended, setup_count: int) -> QueryResult:
    try:
        every = read_query_frames(ended.results, setup_count)
    except MalformedFramesError as error:
        every = [QueryFrames()] * setup_count
        end: tuple[Outcome, str] = ("malformed", str(error))
    else:
        end = unnatural_end(ended) or ("malformed", "it ended before its result had")
    results = tuple(query_rows(frames, end) for frames in every)
    first = next((rows for rows in results if rows.outcome != "ok"), None)
    return QueryResult(
        outcome=first.outcome if first else "ok",
        reason=first.reason if first else "",
        results=results,
        **measured(ended),
    )


def query_rows(frames: QueryFrames, end: tuple[Outcome, str]) -> QueryRows:
    """What one database gave; `end` is what ended the run when this one had not ended."""
    if frames.is_done:
        return QueryRows(outcome="ok", columns=frames.columns or (), rows=tuple(frames.rows))
    if frames.broken_setup is not None:
        end = ("infrastructure", f"the setup fails: {frames.broken_setup}")
    elif frames.failure:
        end = failed(*frames.failure)
    return QueryRows(outcome=end[0], reason=OF_CELLS.line(end[1]))
