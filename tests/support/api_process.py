"""`python -m api` as a process of its own, on a free port and open to whoever asks.

Not here: what the database holds, nor who asks.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHIN_S = 30


@contextmanager
def api_process(url: str) -> Iterator[tuple[psutil.Process, str]]:
    """`python -m api` and its address."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIBAAS_")}
    with subprocess.Popen(
        [sys.executable, "-m", "api"],
        env=inherited
        | {
            "AIBAAS_API_DATABASE_URL": url,
            "AIBAAS_API_PORT": "0",
            "AIBAAS_API_ANONYMOUS_TIER": "enterprise",
            "AIBAAS_API_CALLER_LISTENER_LIMIT": "2000",
        },
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        found = re.search(r"127\.0\.0\.1:\d+", process.stdout.readline())
        assert found
        wait_for_events(found[0])
        try:
            yield psutil.Process(process.pid), found[0]
        finally:
            process.terminate()


def wait_for_events(address: str) -> None:
    """Until the process knows where the events stand, and all that it builds behind its start is there."""
    httpx.get(f"http://{address}/readyz", trust_env=False, timeout=WITHIN_S)
    deadline = time.monotonic() + WITHIN_S
    while True:
        with httpx.stream("GET", f"http://{address}/v1/events", trust_env=False) as answer:
            if answer.status_code == 200:
                return
        assert time.monotonic() < deadline, answer.status_code
        time.sleep(0.1)
