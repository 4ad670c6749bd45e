"""Reads the frames that a cell wrote, trusting none of them.

Not here: the values inside a frame (values), nor how the cell was ended (watching).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from orchestration.sandbox.interface import CallResult, Outcome
from orchestration.sandbox.values import Items, MalformedValueError, Value, read_value

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_TEXT = 300
MOST_NAMES = 12


class MalformedFramesError(ValueError):
    """Frames that no honest cell writes."""


@dataclass(slots=True)
class FunctionFrames:
    """The results of the calls by index, in order; `failure` when the code did not load; `is_done` when it said so."""

    results: dict[int, CallResult] = field(default_factory=dict)
    failure: tuple[tuple[str, ...], str] | None = None
    is_loaded: bool = False
    is_done: bool = False


@dataclass(slots=True)
class QueryFrames:
    """What is known of one database; it has ended when it failed, its setup did, or it is done."""

    columns: tuple[str, ...] | None = None
    rows: list[tuple[Value, ...]] = field(default_factory=list)
    broken_setup: str | None = None
    failure: tuple[tuple[str, ...], str] | None = None
    is_done: bool = False

    @property
    def has_ended(self) -> bool:
        return self.is_done or self.failure is not None or self.broken_setup is not None


def parsed(data: bytes) -> Iterator[list[Any]]:
    """The complete lines of `data` as lists; a last line cut short by the end is left out."""
    lines = data.split(b"\n")[:-1]
    for line in lines:
        try:
            frame = json.loads(line, parse_float=refuse, parse_constant=refuse, object_pairs_hook=refuse)
        except (ValueError, RecursionError):
            raise MalformedFramesError("not a frame") from None
        if not isinstance(frame, list) or not frame:
            raise MalformedFramesError("not a frame")
        yield frame


def refuse(_: object) -> NoReturn:
    raise MalformedFramesError("neither objects nor bare floats cross the boundary")


def read_function_frames(data: bytes, call_count: int) -> FunctionFrames:
    """Raises MalformedFramesError when a frame is of no known form, repeated, or about a call that was not asked."""
    frames = FunctionFrames()
    for frame in parsed(data):
        if frames.is_done or frames.failure:
            raise MalformedFramesError("more after the end")
        if not add_result_frame(frames, frame, call_count) and not add_state_frame(frames, frame, call_count):
            raise MalformedFramesError("unknown frame")
    return frames


def add_result_frame(frames: FunctionFrames, frame: list[Any], call_count: int) -> bool:
    match frame:
        case ["value", int(index), tree]:
            add_result(frames, index, call_count, CallResult(outcome="ok", value=read_tree(tree)))
        case ["raised", int(index), list(names), str(message)]:
            add_result(frames, index, call_count, raised(names, message))
        case _:
            return False
    return True


def add_state_frame(frames: FunctionFrames, frame: list[Any], call_count: int) -> bool:
    match frame:
        case ["loaded"] if not frames.is_loaded and not frames.results:
            frames.is_loaded = True
        case ["failed", list(names), str(message)] if not frames.is_loaded:
            frames.failure = bounded_names(names), message[:LONGEST_TEXT]
        case ["done", int(count)] if frames.is_loaded and count == call_count == len(frames.results):
            frames.is_done = True
        case _:
            return False
    return True


def add_result(frames: FunctionFrames, index: int, call_count: int, result: CallResult) -> None:
    """The results of all calls come once each, in their order."""
    if not frames.is_loaded or index != len(frames.results) or index >= call_count:
        raise MalformedFramesError("a result out of turn")
    frames.results[index] = result


def raised(names: list[Any], message: str) -> CallResult:
    exception = bounded_names(names)
    outcome: Outcome = "memory" if exception[0] == "MemoryError" else "exception"
    return CallResult(outcome=outcome, exception=exception, message=message[:LONGEST_TEXT])


def bounded_names(names: list[Any]) -> tuple[str, ...]:
    if not names or not all(isinstance(name, str) for name in names):
        raise MalformedFramesError("an exception has names")
    return tuple(name[:LONGEST_TEXT] for name in names[:MOST_NAMES])


def read_tree(tree: Any) -> Value:
    try:
        return read_value(tree)
    except (MalformedValueError, RecursionError):
        raise MalformedFramesError("not a value") from None


def read_query_frames(data: bytes, setup_count: int) -> list[QueryFrames]:
    """One entry per setup. Raises MalformedFramesError like read_function_frames."""
    every = [QueryFrames() for _ in range(setup_count)]
    for frame in parsed(data):
        match frame:
            case [_, int(index), *_] if 0 <= index < setup_count and not every[index].has_ended:
                add_query_frame(every[index], frame)
            case _:
                raise MalformedFramesError("unknown frame")
    return every


def add_query_frame(frames: QueryFrames, frame: list[Any]) -> None:
    match frame:
        case ["columns", _, list(names)] if frames.columns is None:
            frames.columns = tuple(str(name)[:LONGEST_TEXT] for name in names)
        case ["row", _, tree] if frames.columns is not None:
            frames.rows.append(read_row(tree, len(frames.columns)))
        case ["failed", _, list(names), str(message)]:
            frames.failure = bounded_names(names), message[:LONGEST_TEXT]
        case ["broken", _, str(message)]:
            frames.broken_setup = message[:LONGEST_TEXT]
        case ["done", _, int(count)] if frames.columns is not None and count == len(frames.rows):
            frames.is_done = True
        case _:
            raise MalformedFramesError("unknown frame")


def read_row(tree: Any, width: int) -> tuple[Value, ...]:
    row = read_tree(tree)
    if not isinstance(row, Items) or len(row.items) != width:
        raise MalformedFramesError("a row has a value for each column")
    return row.items
