"""Loads an answer and calls its entry, one call after the other, one frame of JSON text per event.

Not here: the confinement (confine), nor reading the frames (frames).

    ["failed", names, message]   it did not load, nothing follows      ["loaded"]
    ["value", index, tree]  ["raised", index, names, message]          ["done", count]
"""

from __future__ import annotations

import os
import sys
from builtins import BaseException as AnyError

from orchestration.sandbox.cell.codec import LONGEST_NAME, dumps, encode, rebuild
from orchestration.sandbox.cell.confine import RESULTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONGEST_MESSAGE = 300
MOST_BASES = 12


def run(job: dict[str, Any]) -> None:
    """Never returns: the cell ends when its last call has, whatever threads it started."""
    try:
        entry = load(job["code"], job["entry"])
    except AnyError as error:  # noqa: BLE001 (SystemExit is an answer's failure as well)
        send(RESULTS, ["failed", *described(error)])
    else:
        send(RESULTS, ["loaded"])
        for index, (args, kwargs) in enumerate(job["calls"]):
            make_call(RESULTS, index, entry, args, kwargs)
        send(RESULTS, ["done", len(job["calls"])])
    flush()
    os._exit(0)


def load(code: str, name: str) -> Any:
    module = type(sys)("answer")
    sys.modules["answer"] = module
    exec(compile(code, "answer.py", "exec"), module.__dict__)  # noqa: S102 (this is the cell)
    if name not in module.__dict__:
        raise NameError(f"name {name!r} is not defined")
    return module.__dict__[name]


def make_call(descriptor: int, index: int, entry: Any, args: Any, kwargs: Any) -> None:
    try:
        value = entry(*rebuild(args), **rebuild(kwargs))
        if type(value).__name__ == "coroutine":
            value = __import__("asyncio").run(value)
        frame = dumps(["value", index, encode(value)])
    except MemoryError:
        frame = f'["raised",{index},["MemoryError"],""]'
    except AnyError as error:  # noqa: BLE001 (SystemExit is an answer's failure as well)
        frame = dumps(["raised", index, *described(error)])
    write(descriptor, frame.encode("ascii") + b"\n")


def described(error: BaseException) -> tuple[list[str], str]:
    names = [kind.__name__[:LONGEST_NAME] for kind in type(error).__mro__[:MOST_BASES] if kind is not object]
    try:
        return names, str(error)[:LONGEST_MESSAGE]
    except AnyError:  # noqa: BLE001 (an answer may define how its exceptions print)
        return names, ""


def send(descriptor: int, frame: list[Any]) -> None:
    write(descriptor, dumps(frame).encode("ascii") + b"\n")


def write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def flush() -> None:
    """Write out what is buffered; an answer may have replaced or closed the streams."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except AnyError:  # noqa: BLE001 (see above)
            os.write(2, b"")
