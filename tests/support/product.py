"""A clean clone of the project, used as a newcomer would use it: nothing set up by hand, nothing in the environment.

Not here: what the tests assert of it.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]
    finally:
        for opened in sockets:
            opened.close()


SMALL = {"AIBAAS_SUITES": "canary"}
"""What keeps an hour small, whatever the hour is."""


def port_variables() -> dict[str, str]:
    names = ("WEBSERVER", "API", "DASHBOARD", "CODE", "SIMULATOR", "METRICS")
    return {f"AIBAAS_{name}_PORT": str(port) for name, port in zip(names, free_ports(len(names)), strict=True)}


def bare_environment(home: Path) -> dict[str, str]:
    """PATH, so that Python and git are found, and an empty home. Nothing else."""
    home.mkdir(parents=True, exist_ok=True)
    return {"PATH": os.environ["PATH"], "HOME": str(home)}


def clean_clone(directory: Path) -> Path:
    """A clone of what is committed."""
    clone = directory / "aibaas"
    subprocess.run(["git", "clone", "--quiet", "--no-local", ROOT, clone], check=True, capture_output=True)
    return clone


@dataclass
class Checkout:
    """A checkout and the environment that its commands get."""

    path: Path
    environment: dict[str, str]

    def run(
        self, *arguments: str, timeout_s: float = 600, cwd: Path | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """`./aibaas ARGUMENTS` to its end."""
        return subprocess.run(
            [self.path / "aibaas", *arguments],
            cwd=cwd or self.path.parent, env=self.environment | more, capture_output=True, text=True, timeout=timeout_s,
            check=False,
        )  # fmt: skip

    def start(self, *arguments: str, log: Path, **more: str) -> RunningCommand:
        """`./aibaas ARGUMENTS` in the background, its output in `log`."""
        return RunningCommand([str(self.path / "aibaas"), *arguments], self.environment | more, log)


@dataclass
class RunningCommand:
    """A command in its own process group, as a terminal would run it; a file takes its output, however much it is."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, pattern: str, *, within_s: float) -> None:
        """Raises AssertionError with what was said when nothing that matches is said in time."""
        deadline = time.monotonic() + within_s
        while not re.search(pattern, self.said):
            assert self.process.poll() is None, f"it ended without {pattern!r}: {self.said[-4000:]}"
            assert time.monotonic() < deadline, f"no {pattern!r} within {within_s:.0f} s: {self.said[-4000:]}"
            time.sleep(0.1)

    def interrupt(self, *, within_s: float = 60) -> int:
        """Ctrl-C: SIGINT to the whole foreground group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(within_s)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)


def processes_naming(text: str) -> list[str]:
    """Command lines of living processes that mention `text`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in line:
            found.append(line)
    return found
