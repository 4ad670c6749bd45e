"""Proves by trying which level of isolation this machine gives, and names what is missing.

Not here: making cells (namespace_sandbox). A level that is not proven is not used: there is no silent fallback.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from orchestration.sandbox.interface import RunLimits
from orchestration.sandbox.orders import Order
from orchestration.sandbox.profiles import Layers, Level, MissingProgramError, Profile, environment
from orchestration.sandbox.text import OF_THE_HOST
from orchestration.sandbox.tree_memory import process_of
from orchestration.sandbox.zygote import StartError

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.sandbox.watching import Ended

    MakeCell = Callable[[Profile, Order, Callable[[int], None]], Ended]

ADVICE: Final = (
    "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, or kernel.apparmor_restrict_unprivileged_userns"
    "=0), or in Docker run the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined as "
    "docker-compose.yml does"
)
LIMITS: Final = RunLimits(wall_s=10.0, memory_mb=256)
NAMESPACES: Final = ("mnt", "pid", "net", "ipc", "uts")
SECCOMP_FILTER, NO_NEW_PRIVS = "2", "1"

PROBE: Final = Path(__file__).with_name("cell") / "probe.py"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to hold for a cell, and whether it did."""

    what: str
    held: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """The level that holds, None when none does; `reason` says what a stronger one lacks, `checks` what was tried."""

    level: Level | None
    reason: str
    checks: tuple[Check, ...]


def prove(make_cell: MakeCell, wanted: Level | None, layers: Layers) -> Proof:
    """The strongest level all of whose layers hold, or `wanted` alone. Never raises for what the machine lacks."""
    reasons: list[str] = []
    checks: list[Check] = []
    for level in get_args(Level) if wanted is None else (wanted,):
        checks = examine(make_cell, Profile("python", level, layers))
        if all(check.held for check in checks):
            return Proof(level, "; ".join(reasons), tuple(checks))
        broken = "; ".join([check.what for check in checks if not check.held][:3])
        reasons.append(f"level {level} does not hold ({broken})")
    reason = f"no isolation, so nothing is graded: {'; '.join(reasons)}. To mend it: {ADVICE}"
    return Proof(None, reason, tuple(checks))


def examine(make_cell: MakeCell, profile: Profile) -> list[Check]:
    """What a cell of the profile could do, tried from inside and seen from outside; a failure to start is one too."""
    seen: list[Check] = []
    try:
        end = make_cell(profile, Order("python", probe_job(profile), LIMITS), partial(look_from_outside, profile, seen))
        tried = json.loads(end.stdout)
    except (StartError, MissingProgramError) as error:
        return [Check(OF_THE_HOST.line(str(error)), held=False)]
    except ValueError:
        return [Check(f"the probe ended with {end.exit_code}: {OF_THE_HOST.text(end.stderr)[-200:]}", held=False)]
    return [*seen, *(Check(str(what), held is True) for what, held in tried.items())]


def probe_job(profile: Profile) -> dict[str, Any]:
    sealed = "/sealed/by_landlock" if profile.level == "A" else "/etc/passwd"
    argv = [profile.level, sealed, str(PROBE), ",".join(environment())]
    return {"kind": "python_program", "script": PROBE.name, "argv": argv, "code": PROBE.read_text(encoding="utf-8")}


def look_from_outside(profile: Profile, seen: list[Check], pidfd: int) -> None:
    """What the kernel itself says of a running cell."""
    pid = process_of(pidfd)
    status = dict(re.findall(r"^(\w+):\s*(.*)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE))
    capabilities = int(status["CapEff"], 16) | int(status["CapPrm"], 16) | int(status["CapInh"], 16)
    seen += [
        Check("seccomp: a filter is in force", held=status["Seccomp"] == SECCOMP_FILTER),
        Check("privileges: it can't gain new ones", held=status["NoNewPrivs"] == NO_NEW_PRIVS),
        Check("privileges: it has no capabilities", held=capabilities == 0),
        Check("privileges: it does not run as root", held=status["Uid"].split()[0] != "0"),
    ]
    if profile.level == "A":
        seen += [Check(f"namespaces: {name} is its own", held=not is_shared(pid, name)) for name in NAMESPACES]


def is_shared(pid: int, name: str) -> bool:
    return os.readlink(f"/proc/{pid}/ns/{name}") == os.readlink(f"/proc/self/ns/{name}")  # noqa: PTH115


def without(layer: str) -> Layers:
    """All layers but one, to show that its absence is noticed."""
    return replace(Layers(), **{layer: False})
