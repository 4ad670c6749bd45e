"""Attacks on the sandbox, and honest programs beside them: the project's own, and those of shared/ where it is there.

Not here: what is planted for them to find and what must not have happened (stakeout).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.sandbox.interface import FunctionCall, FunctionRun, ProgramRun, QueryRun, RunLimits
from orchestration.scoring.comparison import Comparison
from orchestration.scoring.grade_lines import from_json
from orchestration.settings import PROJECT_ROOT

FOLDER = Path(__file__).with_name("attacks")
SHARED = PROJECT_ROOT.parent / "shared" / "attacks" / "manifest.json"
INPUTS = ((2, 3), (4, 5), (7, 9))
TESTS = tuple(([a, b], a * b + 1) for a, b in INPUTS)
LIMITS = RunLimits(wall_s=2.0, memory_mb=512)
ALWAYS = ("not_pass", "no_canary", "no_tcp", "no_udp", "no_unix", "no_abs", "no_text:H4_DONE")


@dataclass(frozen=True)
class Attack:
    """A submission and what must hold of its run. The stakeout fills placeholders in double braces."""

    name: str
    code: str
    must: tuple[str, ...] = ()
    entry: str = "solve"
    language: str = "python"
    repeat: int = 1


@dataclass(frozen=True)
class Honest:
    """A program that must pass its tests: arguments and expected values."""

    name: str
    code: str
    tests: tuple[tuple[list[Any], Any], ...] = TESTS


@dataclass(frozen=True)
class Seen:
    """What came back of a run. `passed` is None for a failure of the machine."""

    passed: bool | None
    text: str


def own_attacks() -> list[Attack]:
    rows = [
        row
        for file in sorted(FOLDER.glob("*.yaml"))
        if file.stem != "benign"
        for row in yaml.safe_load(file.read_text())
    ]
    return [
        Attack(
            row["name"], row["code"], (*ALWAYS, *row.get("must", ())), "solve", row.get("language", "python"),
            row.get("repeat", 1),
        )
        for row in rows
    ]  # fmt: skip


def own_honest() -> list[Honest]:
    return [Honest(row["name"], row["code"]) for row in yaml.safe_load((FOLDER / "benign.yaml").read_text())]


def shared_attacks() -> list[Attack]:
    rows = json.loads(SHARED.read_text())["attacks"] if SHARED.exists() else []
    return [Attack(row["name"], row["code"], tuple(row["must"]), row["entry"], "python", row["repeat"]) for row in rows]


def shared_honest() -> list[Honest]:
    rows = json.loads(SHARED.read_text())["benign"] if SHARED.exists() else []
    return [
        Honest(row["name"], row["code"], tuple((args, from_json(expected)) for args, expected in row["tests"]))
        for row in rows
    ]


def run_function(sandbox: Any, code: str, tests: Any = TESTS, entry: str = "solve", limits: RunLimits = LIMITS) -> Seen:
    calls = tuple(FunctionCall(tuple(args)) for args, _ in tests)
    result = sandbox.call_function(FunctionRun(code, entry, calls, limits=limits))
    passed = all(
        item.outcome == "ok" and Comparison().equal(expected, item.value)
        for (_, expected), item in zip(tests, result.values, strict=True)
    )
    return Seen(None if result.outcome in {"infrastructure", "refused"} else passed, repr(result))


def run_attack(sandbox: Any, attack: Attack, code: str) -> Seen:
    """One run. A script or a query has no tests to pass: it only must not do what it tries."""
    if attack.language == "python":
        return run_function(sandbox, code, entry=attack.entry)
    if attack.language == "sql":
        result = sandbox.run_query(QueryRun(code, ("",), LIMITS))
    else:
        result = sandbox.run_program(ProgramRun(code, attack.language, limits=LIMITS))
    return Seen(None if result.outcome in {"infrastructure", "refused"} else False, repr(result))
