"""Becomes another program: bash, node.

Not here: the confinement (launch).
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(job: dict[str, Any]) -> None:
    """Never returns. A program that writes results is told their descriptor as its last argument."""
    command = job["command"]
    os.set_inheritable(job["result_fd"], job["keeps_results"])
    if job["keeps_results"]:
        command = [*command, str(job["result_fd"])]
    os.execve(command[0], command, job["environment"])  # noqa: S606 (no shell is the point)
