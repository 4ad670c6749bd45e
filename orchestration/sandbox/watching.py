"""Watches cells from outside until their end: time, output, memory, and what the zygote says of them.

Not here: asking for a cell (zygote), nor what its end means (outcomes).
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orchestration.sandbox.scratch import read_back
from orchestration.sandbox.tree_memory import tree_memory_kb
from orchestration.sandbox.zygote import StartError, receive

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orchestration.sandbox.orders import Order
    from orchestration.sandbox.zygote import Cell

START_PATIENCE_S: Final = 30.0
"""How long a cell may take until it is ready: 2 ms on an idle machine."""

LOOK_S: Final = 0.05
"""How often the memory of a cell's processes is added up."""

END_PATIENCE_S: Final = 10.0
CHUNK_BYTES: Final = 65_536
STREAMS: Final = ("stdout", "stderr")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a cell ended. `exit_code` is negative for a signal, None when its zygote could not say.

    `stopped` is the limit for which it was ended. Times are taken outside the cell, from its readiness to its end.
    """

    stopped: str | None
    exit_code: int | None
    wall_ms: float
    peak_memory_kb: int | None
    stdout: bytes
    stderr: bytes
    results: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)


def watch(cells: Sequence[Cell], judge: Cell, look: Callable[[int], None] | None = None) -> None:
    """Return when `judge` and all others have ended; the others are ended with it. Ends all when it is interrupted.

    `look` is called once with the pidfd of the judge, when that is ready.
    """
    with selectors.DefaultSelector() as selector:
        for cell in cells:
            register(selector, cell)
        try:
            while judge.ended_at is None:
                step(selector, cells)
                if look and judge.ready_at and judge.watched is not None:
                    look(judge.watched)
                    look = None
        finally:
            for cell in cells:
                end(selector, cell)


def register(selector: selectors.BaseSelector, cell: Cell) -> None:
    for name, descriptor in (("zygote", cell.zygote.channel.fileno()), ("control", cell.control.fileno())):
        selector.register(descriptor, selectors.EVENT_READ, (cell, name))
    for name in STREAMS:
        selector.register(getattr(cell, name), selectors.EVENT_READ, (cell, name))


def step(selector: selectors.BaseSelector, cells: Sequence[Cell]) -> None:
    """Wait for the next event of any cell, and take it."""
    for key, _ in selector.select(min(map(patience, cells))):
        take(selector, key.fd, *key.data)
    for cell in cells:
        if cell.ended_at is None and cell.stopped is None:
            hold_to_limits(cell)


def patience(cell: Cell) -> float:
    """Seconds until a cell wants to be looked at without having said anything."""
    return max(0.0, min(remaining_s(cell), LOOK_S if cell.stopped is None else 1.0))


def remaining_s(cell: Cell) -> float:
    allowed = START_PATIENCE_S if cell.ready_at is None else cell.limits.wall_s
    return (cell.ready_at or cell.started_at) + allowed - time.monotonic()


def hold_to_limits(cell: Cell) -> None:
    if remaining_s(cell) <= 0:
        stop(cell, "timeout")
    elif cell.watched is not None and cell.ready_at is not None and time.monotonic() - cell.ready_at >= LOOK_S:
        allowed_kb = cell.limits.memory_mb * 1024
        used_kb = tree_memory_kb(cell.watched, allowed_kb)
        cell.peak_memory_kb = max(used_kb, cell.peak_memory_kb or 0)
        if used_kb > allowed_kb:
            stop(cell, "memory")


def stop(cell: Cell, why: str) -> None:
    """End a cell for a reason of ours; all its processes go with it."""
    cell.stopped = why
    kill(cell)


def kill(cell: Cell) -> None:
    """End a cell; one that its zygote has not named yet goes with the zygote."""
    if cell.watched is not None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(cell.watched, signal.SIGKILL)
    elif cell.ended_at is None:
        cell.zygote.close()
        cell.ended_at = time.monotonic()


def take(selector: selectors.BaseSelector, descriptor: int, cell: Cell, name: str) -> None:
    if name == "zygote":
        take_message(selector, cell)
    elif name == "control":
        take_control(selector, cell)
    elif not take_chunk(descriptor, cell, name):
        selector.unregister(descriptor)


def take_message(selector: selectors.BaseSelector, cell: Cell) -> None:
    message, descriptor = cell.zygote.take_message()
    if message == b"started":
        cell.watched = descriptor
        if cell.stopped is not None:
            kill(cell)
        return
    cell.ended_at = time.monotonic()
    selector.unregister(cell.zygote.channel)
    if message.startswith(b"ended "):
        status, peak_kb = map(int, message.split()[1:])
        cell.status = status
        cell.peak_memory_kb = max(peak_kb, cell.peak_memory_kb or 0)
    group = cell.zygote.group
    if group is not None and cell.stopped is None and group.kills() > cell.kills_before:
        cell.stopped = "memory"


def take_control(selector: selectors.BaseSelector, cell: Cell) -> None:
    selector.unregister(cell.control)
    take_word(cell)


def take_word(cell: Cell) -> None:
    """A cell that is ready says so and closes the channel; one that can't be made says why."""
    said, folder = receive(cell.control)
    if said.startswith(b"ready "):
        cell.ready_at, cell.folder = float(said.split()[1]), folder
    else:
        cell.failure = said.decode(errors="replace")


def take_chunk(descriptor: int, cell: Cell, name: str) -> bool:
    """Keep one chunk as far as there is room for it; False when nothing came, at the end of the stream too."""
    try:
        data = os.read(descriptor, CHUNK_BYTES)
    except BlockingIOError:
        return False
    kept = cell.read[name]
    room = cell.limits.output_kb * 1024 - len(kept)
    kept += data[:room]
    if len(data) > room and cell.stopped is None:
        stop(cell, "output")
    return bool(data)


def end(selector: selectors.BaseSelector, cell: Cell) -> None:
    """End a cell that still lives, wait until its zygote has said so, and take what is left in its pipes."""
    if cell.ended_at is None:
        cell.stopped = cell.stopped or "judged"
        kill(cell)
    deadline = time.monotonic() + END_PATIENCE_S
    while cell.ended_at is None and time.monotonic() < deadline:
        for key, _ in selector.select(LOOK_S):
            take(selector, key.fd, *key.data)
    if cell.ended_at is None:
        cell.zygote.close()
        cell.ended_at = time.monotonic()
    take_rest(cell)
    if cell.watched is not None:
        os.close(cell.watched)
        cell.watched = None


def take_rest(cell: Cell) -> None:
    """Read what the pipes still hold; nobody writes to them any more."""
    for name in STREAMS:
        while take_chunk(getattr(cell, name), cell, name):
            pass
    if cell.ready_at is None and cell.failure is None:
        cell.control.setblocking(False)
        take_word(cell)


def ended(cell: Cell, order: Order) -> Ended:
    """Raises StartError when the cell never came as far as the untrusted code, though nobody ended it before."""
    if cell.ended_at is None or (cell.ready_at is None and cell.stopped != "judged"):
        raise StartError(f"the cell never became ready: {cell.failure or 'no word from it'}")
    limit = order.limits.result_kb * 1024
    results = os.pread(cell.results, limit + 1, 0)
    return Ended(
        stopped="output" if len(results) > limit and cell.stopped is None else cell.stopped,
        exit_code=None if cell.status is None else os.waitstatus_to_exitcode(cell.status),
        wall_ms=round((cell.ended_at - (cell.ready_at or cell.ended_at)) * 1000, 3),
        peak_memory_kb=cell.peak_memory_kb,
        stdout=bytes(cell.read["stdout"]),
        stderr=bytes(cell.read["stderr"]),
        results=results[:limit],
        files={} if cell.folder is None else read_back(cell.folder, order.wanted_files, limit),
    )
