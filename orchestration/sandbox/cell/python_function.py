"""Loads an answer and calls its entry, each call in a fork of the loaded state, one frame of JSON text per event.

Not here: the confinement (launch), nor reading the frames (frames).

    ["failed", names, message]   it did not load, nothing follows      ["loaded"]
    ["value", index, tree]  ["raised", index, names, message]
    ["ended", index, exit code]  ["done", count]
"""

from __future__ import annotations

import os
import sys
from builtins import BaseException as AnyError

from orchestration.sandbox.cell.codec import LONGEST_NAME, dumps, encode, rebuild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONGEST_MESSAGE = 300
MOST_BASES = 12
EVERYONE = -1
SIGKILL = 9


def run(job: dict[str, Any]) -> None:
    """Never returns: the cell ends when its last call has."""
    descriptor = job["result_fd"]
    try:
        entry = load(job["code"], job["entry"])
    except AnyError as error:  # noqa: BLE001 (SystemExit is an answer's failure as well)
        send(descriptor, ["failed", *described(error)])
    else:
        send(descriptor, ["loaded"])
        make_calls(descriptor, entry, job["calls"], is_apart=job["is_apart"])
    flush()
    os._exit(0)


def load(code: str, name: str) -> Any:
    module = type(sys)("answer")
    sys.modules["answer"] = module
    exec(compile(code, "answer.py", "exec"), module.__dict__)  # noqa: S102 (this is the cell)
    if name not in module.__dict__:
        raise NameError(f"name {name!r} is not defined")
    return module.__dict__[name]


def make_calls(descriptor: int, entry: Any, calls: list[Any], *, is_apart: bool) -> None:
    for index, (args, kwargs) in enumerate(calls):
        flush()
        call = os.fork()
        if call == 0:
            make_call(descriptor, index, entry, args, kwargs)
        _, status = os.waitpid(call, 0)
        send(descriptor, ["ended", index, os.waitstatus_to_exitcode(status)])
        if is_apart:
            end_leftovers()
    send(descriptor, ["done", len(calls)])


def make_call(descriptor: int, index: int, entry: Any, args: Any, kwargs: Any) -> None:
    try:
        value = entry(*rebuild(args), **rebuild(kwargs))
        if type(value).__name__ == "coroutine":
            value = __import__("asyncio").run(value)
        send(descriptor, ["value", index, encode(value)])
    except MemoryError:
        os.write(descriptor, b'["raised",%d,["MemoryError"],""]\n' % index)
    except AnyError as error:  # noqa: BLE001 (SystemExit is an answer's failure as well)
        send(descriptor, ["raised", index, *described(error)])
    flush()
    os._exit(0)


def end_leftovers() -> None:
    """As process 1 of its own namespace the cell can end all that a call left running."""
    try:
        os.kill(EVERYONE, SIGKILL)
    except ProcessLookupError:
        return
    try:
        while True:
            os.waitpid(EVERYONE, 0)
    except ChildProcessError:
        return


def described(error: BaseException) -> tuple[list[str], str]:
    names = [kind.__name__[:LONGEST_NAME] for kind in type(error).__mro__[:MOST_BASES] if kind is not object]
    try:
        return names, str(error)[:LONGEST_MESSAGE]
    except AnyError:  # noqa: BLE001 (an answer may define how its exceptions print)
        return names, ""


def send(descriptor: int, frame: list[Any]) -> None:
    data = dumps(frame).encode("ascii") + b"\n"
    while data:
        data = data[os.write(descriptor, data) :]


def flush() -> None:
    """Write out what is buffered; an answer may have replaced or closed the streams."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except AnyError:  # noqa: BLE001 (see above)
            os.write(2, b"")
