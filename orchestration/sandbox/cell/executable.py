"""Becomes another program: bash, node.

Not here: the confinement (confine).
"""

from __future__ import annotations

import os
import signal

from orchestration.sandbox.cell.confine import RESULTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)


def run(job: dict[str, Any]) -> None:
    """Never returns. A program that writes results finds them at the same descriptor."""
    for number in IGNORED_BY_PYTHON:
        signal.signal(number, signal.SIG_DFL)
    if not job["keeps_results"]:
        os.close(RESULTS)
    command = job["command"]
    os.execv(command[0], command)  # noqa: S606 (no shell is the point)
