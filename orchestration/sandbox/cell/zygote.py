"""A process that is started once and forked for each run: it knows nothing that is worth stealing.

Not here: what a forked cell gives up (confine), nor the other end of the channel (the trusted side's zygote).

One message a run in each direction, on a socket that keeps their bounds:

    <- b"run"    with the descriptors of a cell, the job's first          -> b"started"  with the cell's pidfd
                                                                          -> b"ended <wait status> <peak memory kB>"
The zygote forwards descriptors and reads no job; the cell does. Cells are made ahead: one waits while another runs. The
zygote ends when the channel does.
"""

from __future__ import annotations

import contextlib
import gc
import marshal
import os
import select
import signal
import socket
import sys
import time
from typing import NamedTuple

from orchestration.sandbox.cell import (
    confine,
    executable,
    kernel,
    python_function,
    python_pair,
    python_program,
    query,
    root,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

KINDS = {
    "python_function": python_function,
    "python_program": python_program,
    "python_pair": python_pair,
    "executable": executable,
    "query": query,
}
MOST_DESCRIPTORS = 12
NEEDED_CAPABILITIES = 1 << 5 | 1 << 6 | 1 << 7 | 1 << 21
"""CAP_KILL, CAP_SETGID, CAP_SETUID and CAP_SYS_ADMIN: what making cells takes."""

PRELOADED = (
    *("abc", "array", "ast", "asyncio", "base64", "bisect", "calendar", "cmath", "collections.abc", "contextlib"),
    *("copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "gzip"),
    *("hashlib", "heapq", "hmac", "inspect", "io", "itertools", "json", "keyword", "logging", "math", "numbers"),
    *("operator", "pathlib", "pickle", "pprint", "queue", "random", "re", "shlex", "statistics", "string", "struct"),
    *("tempfile", "textwrap", "threading", "time", "traceback", "types", "typing", "unicodedata", "unittest", "uuid"),
    *("warnings", "weakref", "zlib", "zoneinfo", "concurrent.futures.thread", "encodings.idna", "ctypes"),
)
"""What answers import often. Each costs a cell a little of its fork, and saves much of its run."""


def main(channel: int, config: dict[str, Any]) -> None:
    """Never returns."""
    if config["level"] == "A":
        root.enter_namespaces(config, channel)
    for name in (*PRELOADED, *config["packages"]):
        preload(name, config["package_folder"])
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    if config["level"] == "A":
        root.build_root(config)
        kernel.keep_capabilities(NEEDED_CAPABILITIES)
    for name in ("trees", "masks", "place", "package_folder"):
        del config[name]
    for name in [name for name in sys.modules if name.partition(".")[0] == "orchestration"]:
        del sys.modules[name]
    os.environ.clear()
    os.environ.update(config["environment"])
    sys.argv[:] = [""]
    sys.orig_argv[:] = [""]
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=channel), config, own)


def preload(name: str, folder: str | None) -> None:
    """Import a module of the standard library, or a package that is allowed besides, from the one folder it lies in."""
    if folder:
        sys.path.append(folder)
    try:
        __import__(name)
    except ImportError:
        if name in PRELOADED:
            return  # an optional part of this Python
        raise
    finally:
        if folder:
            sys.path.remove(folder)


class Standby(NamedTuple):
    """A cell that has been made ahead and waits on `line` for its job."""

    process: int
    watched: int
    line: socket.socket


def serve(channel: socket.socket, config: dict[str, Any], own: int) -> None:
    """Hand each job to a cell that waits, and make the next one while it runs.

    `own` is the process namespace of the zygote, to come back to after each cell has been given a new one.
    """
    channel.send(b"ready")
    cell = make_cell(channel, config, own)
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 16, MOST_DESCRIPTORS)
        if not message:
            os._exit(0)
        hand_over(cell, descriptors)
        socket.send_fds(channel, [b"started"], [cell.watched])
        following = make_cell(channel, config, own)
        see_to_its_end(channel, cell)
        cell = following


def make_cell(channel: socket.socket, config: dict[str, Any], own: int) -> Standby:
    line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    is_apart = config["layers"]["pid_namespace"]
    if is_apart:
        kernel.unshare(kernel.CLONE_NEWPID)
    process = os.fork()
    if process == 0:
        for held in (channel, line):
            held.close()
        os.close(own)
        live(config, other)
    if is_apart:
        kernel.set_namespace(own, kernel.CLONE_NEWPID)
    other.close()
    return Standby(process, os.pidfd_open(process), line)


def hand_over(cell: Standby, descriptors: list[int]) -> None:
    """Give a cell its job. One that has died meanwhile is noticed by its end."""
    with cell.line, contextlib.suppress(OSError):
        socket.send_fds(cell.line, [b"job"], descriptors)
    for descriptor in descriptors:
        os.close(descriptor)


def see_to_its_end(channel: socket.socket, cell: Standby) -> None:
    wait(channel, cell.watched)
    os.close(cell.watched)
    _, status, usage = os.wait4(cell.process, 0)
    channel.send(b"ended %d %d" % (status, usage.ru_maxrss))


def wait(channel: socket.socket, cell: int) -> None:
    """Until the cell has ended; when the other side goes away, end it."""
    poll = select.poll()
    poll.register(channel, 0)
    poll.register(cell, select.POLLIN)
    for descriptor, _ in poll.poll():
        if descriptor != cell:
            signal.pidfd_send_signal(cell, signal.SIGKILL)


def live(config: dict[str, Any], line: socket.socket) -> None:
    """The cell: go apart, take the job, give the rest up, say so, run. Never returns to the zygote's code."""
    failure = failure_of(lambda: confine.go_apart(config))
    message, descriptors, _, _ = socket.recv_fds(line, 16, MOST_DESCRIPTORS)
    if not message:
        os._exit(0)
    job = read_job(descriptors.pop(0))
    confine.place_descriptors(descriptors)
    confine.renew_streams()
    failure = failure or failure_of(lambda: confine.confine(config, job))
    if failure:
        os.write(confine.CONTROL, failure.encode()[:1000])
        os._exit(1)
    say_ready(hands_over=job["hands_over"])
    KINDS[job["kind"]].run(job)


def failure_of(step: Callable[[], None]) -> str | None:
    """What went wrong before untrusted code was let in: it is the machine's."""
    try:
        step()
    except BaseException as error:  # noqa: BLE001 (whatever it is)
        return f"{type(error).__name__}: {error}"
    return None


def say_ready(*, hands_over: bool) -> None:
    """The last word before untrusted code, with the time, which both sides read off the same clock.

    The folder goes with it where files of it are wanted afterwards.
    """
    folders = [os.open(".", os.O_RDONLY | os.O_DIRECTORY)] if hands_over else []
    with socket.socket(fileno=confine.CONTROL) as control:
        socket.send_fds(control, [f"ready {time.monotonic()}".encode()], folders)
    for folder in folders:
        os.close(folder)


def read_job(descriptor: int) -> dict[str, Any]:
    with os.fdopen(descriptor, "rb") as file:
        job: dict[str, Any] = marshal.load(file)  # noqa: S302 (our own side wrote it)
    return job
