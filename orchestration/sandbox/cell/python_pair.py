"""The two cells of tests that assert: one holds the candidate's code, the other judges it through proxies.

Not here: the proxies (remote), nor the confinement (confine). The judge's exit is its verdict; the candidate's cell has
no way to it but the two pipes.
"""

from __future__ import annotations

import os
import sys
from builtins import BaseException as AnyError

from orchestration.sandbox.cell import python_program, remote
from orchestration.sandbox.cell.confine import FIRST_FREE, RESULTS
from orchestration.sandbox.cell.python_function import described, flush
from orchestration.sandbox.cell.remote_names import RemoteFailedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FROM_OTHER, TO_OTHER = FIRST_FREE, FIRST_FREE + 1


def run(job: dict[str, Any]) -> None:
    """Become the one or the other; neither returns."""
    os.close(RESULTS)
    if job["role"] == "judge":
        python_program.end_with(lambda: judge(job))
    serve_candidate(job["code"])


def judge(job: dict[str, Any]) -> None:
    """Run `before`, take the candidate's names, run `after` with them: an AssertionError is the script's end.

    So is a broken wire, also where the tests have swallowed it.
    """
    main = python_program.main_module(job["script"], job["argv"])
    python_program.execute(job["before"], job["script"], main)
    try:
        main.__dict__.update(remote.connect(FROM_OTHER, TO_OTHER, entries=job["entries"]))
        python_program.execute(job["after"], job["script"], main)
    except RemoteFailedError as error:
        python_program.report(error)
    finally:
        ensure_unbroken()


def ensure_unbroken() -> None:
    try:
        remote.ensure_unbroken()
    except RemoteFailedError as error:
        python_program.report(error)


def serve_candidate(code: str) -> None:
    module = type(sys)("answer")
    sys.modules["answer"] = module
    try:
        exec(compile(code, "answer.py", "exec"), module.__dict__)  # noqa: S102 (this is the cell)
    except AnyError as error:  # noqa: BLE001 (SystemExit is an answer's failure as well)
        remote.refuse(*described(error), TO_OTHER)
    else:
        remote.serve(module.__dict__, FROM_OTHER, TO_OTHER)
    flush()
    os._exit(0)
