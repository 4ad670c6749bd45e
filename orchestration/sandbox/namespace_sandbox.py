"""A sandbox of cells: each run a fork of a zygote in namespaces of its own, behind Landlock and seccomp.

Not here: what a run asks of a cell (orders), the zygotes (zygote_pool), watching (watching), what an end means
(outcomes), the proof of the level (self_test).
"""

from __future__ import annotations

import contextlib
import os
import weakref
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self, TypeVar

from orchestration.sandbox.interface import (
    AssertsResult,
    AssertsRun,
    CallResult,
    FunctionResult,
    FunctionRun,
    ProgramResult,
    ProgramRun,
    QueryResult,
    QueryRows,
    QueryRun,
)
from orchestration.sandbox.orders import asserts_orders, function_order, program_order, query_order
from orchestration.sandbox.outcomes import asserts_result, function_result, program_result, query_result
from orchestration.sandbox.profiles import Layers, MissingProgramError, Profile
from orchestration.sandbox.self_test import Proof, prove
from orchestration.sandbox.text import OF_THE_HOST
from orchestration.sandbox.watching import ended, watch
from orchestration.sandbox.zygote import StartError
from orchestration.sandbox.zygote_pool import ZygotePool
from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.sandbox.interface import Outcome, QueryServer
    from orchestration.sandbox.orders import Order
    from orchestration.sandbox.profiles import Level, ProfileName
    from orchestration.sandbox.watching import Ended
    from orchestration.sandbox.zygote import Cell, Zygote

Result = TypeVar("Result")

START_TRIES: Final = 3
FOR_LEVEL_B: Final = frozenset({"python", "query"})
"""What needs neither processes nor files."""


class RefusedError(Exception):
    """This machine does not give the isolation that a run needs."""


class NamespaceSandbox:
    """See the docstring of `Sandbox` for the contract."""

    def __init__(
        self,
        *,
        level: Level | None = None,
        layers: Layers | None = None,
        slots: int | None = None,
        postgresql: QueryServer | None = None,
    ) -> None:
        """`level` and `layers` are for tests: by default the strongest level that this machine allows, with all of it.

        `slots` is how many runs go at once, by default as many as there are processors. `postgresql` answers queries
        for that engine and is closed with the sandbox.
        """
        self._postgresql = postgresql
        self._wanted = level
        self._layers = layers or Layers()
        self._pool = ZygotePool(slots)
        self._end = weakref.finalize(self, self._pool.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process of the sandbox, runs that are under way included."""
        self._end()
        if self._postgresql is not None:
            self._postgresql.close()

    @cached_property
    def proof(self) -> Proof:
        """Which level holds here, shown by trying, once."""
        return prove(self._once, self._wanted, self._layers)

    @property
    def level(self) -> str:
        return self.proof.level or "none"

    def proven(self) -> Self:
        """Itself. Raises OperatorError with the way to isolation when no level holds, so that nothing is begun."""
        if self.proof.level is None:
            self.close()
            raise OperatorError(self.proof.reason)
        return self

    def call_function(self, run: FunctionRun) -> FunctionResult:
        def nothing(outcome: Outcome, reason: str) -> FunctionResult:
            values = tuple(CallResult(outcome=outcome) for _ in run.calls)
            return FunctionResult(outcome=outcome, reason=reason, values=values)

        return self._run(lambda: function_result(self._end_of(function_order(run)), len(run.calls)), nothing)

    def run_program(self, run: ProgramRun) -> ProgramResult:
        def nothing(outcome: Outcome, reason: str) -> ProgramResult:
            return ProgramResult(outcome=outcome, reason=reason)

        return self._run(lambda: program_result(self._end_of(program_order(run))), nothing)

    def run_asserts(self, run: AssertsRun) -> AssertsResult:
        def nothing(outcome: Outcome, reason: str) -> AssertsResult:
            return AssertsResult(outcome=outcome, reason=reason)

        return self._run(lambda: asserts_result(*self._ends_of(*asserts_orders(run))), nothing)

    def run_query(self, run: QueryRun) -> QueryResult:
        def nothing(outcome: Outcome, reason: str) -> QueryResult:
            results = tuple(QueryRows(outcome=outcome) for _ in run.setups)
            return QueryResult(outcome=outcome, reason=reason, results=results)

        if run.engine == "postgresql":
            if self._postgresql is None:
                return nothing("refused", "this sandbox was given no PostgreSQL server")
            return self._postgresql.run_query(run)
        return self._run(lambda: query_result(self._end_of(query_order(run)), len(run.setups)), nothing)

    def _end_of(self, order: Order) -> Ended:
        profile = self._profile(order.profile)
        return again(lambda: self._once(profile, order))

    def _ends_of(self, candidate: Order, judge: Order) -> tuple[Ended, Ended]:
        profile = self._profile(candidate.profile)
        return again(lambda: self._pair(profile, candidate, judge))

    def _run(self, attempt: Callable[[], Result], nothing: Callable[[Outcome, str], Result]) -> Result:
        """What `attempt` gives, or `nothing` with its reason when the machine does not let it begin."""
        try:
            return attempt()
        except RefusedError as error:
            return nothing("refused", str(error))
        except (MissingProgramError, StartError) as error:
            return nothing("infrastructure", OF_THE_HOST.line(str(error)))

    def _profile(self, name: ProfileName) -> Profile:
        """Raises RefusedError when this machine does not give the isolation that such cells need."""
        level = self.proof.level
        if level is None:
            raise RefusedError(self.proof.reason)
        if level == "B" and name not in FOR_LEVEL_B:
            raise RefusedError(f"{name} needs level A: {self.proof.reason}")
        return Profile(name, level, self._layers)

    def _once(self, profile: Profile, order: Order, look: Callable[[int], None] | None = None) -> Ended:
        """One cell from its fork to its end. `look` is called with its pidfd while it runs.

        Raises StartError when it never was ready, MissingProgramError when its program is missing.
        """
        with self._pool.turn(), self._pool.lend(profile) as zygote, contextlib.ExitStack() as stack:
            cell = zygote.fork(stack, order)
            watch([cell], cell, look)
            return ended(cell, order)

    def _pair(self, profile: Profile, candidate: Order, judge: Order) -> tuple[Ended, Ended]:
        """The ends of two cells that speak to each other over two pipes; the candidate's is ended with the judge's."""
        with (
            self._pool.turn(),
            self._pool.lend(profile) as one,
            self._pool.lend(profile) as other,
            contextlib.ExitStack() as stack,
        ):
            cells = fork_pair(stack, one, other, candidate, judge)
            watch(cells, cells[1])
            return ended(cells[0], candidate), ended(cells[1], judge)


def fork_pair(
    stack: contextlib.ExitStack, one: Zygote, other: Zygote, candidate: Order, judge: Order
) -> tuple[Cell, Cell]:
    """Two cells, each with an end of the same two pipes as descriptors 5, from the other, and 6, to it."""
    with contextlib.ExitStack() as given:
        to_judge, to_candidate = wire(given), wire(given)
        return (
            one.fork(stack, candidate, (to_candidate[0], to_judge[1])),
            other.fork(stack, judge, (to_judge[0], to_candidate[1])),
        )


def again(attempt: Callable[[], Result]) -> Result:
    """What `attempt` gives, tried again on fresh zygotes when the machine failed."""
    for _ in range(START_TRIES - 1):
        with contextlib.suppress(StartError):
            return attempt()
    return attempt()


def wire(stack: contextlib.ExitStack) -> tuple[int, int]:
    """The two ends of a pipe, both for cells."""
    ends = os.pipe2(os.O_CLOEXEC)
    for end in ends:
        stack.callback(os.close, end)
    return ends
