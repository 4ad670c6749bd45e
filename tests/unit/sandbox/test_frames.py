"""Frames of a cell that can't be trusted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sandbox.frames import MalformedFramesError, read_function_frames, read_query_frames


def lines(*frames: Any) -> bytes:
    return b"".join(json.dumps(frame).encode() + b"\n" for frame in frames)


HONEST = (
    ["loaded"],
    ["value", 0, 7],
    ["raised", 1, ["ValueError"], "no"],
    ["done", 2],
)


def test_an_honest_run_is_read() -> None:
    frames = read_function_frames(lines(*HONEST), 2)
    assert frames.is_done
    assert [frames.results[index].outcome for index in range(2)] == ["ok", "exception"]


@pytest.mark.parametrize("count", range(len(HONEST)))
def test_a_run_cut_short_keeps_the_calls_that_ended(count: int) -> None:
    frames = read_function_frames(lines(*HONEST[:count]) + b'["valu', 2)
    assert not frames.is_done
    assert (0 in frames.results) == (count >= 2)
    assert (1 in frames.results) == (count >= 3)


@pytest.mark.parametrize(
    "frames",
    [
        [["value", 0, 7]],
        [["loaded"], ["value", 1, 7]],
        [["loaded"], ["value", 0, 7], ["value", 0, 8]],
        [["loaded"], ["value", 0, 7], ["value", 1, 8], ["value", 2, 9]],
        [["loaded"], ["value", 0, 7], ["loaded"]],
        [["loaded"], ["value", 0, 7], ["done", 2]],
        [["loaded"], ["value", 0, 7], ["done", 1]],
        [["done", 2]],
        [["done", 0]],
        [["loaded"], ["failed", ["X"], ""]],
        [*HONEST, ["loaded"]],
        [*HONEST, ["value", 1, 7]],
        [["loaded"], ["value", 0, {"a": 1}]],
        [["loaded"], ["value", 0, 1.5]],
        [["loaded"], ["value", 0, ["x", []]]],
        [["loaded"], ["value", True, 7]],
        [["loaded"], ["raised", 0, [], ""]],
        [["loaded"], ["raised", 0, [7], ""]],
        ["done"],
        [[]],
        [["unheard of"]],
    ],
)
def test_a_forged_run_is_refused_whole(frames: list[Any]) -> None:
    with pytest.raises(MalformedFramesError):
        read_function_frames(lines(*frames), 2)


@pytest.mark.parametrize("data", [b"\xff\n", b"[" * 100_000 + b"\n", b'["value",0,NaN]\n', b"1" * 6000 + b"\n", b"\n"])
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedFramesError):
        read_function_frames(data, 2)


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (read_function_frames, read_query_frames):
        try:
            read(data, 2)
        except MalformedFramesError:
            continue


def test_rows_come_after_their_columns_and_are_counted() -> None:
    row = ["row", 0, ["t", [1]]]
    frames = read_query_frames(lines(["columns", 0, ["n"]], row, ["done", 0, 1]), 1)
    assert frames[0].is_done
    for forged in ([row], [["columns", 0, ["n"]], ["done", 0, 3]], [["columns", 1, []]], [["columns", 0, []], row]):
        with pytest.raises(MalformedFramesError):
            read_query_frames(lines(*forged), 1)


@given(st.integers(0, len(lines(*HONEST)) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_a_run_changed_anywhere_is_read_or_refused(position: int, inserted: bytes, removed: int) -> None:
    data = lines(*HONEST)
    changed = data[:position] + inserted + data[position + removed :]
    try:
        frames = read_function_frames(changed, 2)
    except MalformedFramesError:
        return
    assert not frames.is_done or set(frames.results) == {0, 1}
