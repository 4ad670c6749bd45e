"""What the end of a confined process means: the outcome and the outputs of each kind of run.

Not here: running it (confined_process), nor whether an output is right (scoring).
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

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.sandbox.confined_process import Ended
    from orchestration.sandbox.text import Redaction

SIGXCPU: Final = -24
OUT_OF_MEMORY: Final = re.compile(
    r"^MemoryError\b|JavaScript heap out of memory|[Cc]annot allocate memory", re.MULTILINE
)
MEMORY_ERRORS: Final = frozenset({"MemoryError", "OutOfMemoryException"})


class Measured(TypedDict):
    """The fields that every result shares, but outcome and reason."""

    stdout: str
    stderr: str
    wall_ms: float
    peak_memory_kb: int | None


def measured(ended: Ended, redaction: Redaction) -> Measured:
    return Measured(
        stdout=redaction.text(ended.stdout),
        stderr=redaction.text(ended.stderr),
        wall_ms=ended.wall_ms,
        peak_memory_kb=ended.peak_memory_kb,
    )


def unnatural_end(ended: Ended) -> tuple[Outcome, str] | None:
    """How the process was ended when it did not end by itself."""
    if ended.stopped is not None:
        return ended.stopped, f"stopped: {ended.stopped}"
    if ended.exit_code is None:
        return "killed", "it ended its supervisor"
    if ended.exit_code == SIGXCPU:
        return "timeout", "processor time used up"
    if ended.exit_code < 0 and OUT_OF_MEMORY.search(ended.stderr.decode("utf-8", "replace")):
        return "memory", "out of memory"
    if ended.exit_code < 0:
        return "killed", f"signal {-ended.exit_code}"
    return None


def function_result(ended: Ended, call_count: int, redaction: Redaction) -> FunctionResult:
    try:
        frames = read_function_frames(ended.results, call_count)
    except MalformedFramesError as error:
        frames = FunctionFrames()
        end: tuple[Outcome, str] = ("malformed", str(error))
    else:
        end = function_outcome(ended, frames)
    outcome, reason = end
    values = tuple(
        redacted(frames.result(index) or CallResult(outcome=outcome), redaction) for index in range(call_count)
    )
    return FunctionResult(
        outcome=outcome,
        reason=redaction.line(reason),
        is_loaded=frames.is_loaded,
        values=values,
        **measured(ended, redaction),
    )


def function_outcome(ended: Ended, frames: FunctionFrames) -> tuple[Outcome, str]:
    unnatural = unnatural_end(ended)
    if unnatural:
        return unnatural
    if frames.failure:
        return failed(*frames.failure)
    if ended.exit_code or not frames.is_done:
        return "malformed", "it ended before its calls had"
    return next(
        ((result.outcome, "") for index in frames.ended if (result := frames.result(index)) and result.outcome != "ok"),
        ("ok", ""),
    )


def failed(names: tuple[str, ...], message: str) -> tuple[Outcome, str]:
    return ("memory" if MEMORY_ERRORS & set(names) else "exception"), f"{names[0]}: {message}"


def redacted(result: CallResult, redaction: Redaction) -> CallResult:
    if not result.exception:
        return result
    return replace(result, exception=redaction.lines(result.exception), message=redaction.line(result.message))


def program_result(ended: Ended, files: Mapping[str, bytes], redaction: Redaction) -> ProgramResult:
    shared = measured(ended, redaction)
    outcome, reason = unnatural_end(ended) or ("ok", "")
    if outcome == "ok" and ended.exit_code and OUT_OF_MEMORY.search(shared["stderr"]):
        outcome, reason = "memory", "out of memory"
    return ProgramResult(
        outcome=outcome,
        reason=reason,
        exit_code=ended.exit_code if outcome in {"ok", "memory"} else None,
        files={path: redaction.text(content) for path, content in files.items()},
        **shared,
    )


def asserts_result(program: ProgramResult, end_mark: str | None) -> AssertsResult:
    """`end_mark` is what the tests print when they reach their end, None for tests that end the process themselves."""
    outcome, reason = program.outcome, program.reason
    stdout = program.stdout
    if outcome == "ok" and program.exit_code:
        lines = program.stderr.strip().splitlines()
        outcome, reason = "exception", lines[-1] if lines else f"exit {program.exit_code}"
    elif outcome == "ok" and end_mark is not None and end_mark not in stdout:
        outcome, reason = "malformed", "it ended before the tests had"
    return AssertsResult(
        outcome=outcome,
        reason=reason,
        stdout=stdout.replace(end_mark, "") if end_mark else stdout,
        stderr=program.stderr,
        wall_ms=program.wall_ms,
        peak_memory_kb=program.peak_memory_kb,
    )


def query_result(ended: Ended, setup_count: int, redaction: Redaction) -> QueryResult:
    try:
        every = read_query_frames(ended.results, setup_count)
    except MalformedFramesError as error:
        every = [QueryFrames()] * setup_count
        end: tuple[Outcome, str] = ("malformed", str(error))
    else:
        end = unnatural_end(ended) or ("malformed", "it ended before its result had")
    results = tuple(query_rows(frames, end, redaction) for frames in every)
    first = next((rows for rows in results if rows.outcome != "ok"), None)
    return QueryResult(
        outcome=first.outcome if first else "ok",
        reason=first.reason if first else "",
        results=results,
        **measured(ended, redaction),
    )


def query_rows(frames: QueryFrames, end: tuple[Outcome, str], redaction: Redaction) -> QueryRows:
    """What one database gave; `end` is what ended the run when this one had not ended."""
    if frames.is_done:
        return QueryRows(outcome="ok", columns=frames.columns or (), rows=tuple(frames.rows))
    if frames.broken_setup is not None:
        end = ("infrastructure", f"the setup fails: {frames.broken_setup}")
    elif frames.failure:
        end = failed(*frames.failure)
    return QueryRows(outcome=end[0], reason=redaction.line(end[1]))
