"""Judges what Python code looks like: measures of its functions, and the names that it uses.

Not here: how the code is measured (python_structure), nor what the code does (function).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from orchestration.sandbox.interface import FunctionCall, FunctionRun
from orchestration.scoring.checking import Judged
from orchestration.scoring.modules_in_cell import beside
from scenarios.checks import StructureCheck, UsesCheck

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestration.sandbox.interface import Outcome, RunLimits, Sandbox, SandboxRun

MEASURING: Final = Path(__file__).with_name("python_structure.py")
NAMES: Final = "orchestration.scoring.python_names"


class Use(NamedTuple):
    """One name that code uses. `keywords` None: it is not called there; `positional` -1: the text does not show it.

    `is_sure` is false where its variable may stand for something else as well.
    """

    name: str
    line: int
    positional: int
    keywords: tuple[str, ...] | None
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Structure:
    """What measuring an answer's code gave; `outcome` is not ok for code that can't be measured."""

    run: SandboxRun
    outcome: Outcome
    reason: str = ""
    functions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    clone: int = 0
    uses: Sequence[Use] = ()

    def measure(self, check: StructureCheck) -> int | None:
        """None when the function that is asked for is not there."""
        if check.measure == "clone":
            return self.clone
        if check.of is not None:
            return self.functions[check.of][check.measure] if check.of in self.functions else None
        return max((measures[check.measure] for measures in self.functions.values()), default=None)


def structure_of(code: str, sandbox: Sandbox, limits: RunLimits) -> Structure:
    run = sandbox.call_function(FunctionRun(measuring_code(), "describe", (FunctionCall((code,)),), limits=limits))
    result = run.values[0]
    if result.outcome != "ok":
        named = f"{result.exception[0]}: {result.message}" if result.exception else run.reason
        return Structure(run, result.outcome, f"the code can't be read: {named}")
    found = json.loads(str(result.value))
    uses = [
        Use(name, line, positional, None if keywords is None else tuple(keywords), is_sure)
        for name, line, positional, keywords, is_sure in found["uses"]
    ]
    return Structure(run, "ok", functions=found["functions"], clone=found["clone"], uses=uses)


@lru_cache(maxsize=1)
def measuring_code() -> str:
    names = MEASURING.with_name("python_names.py").read_text(encoding="utf-8")
    return beside({NAMES: names}, MEASURING.read_text(encoding="utf-8"))


def judge_structure(check: StructureCheck | UsesCheck, structure: Structure) -> Judged:
    if structure.outcome != "ok":
        return Judged(check, 0.0, structure.outcome, structure.reason)
    fault = measure_fault(check, structure) if isinstance(check, StructureCheck) else use_fault(check, structure.uses)
    return Judged(check, 0.0, "wrong", fault) if fault else Judged(check, 1.0, "ok")


def measure_fault(check: StructureCheck, structure: Structure) -> str | None:
    measure = structure.measure(check)
    if measure is None:
        return f"no function {check.of}" if check.of else "no function"
    return f"{check.measure} {measure}, at most {check.at_most} is asked for" if measure > check.at_most else None


def use_fault(check: UsesCheck, uses: Sequence[Use]) -> str | None:
    for name in check.none_of:
        used = next((use for use in uses if is_below(use.name, name)), None)
        if used:
            return f"{used.name} in line {used.line}"
    for name in check.all_of:
        wanted = [use for use in uses if is_below(use.name, name)]
        if not wanted:
            return f"{name} is not used"
        if check.keywords and not any(passes(use, check.keywords) for use in wanted if use.name == name):
            return f"{name} is not called with {', '.join(check.keywords)}"
    return None


def is_below(name: str, wanted: str) -> bool:
    return name == wanted or name.startswith((f"{wanted}.", f"{wanted}("))


def passes(use: Use, keywords: tuple[str, ...]) -> bool:
    return use.keywords is not None and set(keywords) <= set(use.keywords)
