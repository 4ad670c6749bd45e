"""Runs an answer as the main script of this process, as `python main.py` would, without a path in its tracebacks.

Not here: the confinement (launch).
"""

from __future__ import annotations

import os
import sys
from _sitebuiltins import Quitter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


def run(job: dict[str, Any]) -> None:
    """Ends as the script does; the interpreter's own end (threads, atexit) follows."""
    os.close(job["result_fd"])
    sys.argv = [job["script"], *job["argv"]]
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 (pathlib costs 15 ms)
    builtins = sys.modules["builtins"].__dict__
    builtins["exit"], builtins["quit"] = Quitter("exit", "Ctrl-D"), Quitter("quit", "Ctrl-D")
    main = type(sys)("__main__")
    main.__dict__.update(__file__=job["script"], __builtins__=sys.modules["builtins"])
    sys.modules["__main__"] = main
    try:
        exec(compile(job["code"], job["script"], "exec"), main.__dict__)  # noqa: S102 (this is the cell)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 (reported as the interpreter does)
        report(error)


def report(error: BaseException) -> NoReturn:
    trace = error.__traceback__
    trace = trace.tb_next if trace else None
    sys.excepthook(type(error), error.with_traceback(trace), trace)
    raise SystemExit(1) from None
