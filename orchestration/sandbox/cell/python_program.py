"""Runs an answer as the main script of this process, as `python main.py` would, without a path in its tracebacks.

Not here: the confinement (confine).
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from _sitebuiltins import Quitter

from orchestration.sandbox.cell.confine import RESULTS
from orchestration.sandbox.cell.python_function import flush

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any, NoReturn


def run(job: dict[str, Any]) -> None:
    """Ends as the script does."""
    os.close(RESULTS)
    main = main_module(job["script"], job["argv"])
    end_with(lambda: execute(job["code"], job["script"], main))


def end_with(script: Callable[[], None]) -> NoReturn:
    """Run it and end as an interpreter does, threads and exit functions included.

    What an interpreter does besides, taking itself apart, would cost 12 ms.
    """
    code = 0
    try:
        script()
    except SystemExit as error:
        code = exit_code(error)
    threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001 (what the interpreter calls)
    atexit._run_exitfuncs()  # noqa: SLF001 (the same)
    flush()
    os._exit(code)


def exit_code(error: SystemExit) -> int:
    if error.code is None or isinstance(error.code, int):
        return (error.code or 0) & 0xFF
    print(error.code, file=sys.stderr)  # noqa: T201 (as the interpreter does)
    return 1


def main_module(script: str, argv: list[str]) -> ModuleType:
    """A fresh `__main__`, and what a script expects around it."""
    sys.argv = [script, *argv]
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 (pathlib is not needed for it)
    builtins = sys.modules["builtins"].__dict__
    builtins["exit"], builtins["quit"] = Quitter("exit", "Ctrl-D"), Quitter("quit", "Ctrl-D")
    main = type(sys)("__main__")
    main.__dict__.update(__file__=script, __builtins__=sys.modules["builtins"])
    sys.modules["__main__"] = main
    return main


def execute(code: str, script: str, main: ModuleType) -> None:
    try:
        exec(compile(code, script, "exec"), main.__dict__)  # noqa: S102 (this is the cell)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 (reported as the interpreter does)
        report(error)


def report(error: BaseException) -> NoReturn:
    trace = error.__traceback__
    trace = trace.tb_next if trace else None
    sys.excepthook(type(error), error.with_traceback(trace), trace)
    raise SystemExit(1) from None
