"""The trusted end of a zygote: starting it, and having it fork a cell for a job.

Not here: what happens on its side (cell.zygote), nor watching a cell until its end (watching).
"""

from __future__ import annotations

import contextlib
import marshal
import os
import selectors
import socket
import subprocess
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orchestration.sandbox.memory_group import make_group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import CodeType

    from orchestration.sandbox.interface import RunLimits
    from orchestration.sandbox.orders import Order
    from orchestration.sandbox.profiles import Profile

START_S: Final = 60.0
"""How long a zygote may take until it is ready: 150 ms on an idle machine."""

MESSAGE_BYTES: Final = 1024
FILE_BYTES: Final = 16 * 1024 * 1024
PROCESSES: Final = 64
CELL_PACKAGE: Final = "orchestration.sandbox.cell"
MODULES: Final = (
    *("kernel", "root", "confine", "codec", "python_function", "python_program"),
    *("executable", "query", "remote_names", "remote_objects", "remote_guards", "remote_values", "remote_peer"),
    *("remote", "python_pair", "zygote"),
)

INTERPRETER_FLAGS: Final = ("-s", "-P", "-S", "-B", "-X", "utf8")
"""-I without -E: the one variable of the environment makes the order of sets, so a grade, repeatable."""

BOOTSTRAP: Final = """
import marshal, os, socket, sys
channel = socket.socket(fileno=int(sys.argv[1]))
_, (code,), _, _ = socket.recv_fds(channel, 1, 1)
with os.fdopen(code, "rb") as file:
    modules, config = marshal.load(file)
package = type(sys)
for name in ("orchestration", "orchestration.sandbox", "orchestration.sandbox.cell"):
    sys.modules[name] = package(name)
for name, code in modules:
    module = sys.modules[name] = package(name)
    setattr(sys.modules["orchestration.sandbox.cell"], name.rpartition(".")[2], module)
    exec(code, module.__dict__)
module.main(channel.detach(), config)
"""


class StartError(Exception):
    """The machine failed before untrusted code was let in."""


@dataclass(slots=True)
class Cell:
    """The parent's ends of a cell that has been asked for.

    Once it lives, `watched` is its pidfd; `folder` is its scratch folder, which outlives it, where the job asks for it.
    `limits` count from `ready_at`. `read` holds what came until now, each stream within `limits`.
    """

    zygote: Zygote
    limits: RunLimits
    control: socket.socket
    stdout: int
    stderr: int
    results: int
    started_at: float = field(default_factory=time.monotonic)
    watched: int | None = None
    folder: int | None = None
    ready_at: float | None = None
    ended_at: float | None = None
    stopped: str | None = None
    failure: str | None = None
    status: int | None = None
    peak_memory_kb: int | None = None
    kills_before: int = 0
    read: dict[str, bytearray] = field(default_factory=lambda: {"stdout": bytearray(), "stderr": bytearray()})

    def close_folder(self) -> None:
        if self.folder is not None:
            os.close(self.folder)


class Zygote:
    """One process that forks cells, one at a time. It and its cells end when it is closed or its owner dies."""

    def __init__(self, profile: Profile, slot: int) -> None:
        """Raises StartError when it does not come up, MissingProgramError when the machine lacks its program."""
        self.profile = profile
        config = profile.config(slot)
        self._user: int | None = config["user"]
        self.group = make_group(slot)
        self.channel, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with other, contextlib.ExitStack() as stack:
                self._process = self._exec(other)
                if self.group is not None:
                    self.group.adopt(self._process.pid)
                code = memory_file(stack, "code", marshal.dumps((cell_code(), config)))
                socket.send_fds(self.channel, [b"c"], [code])
            self._wait_until_ready()
        except (OSError, StartError) as error:
            self.close()
            raise StartError(str(error)) from None

    def _exec(self, channel: socket.socket) -> subprocess.Popen[bytes]:
        number = channel.fileno()
        return subprocess.Popen(
            [self.profile.python, *INTERPRETER_FLAGS, "-c", BOOTSTRAP, str(number)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            env={"PYTHONHASHSEED": "0"},
            pass_fds=(number,),
            start_new_session=True,
        )

    def _wait_until_ready(self) -> None:
        self.channel.settimeout(START_S)
        said = self.channel.recv(MESSAGE_BYTES)
        self.channel.settimeout(None)
        if said != b"ready":
            raise StartError(f"the zygote does not start: {self._last_words()}")

    def _last_words(self) -> str:
        self._process.kill()
        stderr = self._process.stderr
        lines = stderr.read().decode(errors="replace").strip().splitlines() if stderr else []
        return lines[-1] if lines else "no word from it"

    def fork(self, stack: contextlib.ExitStack, order: Order, extra: Sequence[int] = ()) -> Cell:
        """Ask for a cell; what it holds open here closes with `stack`. `extra` become its descriptors from 5 on.

        Raises StartError when the machine has no descriptors or memory left, or the zygote is gone.
        """
        try:
            with contextlib.ExitStack() as given:
                cell, sent = self._prepare(stack, given, order)
                if self.group is not None:
                    self.group.bound(order.limits.memory_mb)
                    cell.kills_before = self.group.kills()
                socket.send_fds(self.channel, [b"run"], [*sent, *extra])
        except OSError as error:
            raise StartError(f"no cell: {error.strerror}") from None
        return cell

    def _prepare(
        self, stack: contextlib.ExitStack, given: contextlib.ExitStack, order: Order
    ) -> tuple[Cell, list[int]]:
        """Our ends of everything, and the descriptors to send: the job first, then the cell's own in their order."""
        control, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        stack.enter_context(control)
        given.enter_context(other)
        stdout, stderr = pipe(stack, given), pipe(stack, given)
        results = memory_file(stack, "results")
        cell = Cell(self, order.limits, control, stdout[0], stderr[0], results)
        stack.callback(cell.close_folder)
        job = {**order.job, "files": dict(order.files), "hands_over": bool(order.wanted_files)}
        job["rlimits"] = resource_limits(order.limits, job)
        streams = [memory_file(given, "stdin", order.stdin), stdout[1], stderr[1]]
        if self._user is not None and self.profile.executes:
            for descriptor in streams:  # programs open them anew, as /dev/stdin and so on
                os.fchown(descriptor, self._user, self._user)
        return cell, [memory_file(given, "job", marshal.dumps(job)), *streams, results, other.fileno()]

    def take_message(self) -> tuple[bytes, int | None]:
        """The next message and the descriptor that came with it; empty when the zygote is gone."""
        return receive(self.channel)

    @property
    def is_alive(self) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self.channel, selectors.EVENT_READ)
            return not selector.select(0)

    def interrupt(self) -> None:
        """End it while another thread works with it: that thread sees its cell end."""
        with contextlib.suppress(OSError):
            self.channel.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the zygote and with it every process of its cells."""
        self.channel.close()
        process = getattr(self, "_process", None)
        if process is None:
            return
        try:
            process.wait(1.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stderr is not None:
            process.stderr.close()
        if self.group is not None:
            self.group.remove()


def receive(channel: socket.socket) -> tuple[bytes, int | None]:
    """A message and the descriptor that came with it; empty when nothing more can come."""
    try:
        message, descriptors, _, _ = socket.recv_fds(channel, MESSAGE_BYTES, 1, socket.MSG_CMSG_CLOEXEC)
    except OSError:
        return b"", None
    return message, descriptors[0] if descriptors else None


def pipe(mine: contextlib.ExitStack, given: contextlib.ExitStack) -> tuple[int, int]:
    """The reading end, which does not block and lives with `mine`, and the writing end."""
    reading, writing = os.pipe2(os.O_CLOEXEC)
    os.set_blocking(reading, False)
    mine.callback(os.close, reading)
    given.callback(os.close, writing)
    return reading, writing


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
def cell_code() -> list[tuple[str, CodeType]]:
    """The modules of a cell as code, in the order of their imports; file names in it say no path."""
    folder = Path(__file__).with_name("cell")
    return [
        (
            f"{CELL_PACKAGE}.{name}",
            compile((folder / f"{name}.py").read_text("utf-8"), f"<cell {name}>", "exec", dont_inherit=True),
        )
        for name in MODULES
    ]


def resource_limits(limits: RunLimits, job: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """What reserves more address space than it uses says how much more; Node's data segment is bounded instead."""
    memory, cpu_s = limits.memory_mb * 1024 * 1024, int(limits.wall_s) + 2
    address_space = memory + job.get("reserved_mb", 0) * 1024 * 1024
    node_data = memory + 256 * 1024 * 1024
    return {
        "RLIMIT_CPU": (cpu_s, cpu_s + 1),
        "RLIMIT_FSIZE": (FILE_BYTES, FILE_BYTES),
        "RLIMIT_CORE": (0, 0),
        "RLIMIT_MEMLOCK": (0, 0),
        "RLIMIT_MSGQUEUE": (0, 0),
        "RLIMIT_NOFILE": (256, 256),
        "RLIMIT_NPROC": (PROCESSES, PROCESSES),
        **({"RLIMIT_DATA": (node_data, node_data)} if job.get("is_node") else {"RLIMIT_AS": (address_space,) * 2}),
    }
