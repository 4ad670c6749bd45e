"""One confined process: started, fed, read within bounds, ended with all that it started.

Not here: what is run in it and what its end means (limited_process).
"""

from __future__ import annotations

import contextlib
import marshal
import os
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import CodeType

    from orchestration.sandbox.interface import RunLimits

CellKind = Literal["python_function", "python_program", "executable", "query"]

START_PATIENCE_S: Final = 30.0
"""How long a cell may take until it is ready: 20 ms on an idle machine."""

END_PATIENCE_S: Final = 2.0
CHUNK_BYTES: Final = 65_536
FILE_BYTES: Final = 16 * 1024 * 1024
PROCESSES: Final = 64
CELL_PACKAGE: Final = "orchestration.sandbox.cell"
SOURCES: Final = {
    "python_function": ("codec", "python_function"),
    "python_program": ("python_program",),
    "executable": ("executable",),
    "query": ("codec", "python_function", "query"),
}
INTERPRETER_FLAGS: Final = ("-s", "-P", "-S", "-B", "-X", "utf8")
"""-I without -E: the environment is ours, and PYTHONHASHSEED in it makes the order of sets, so a grade, repeatable."""

BOOTSTRAP: Final = """
import marshal, os, sys
with os.fdopen(int(sys.argv[1]), "rb") as request:
    modules, job = marshal.load(request)
for name, code in modules:
    module = sys.modules[name] = type(sys)(name)
    exec(code, module.__dict__)
loaded = [sys.modules.pop(name) for name, _ in modules]
getattr(loaded[-1], "prepare", id)(job)
loaded[1].main(job, loaded[-1].run)
"""


class StartError(Exception):
    """The machine failed before the untrusted code was let in."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell runs: its folder, the user it becomes (None: ours) and the interpreter that starts it."""

    folder: Path
    user: int | None
    python: Path


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended. `exit_code` is negative for a signal, None when its supervisor could not say.

    `is_apart`: it had namespaces of its own for network, processes and IPC.
    """

    stopped: Literal["timeout", "output"] | None
    exit_code: int | None
    wall_ms: float
    peak_memory_kb: int | None
    is_apart: bool
    stdout: bytes
    stderr: bytes
    results: bytes


@dataclass(slots=True)
class _Started:
    """The parent's ends of a running process."""

    process: subprocess.Popen[bytes]
    exit_descriptor: int
    control: int
    results: int

    @property
    def streams(self) -> dict[str, int]:
        stdout, stderr = self.process.stdout, self.process.stderr
        if stdout is None or stderr is None:
            raise StartError("the process has no pipes")
        return {"control": self.control, "stdout": stdout.fileno(), "stderr": stderr.fileno()}


@dataclass(slots=True)
class _Watched:
    """What has been read so far."""

    limits: RunLimits
    started_at: float = field(default_factory=time.monotonic)
    ready_at: float | None = None
    ended_at: float = 0.0
    stopped: Literal["timeout", "output"] | None = None
    read: dict[str, bytearray] = field(
        default_factory=lambda: {name: bytearray() for name in ("control", "stdout", "stderr")}
    )

    @property
    def remaining_s(self) -> float:
        patience = START_PATIENCE_S if self.ready_at is None else self.limits.wall_s
        return (self.ready_at or self.started_at) + patience - time.monotonic()

    def take(self, name: str, data: bytes) -> None:
        kept = self.read[name]
        room = self.limits.output_kb * 1024 - len(kept)
        kept += data[:room]
        if len(data) > room:
            self.stopped = "output"
        if self.ready_at is None and b"ready\n" in self.read["control"]:
            self.ready_at = time.monotonic()


def run_confined(
    kind: CellKind,
    job: Mapping[str, Any],
    place: Place,
    *,
    stdin: bytes,
    limits: RunLimits,
) -> Ended:
    """Run a cell in its place to its end or its limits. Raises StartError when it never became ready."""
    with contextlib.ExitStack() as stack:
        try:
            started = start(stack, kind, job, place, stdin=stdin, limits=limits)
        except OSError as error:
            raise StartError(f"no process: {error.strerror}") from None
        watched = _Watched(limits)
        try:
            watch(started, watched)
        finally:
            end(started, watched)
        return ended(started, watched)


def start(
    stack: contextlib.ExitStack,
    kind: CellKind,
    job: Mapping[str, Any],
    place: Place,
    *,
    stdin: bytes,
    limits: RunLimits,
) -> _Started:
    control, control_end = os.pipe2(os.O_CLOEXEC)
    stack.callback(os.close, control)
    open_ends = stack.enter_context(contextlib.ExitStack())
    open_ends.callback(os.close, control_end)
    results = memory_file(stack, "results")
    whole_job = {
        **job,
        "user": place.user,
        "control_fd": control_end,
        "result_fd": results,
        "environment": environment(place.folder),
        "rlimits": resource_limits(limits, job),
        "patience_s": int(START_PATIENCE_S + limits.wall_s + END_PATIENCE_S) + 1,
    }
    request = memory_file(open_ends, "request", marshal.dumps((cell_code(kind), whole_job)))
    given = memory_file(open_ends, "stdin", stdin)
    process = subprocess.Popen(
        [str(place.python), *INTERPRETER_FLAGS, "-c", BOOTSTRAP, str(request)],
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=place.folder,
        env=environment(place.folder),
        pass_fds=(request, results, control_end),
        start_new_session=True,
    )
    stack.callback(close_pipes, process)
    exit_descriptor = os.pidfd_open(process.pid)
    stack.callback(os.close, exit_descriptor)
    started = _Started(process, exit_descriptor, control, results)
    if place.user is not None:
        for descriptor in (given, results, started.streams["stdout"], started.streams["stderr"]):
            os.fchown(descriptor, place.user, place.user)
    open_ends.close()
    return started


def close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def memory_file(stack: contextlib.ExitStack, name: str, content: bytes = b"") -> int:
    """A file without a path, at its start."""
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC)
    stack.callback(os.close, descriptor)
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


@cache
def cell_code(kind: CellKind) -> list[tuple[str, CodeType]]:
    """The modules of a cell as code, in the order of their imports; file names in it say no path."""
    folder = Path(__file__).with_name("cell")
    modules = []
    for name in ("supervise", "launch", *SOURCES[kind]):
        source = (folder / f"{name}.py").read_text(encoding="utf-8")
        modules.append((f"{CELL_PACKAGE}.{name}", compile(source, f"<cell {name}>", "exec", dont_inherit=True)))
    return modules


def resource_limits(limits: RunLimits, job: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Node reserves far more address space than it uses, so its data segment is bounded instead."""
    memory, cpu_s = limits.memory_mb * 1024 * 1024, int(limits.wall_s) + 2
    address_space = memory * job.get("address_space_factor", 1)
    node_data = memory + 256 * 1024 * 1024
    return {
        "RLIMIT_CPU": (cpu_s, cpu_s + 1),
        "RLIMIT_FSIZE": (FILE_BYTES, FILE_BYTES),
        "RLIMIT_CORE": (0, 0),
        "RLIMIT_NOFILE": (256, 256),
        "RLIMIT_NPROC": (PROCESSES, PROCESSES),
        **({"RLIMIT_DATA": (node_data, node_data)} if job.get("is_node") else {"RLIMIT_AS": (address_space,) * 2}),
    }


def environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "MALLOC_ARENA_MAX": "2",
    }


def watch(started: _Started, watched: _Watched) -> None:
    """Read until the process ends, its time is over or it says too much."""
    with selectors.DefaultSelector() as selector:
        for name, descriptor in started.streams.items():
            os.set_blocking(descriptor, False)
            selector.register(descriptor, selectors.EVENT_READ, name)
        selector.register(started.exit_descriptor, selectors.EVENT_READ, "exit")
        while watched.stopped is None:
            if watched.remaining_s <= 0:
                watched.stopped = "timeout"
                return
            for key, _ in selector.select(watched.remaining_s):
                if key.data == "exit":
                    return
                if not take_available(key.fd, key.data, watched):
                    selector.unregister(key.fd)


def take_available(descriptor: int, name: str, watched: _Watched) -> bool:
    """Read one chunk; False at the end of the stream."""
    try:
        data = os.read(descriptor, CHUNK_BYTES)
    except BlockingIOError:
        return True
    watched.take(name, data)
    return bool(data)


def end(started: _Started, watched: _Watched) -> None:
    """End the process and everything it started, then take what is left in the pipes."""
    process = started.process
    with selectors.DefaultSelector() as selector:
        selector.register(started.exit_descriptor, selectors.EVENT_READ)
        process.send_signal(signal.SIGTERM)
        selector.select(END_PATIENCE_S)
    watched.ended_at = time.monotonic()
    kill_group(process.pid)
    process.wait()
    for name, descriptor in started.streams.items():
        for data in rest_of(descriptor):
            watched.take(name, data)
    control = events_of(watched.read["control"])
    if "cell" in control and "ended" not in control:
        kill_group(control["cell"][0])


def kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def events_of(control: bytes | bytearray) -> dict[str, list[int]]:
    """The lines of a control pipe: a word and its numbers."""
    lines = (line.split() for line in control.decode("ascii").splitlines())
    return {words[0]: [int(number) for number in words[1:]] for words in lines}


def rest_of(descriptor: int) -> Iterator[bytes]:
    """What a pipe holds now; a pipe holds 64 KiB, so this ends even if somebody still writes."""
    for _ in range(16):
        try:
            data = os.read(descriptor, CHUNK_BYTES)
        except BlockingIOError:
            return
        if not data:
            return
        yield data


def ended(started: _Started, watched: _Watched) -> Ended:
    if watched.ready_at is None:
        lines = watched.read["stderr"].decode(errors="replace").strip().splitlines()
        raise StartError(f"the cell never became ready: {lines[-1] if lines else 'no word from it'}")
    control = events_of(watched.read["control"])
    exit_code, peak_memory_kb = control.get("ended", (None, None))
    limit = watched.limits.result_kb * 1024
    results = os.pread(started.results, limit + 1, 0)
    return Ended(
        stopped="output" if len(results) > limit and watched.stopped is None else watched.stopped,
        exit_code=exit_code,
        wall_ms=round((watched.ended_at - watched.ready_at) * 1000, 3),
        peak_memory_kb=peak_memory_kb,
        is_apart=control.get("cell", [0, 0])[1] == 1,
        stdout=bytes(watched.read["stdout"]),
        stderr=bytes(watched.read["stderr"]),
        results=results[:limit],
    )
