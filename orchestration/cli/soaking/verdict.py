"""What a soak found, as the table that it prints, and whether it is good.

Not here: finding it (hours, storage.reconciliation, asked_calls).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.cli.soaking.fault_plan import FaultKind
from orchestration.cli.soaking.memory import MOST_GROWTH, Growth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orchestration.cli.soaking.asked_calls import AskedCalls
    from orchestration.cli.soaking.hours import Course
    from orchestration.storage.reconciliation import Reconciliation

GROWTH_COUNTS_FROM = 48
"""Hours: a process that has lived for a few runs still grows into its work."""


@dataclass(slots=True)
class Verdict:
    """`rebuilt` are the tables of dbt that differ from a rebuild from nothing, of `tables` compared."""

    hours: int
    hours_per_run: int
    seed: int
    disk: str
    course: Course
    faults: Mapping[FaultKind, int]
    unmet: list[str]
    rows: Reconciliation
    asked: AskedCalls
    tables: int
    rebuilt: list[str]
    elapsed_s: float
    cpu_s: float
    cores: int
    growth: list[Growth] = field(default_factory=list)

    def discrepancies(self) -> list[str]:
        found = [*self.course.unexplained, *self.unmet, *self.rows.differences, *self.asked.differences]
        found += [f"{table} differs from a rebuild from nothing" for table in self.rebuilt]
        if self.hours >= GROWTH_COUNTS_FROM:
            found += [
                f"memory of {one.name} grew by {one.share:.1%}"
                for one in self.growth
                if one.name != "code" and one.share > MOST_GROWTH
            ]
        return found

    def lines(self) -> Iterator[str]:
        """The table, in Markdown."""
        yield "| soak | found |"
        yield "|---|---|"
        for name, found in (*self._course(), *self._rows(), *self._memory()):
            yield f"| {name} | {found} |"
        yield f"| discrepancies | {len(self.discrepancies())} |"

    def _course(self) -> Iterator[tuple[str, str]]:
        course = self.course
        yield "hours, seed", f"{self.hours}, {self.hours_per_run} in a run, seed {self.seed}"
        yield (
            "time",
            f"{self.elapsed_s / 60:.1f} min on {self.cores} cores, processor time {self.cpu_s / 60:.1f} min",
        )
        yield "faults", _counts(self.faults)
        if FaultKind.FULL_DISK in self.faults:
            yield "the full disk", self.disk
        yield "runs launched", f"{course.launched:,}"
        yield "of them again after", _counts(course.launched_again)
        yield "runs that Dagster started again", f"{course.retried_by_dagster:,}"
        yield "services that ended by themselves", ", ".join(course.restarts) or "none"
        yield "times that the webserver gave no answer", f"{course.silences:,}"

    def _rows(self) -> Iterator[tuple[str, str]]:
        rows, asked = self.rows, self.asked
        yield "planned calls", f"{rows.planned:,}"
        yield "archived", f"{rows.archived:,}, of them {rows.answered:,} answered"
        yield "loaded", f"{rows.loaded:,}"
        yield "answers scored", f"{rows.scored:,}"
        yield "calls in the marts", f"{rows.resolved:,}"
        yield "in the marts by hour", f"{rows.reliability_planned:,} planned, {rows.scored_in_marts:,} scored"
        yield "gaps by reason", _counts(rows.gaps)
        yield "requests at the models", f"{asked.requests:,}, of them {asked.answered:,} answered"
        yield "journalled when a fault struck", f"{asked.kept:,} answers"
        yield "asked for again, on their way when a run was cut off", f"{asked.asked_again:,}"
        yield "tables equal to a rebuild from nothing", f"{self.tables - len(self.rebuilt)} of {self.tables}"

    def _memory(self) -> Iterator[tuple[str, str]]:
        for one in self.growth:
            yield f"memory of the {one.name}", f"{one.before_mb:.0f} to {one.after_mb:.0f} MB ({one.share:+.1%})"


def _counts(counts: Mapping[FaultKind, int] | Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "none"
