"""Runs the parts of one answer to their end when a run was stopped in the middle of them.

Not here: what a part is (a call, a database), nor how it is judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from orchestration.sandbox.interface import Outcome, SandboxRun

MOST_RUNS: Final = 3
"""After the third stop what is left counts as failed: each may have cost the whole time limit."""

RESUMED: Final = frozenset({"timeout", "output", "memory", "killed", "malformed"})


class Part(Protocol):
    @property
    def outcome(self) -> Outcome: ...


RunT = TypeVar("RunT", bound="SandboxRun")
PartT = TypeVar("PartT", bound=Part)


def run_all(
    count: int, run_from: Callable[[int], tuple[RunT, Sequence[PartT], bool]]
) -> tuple[list[RunT], list[PartT]]:
    """All runs and the results of all `count` parts, so that the order of an answer's checks does not matter.

    `run_from(start)` runs the parts from `start` on: the run, its parts, and whether it came to the first of them. A
    run that was stopped has failed in the first part that did not end; the ones behind it get a run of their own.
    """
    runs: list[RunT] = []
    parts: list[PartT] = []
    while len(parts) < count or not runs:
        run, found, has_begun = run_from(len(parts))
        runs.append(run)
        is_resumed = has_begun and run.outcome in RESUMED and len(runs) < MOST_RUNS
        parts += found[: stopped_part(run.outcome, found) + 1] if is_resumed else found
    return runs, parts


def stopped_part(outcome: Outcome, parts: Sequence[Part]) -> int:
    return next((index for index, part in enumerate(parts) if part.outcome == outcome), len(parts))
