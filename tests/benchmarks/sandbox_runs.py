"""Measures what a run in the sandbox costs: beside a plain subprocess, beside evalplus's executor, over 10,000 runs.

usage: python tests/benchmarks/sandbox_runs.py [--rounds 6] [--evalplus CHECKOUT] [--soak 10000]

The submission defines a function and is called ten times. Rounds of the contenders are interleaved, two workers each.
`--evalplus` names a checkout of evalplus/evalplus; without it that line is left out. `--soak` runs one submission after
the other and compares descriptors, mounts, processes and memory before and after.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.sandbox.interface import AssertsRun, FunctionCall, FunctionRun
from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.sandbox.tree_memory import children_of

if TYPE_CHECKING:
    from collections.abc import Callable

CODE = "def f(a, b):\n    return a * b + 1\n"
INPUTS = [(number, number + 1) for number in range(10)]
ASSERTS = "\n".join(f"assert f({a}, {b}) == {a * b + 1}" for a, b in INPUTS)
RUN = FunctionRun(CODE, "f", tuple(FunctionCall(pair) for pair in INPUTS))
WORKERS = 2


@dataclass
class Contender:
    """`once` runs one submission and fails when it is not judged right."""

    name: str
    once: Callable[[int], object]
    executor: Executor
    count: int
    took_s: list[float] = field(default_factory=list)
    each_s: list[float] = field(default_factory=list)

    def round(self) -> None:
        started = time.perf_counter()
        self.each_s += self.executor.map(timed, [self.once] * self.count, range(self.count))
        self.took_s.append((time.perf_counter() - started) / self.count)

    @property
    def per_run_ms(self) -> float:
        return 1000 * statistics.mean(self.took_s)


def timed(once: Callable[[int], object], number: int) -> float:
    started = time.perf_counter()
    once(number)
    return time.perf_counter() - started


def plain(_: int) -> None:
    """What the naive way costs: a fresh interpreter that is trusted."""
    subprocess.run([sys.executable, "-I", "-"], input=(CODE + ASSERTS).encode(), check=True)


def evalplus(_: int) -> None:
    from evalplus.eval import untrusted_check  # type: ignore[import-not-found]  # noqa: PLC0415

    expected = [a * b + 1 for a, b in INPUTS]
    stat, details = untrusted_check("humaneval", CODE, INPUTS, "f", expected, 0, [0.01] * len(INPUTS))
    assert stat == "pass", (stat, details)


def throughput(sandbox: NamespaceSandbox, rounds: int, evalplus_checkout: str | None) -> None:
    def cell(_: int) -> None:
        assert sandbox.call_function(RUN).is_ok

    def two_cells(_: int) -> None:
        assert sandbox.run_asserts(AssertsRun(CODE, ASSERTS)).is_ok

    threads = ThreadPoolExecutor(WORKERS)
    contenders = [
        Contender("cell", cell, threads, 300),
        Contender("two cells", two_cells, threads, 100),
        Contender("plain subprocess", plain, threads, 60),
    ]
    if evalplus_checkout:
        sys.path.insert(0, evalplus_checkout)
        processes = ProcessPoolExecutor(WORKERS, get_context("fork"))
        contenders.append(Contender("evalplus's executor", evalplus, processes, 60))
    for contender in contenders:
        list(contender.executor.map(contender.once, range(4)))
    for _ in range(rounds):
        for contender in contenders:
            contender.round()
    ours = contenders[0]
    for contender in contenders:
        ordered = sorted(contender.each_s)
        print(
            f"{contender.name:<20} {contender.per_run_ms:7.2f} ms a submission  "
            f"p50 {1000 * ordered[len(ordered) // 2]:6.2f} ms  p99 {1000 * ordered[len(ordered) * 99 // 100]:6.2f} ms  "
            f"{contender.per_run_ms / ours.per_run_ms:5.2f} x a cell"
        )


def latency(sandbox: NamespaceSandbox) -> None:
    one = median_ms(lambda: sandbox.call_function(FunctionRun(CODE, "f", RUN.calls[:1])))
    two = median_ms(lambda: sandbox.run_asserts(AssertsRun(CODE, ASSERTS)))
    print(f"one trivial call, one slot: median {one:.2f} ms; two cells: median {two:.2f} ms, {two / one:.2f} x one")


def median_ms(act: Callable[[], Any], count: int = 200) -> float:
    took = []
    for _ in range(count):
        started = time.perf_counter()
        assert act().is_ok
        took.append(time.perf_counter() - started)
    return 1000 * statistics.median(took)


def soak(sandbox: NamespaceSandbox, count: int) -> None:
    for _ in range(50):
        sandbox.call_function(RUN)
    before = state()
    started = time.perf_counter()
    for _ in range(count):
        assert sandbox.call_function(RUN).is_ok
    print(f"{count:,} runs in a row: {1000 * (time.perf_counter() - started) / count:.2f} ms each")
    for name, value in state().items():
        print(f"  {name:<28} {before[name]:>8} before  {value:>8} after")


def state() -> dict[str, int]:
    """What could grow: here, in the zygotes, and on the machine."""
    outer = children_of(os.getpid())
    zygotes = [inner for pid in outer for inner in children_of(pid)]
    return {
        "descriptors": entries("/proc/self/fd"),
        "descriptors of zygotes": sum(entries(f"/proc/{pid}/fd") for pid in zygotes),
        "processes": len(outer) + len(zygotes),
        "mounts of the machine": len(Path("/proc/self/mountinfo").read_text().splitlines()),
        "mounts of zygotes": sum(len(Path(f"/proc/{pid}/mountinfo").read_text().splitlines()) for pid in zygotes),
        "memory, MB": resident_kb(os.getpid()) // 1024,
        "memory of zygotes, MB": sum(map(resident_kb, zygotes)) // 1024,
        "files in /tmp": entries("/tmp"),
    }


def entries(folder: str) -> int:
    return sum(1 for _ in Path(folder).iterdir())


def resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=6)
    arguments.add_argument("--evalplus", metavar="CHECKOUT")
    arguments.add_argument("--soak", type=int, default=0, metavar="RUNS")
    asked = arguments.parse_args()
    with NamespaceSandbox() as sandbox:
        print(f"level {sandbox.proven().level}, {os.cpu_count()} processors")
        throughput(sandbox, asked.rounds, asked.evalplus)
        latency(sandbox)
        if asked.soak:
            soak(sandbox, asked.soak)


if __name__ == "__main__":
    main()
