"""Plants real secrets, listeners and a bystander on this machine, watches it while an attack runs, says what it did.

Not here: the attacks (attack_corpus).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.sandbox.tree_memory import RESIDENT, children_of, memory_kb, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.attack_corpus import Seen

LOOK_S = 0.02
SETTLE_S = 0.5
SLACK_S = 12.0


@dataclass
class Watch:
    """The most that was seen of this process and all that it started, beyond what was there before."""

    processes: int = 0
    threads: int = 0
    memory_mb: int = 0
    shared_mb: int = 0
    seconds: float = 0.0


@dataclass
class Stakeout:
    """Planted things. `heard` are the listeners that something came in at."""

    folder: Path
    canary: str
    places: dict[str, str]
    bystander: subprocess.Popen[bytes]
    heard: set[str] = field(default_factory=set)

    def filled(self, code: str) -> str:
        for name, value in self.places.items():
            code = code.replace(f"{{{{{name}}}}}", value)
        return code

    def violations(self, must: tuple[str, ...], seen: list[Seen], watch: Watch) -> list[str]:
        return [word for word in must if not self.holds(word, seen, watch)]

    def holds(self, word: str, seen: list[Seen], watch: Watch) -> bool:
        name, _, argument = self.filled(word).partition(":")
        text = "".join(item.text for item in seen)
        simple = {
            "not_pass": lambda: all(item.passed is not True for item in seen),
            "not_infra": lambda: all(item.passed is not None for item in seen),
            "judge_alive": lambda: True,  # the test runs an honest program before and after
            "no_canary": lambda: self.canary not in text,
            "sentinel_alive": lambda: self.bystander.poll() is None and not is_stopped(self.bystander.pid),
            "no_leftover": lambda: leftovers() == [],
            "no_text": lambda: argument not in text,
            "no_path": lambda: not Path(argument).exists(),
        }
        measured = {
            "wall_le": watch.seconds,
            "procs_le": watch.processes,
            "threads_le": watch.threads,
            "mem_le": watch.memory_mb,
            "disk_le": watch.shared_mb,
            "output_le": len(text),
        }
        if name in {"no_tcp", "no_udp", "no_unix", "no_abs"}:
            return name.removeprefix("no_") not in self.heard
        return simple[name]() if name in simple else measured[name] <= float(argument)


@contextlib.contextmanager
def stakeout(folder: Path, tests: int) -> Iterator[Stakeout]:
    """Everything planted; the environment of this process holds the canary as long."""
    canary = f"HUSH-{secrets.token_hex(12)}"
    home, project, out = (folder / name for name in ("home", "project", "out"))
    for place in (home / ".ssh", project, out):
        place.mkdir(parents=True)
    for file in (home / ".ssh" / "id_rsa", home / ".bashrc", project / "hidden_tests.json", project / ".env"):
        file.write_text(canary)
    for place in (folder, *folder.rglob("*"), *list(folder.parents)[:2]):
        place.chmod(0o755 if place.is_dir() else 0o644)  # what keeps it secret is not its mode
    bystander = subprocess.Popen(["sleep", "3600"])
    os.environ["AIBAAS_PLANTED"] = canary
    abstract = f"aibaas-{secrets.token_hex(6)}"
    with contextlib.ExitStack() as stack:
        stack.callback(os.environ.pop, "AIBAAS_PLANTED", None)
        stack.callback(bystander.wait)
        stack.callback(bystander.kill)
        planted = Stakeout(folder, canary, {}, bystander)
        tcp = listen(stack, planted, "tcp", socket.AF_INET, ("127.0.0.1", 0))
        udp = listen(stack, planted, "udp", socket.AF_INET, ("127.0.0.1", 0), socket.SOCK_DGRAM)
        listen(stack, planted, "unix", socket.AF_UNIX, str(out / "socket"))
        listen(stack, planted, "abs", socket.AF_UNIX, f"\0{abstract}")
        planted.places |= {
            "HOME": str(home), "PROJ": str(project), "OUT": str(out), "TCP": str(tcp.getsockname()[1]),
            "UDP": str(udp.getsockname()[1]), "UNIX": str(out / "socket"), "ABS": abstract,
            "SENTINEL": str(bystander.pid), "MARK": canary, "NTESTS": str(tests),
        }  # fmt: skip
        yield planted


def listen(
    stack: contextlib.ExitStack,
    planted: Stakeout,
    name: str,
    family: int,
    address: object,
    kind: int = socket.SOCK_STREAM,
) -> socket.socket:
    """A listener that remembers whether anything came."""
    opened = socket.socket(family, kind)
    opened.bind(address)
    opened.settimeout(0.1)
    if kind == socket.SOCK_STREAM:
        opened.listen()
    ended = threading.Event()

    def hear() -> None:
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                came = opened.recvfrom(100) if kind == socket.SOCK_DGRAM else opened.accept()
                planted.heard.add(name)
                if kind == socket.SOCK_STREAM:
                    with came[0] as connection:  # type: ignore[union-attr]  # accept gives a socket
                        connection.sendall(planted.canary.encode())

    thread = threading.Thread(target=hear)
    thread.start()
    stack.callback(opened.close)
    stack.callback(thread.join)
    stack.callback(ended.set)
    return opened


@contextlib.contextmanager
def watching() -> Iterator[Watch]:
    """Samples this process's tree while the block runs."""
    watch, ended = Watch(), threading.Event()
    before = tree_now()

    def look() -> None:
        while not ended.wait(LOOK_S):
            now = tree_now()
            for name in ("processes", "threads", "memory_mb", "shared_mb"):
                grown = getattr(now, name) - getattr(before, name)
                setattr(watch, name, max(getattr(watch, name), grown))

    sampler = threading.Thread(target=look)
    sampler.start()
    started = time.monotonic()
    try:
        yield watch
    finally:
        watch.seconds = time.monotonic() - started
        ended.set()
        sampler.join()


def tree_now() -> Watch:
    tree = tree_of(os.getpid())
    return Watch(
        processes=len(tree),
        threads=sum(threads_of(pid) for pid in tree),
        memory_mb=sum(memory_kb(pid, "status", RESIDENT) for pid in tree) // 1024,
        shared_mb=shared_mb(),
    )


def threads_of(pid: int) -> int:
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return 0


def shared_mb() -> int:
    """Memory of all tmpfs and shared mappings of the machine."""
    line = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("Shmem:"))
    return int(line.split()[1]) // 1024


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def leftovers() -> list[int]:
    """Processes below a zygote but for the one cell that it holds ready, half a second after the run."""
    time.sleep(SETTLE_S)
    left: list[int] = []
    for outer in children_of(os.getpid()):
        for zygote in children_of(outer):
            cells = children_of(zygote)
            left += cells[1:]
            left += [pid for cell in cells[:1] for pid in children_of(cell)]
    return left
