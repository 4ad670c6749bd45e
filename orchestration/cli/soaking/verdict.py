"""What a soak found, as the table that it prints, and whether it is good.

Not here: finding it (hours, storage.reconciliation, asked_calls).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.cli.soaking.memory import MOST_GROWTH, Growth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orchestration.cli.soaking.asked_calls import AskedCalls
    from orchestration.cli.soaking.fault_plan import FaultKind
    from orchestration.cli.soaking.hours import Course
    from orchestration.storage.reconciliation import Reconciliation

GROWTH_COUNTS_FROM = 48
"""Hours: a process that has lived for a few runs still grows into its work."""


@dataclass(slots=True)
class Verdict:
    """`rebuilt` are the tables of dbt that differ from a rebuild from nothing, of `tables` compared."""

    hours: int
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
        rows = self.rows
        yield "| soak | found |"
        yield "|---|---|"
        yield f"| hours, seed | {self.hours} by one run each, seed {self.seed} |"
        yield f"| time | {self.elapsed_s / 60:.1f} min; {self.cpu_s / 60:.1f} min of processor time; {self.cores} cores |"
        yield f"| faults | {', '.join(f'{count} × {kind}' for kind, count in sorted(self.faults.items())) or 'none'} |"
        yield f"| full disk | {self.disk} |"
        yield f"| runs | {self.course.launched} launched, of them {self._again()} again; Dagster retried {self.course.retried_by_dagster} |"
        yield f"| services that ended by themselves | {', '.join(self.course.restarts) or 'none'} |"
        yield f"| planned calls | {rows.planned:,} |"
        yield f"| archived | {rows.archived:,}, of them {rows.answered:,} answered |"
        yield f"| in raw.responses | {rows.loaded:,} |"
        yield f"| answers scored | {rows.scored:,} |"
        yield f"| calls in the marts | {rows.resolved:,}; by hour {rows.reliability_planned:,} planned, {rows.scored_in_marts:,} scored |"
        yield f"| gaps by reason | {', '.join(f'{reason} {count}' for reason, count in sorted(rows.gaps.items())) or 'none'} |"
        yield f"| requests at the models | {self.asked.requests:,}; {self.asked.answered:,} answered, {self.asked.asked_again.total()} of them asked for again |"
        yield f"| marts equal to a rebuild | {self.tables - len(self.rebuilt)} of {self.tables} tables |"
        for one in self.growth:
            yield f"| memory of {one.name}, second half | {one.before_mb:.0f} → {one.after_mb:.0f} MB ({one.share:+.1%}) |"
        yield f"| discrepancies | {len(self.discrepancies())} |"

    def _again(self) -> str:
        again = self.course.launched_again
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(again.items()))
        return f"{again.total()} ({told})" if told else "none"
