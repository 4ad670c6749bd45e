"""Scores answers that are one SQL query: its rows are compared outside the sandbox.

Not here: running the query (sandbox), nor the rules of equality (comparison).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orchestration.sandbox.interface import QueryRun
from orchestration.scoring.checking import Judged, grade_of, grade_of_no_answer, run_limits
from orchestration.scoring.comparison import Comparison, each_once
from orchestration.scoring.extraction import extract_code
from orchestration.scoring.resumption import run_all
from scenarios.checks import SqlCheck

if TYPE_CHECKING:
    from pydantic import JsonValue

    from orchestration.sandbox.interface import QueryResult, QueryRows, Sandbox
    from orchestration.sandbox.values import Value
    from orchestration.scoring.interface import Grade
    from scenarios.variants import Variant


@dataclass(frozen=True, slots=True)
class SqlScorer:
    sandbox: Sandbox
    name: str = "sql"
    version: int = 2

    def score(self, variant: Variant, answer: str) -> Grade:
        nothing = grade_of_no_answer(variant, answer)
        if nothing:
            return nothing
        extracted = extract_code(answer, language="sql")
        limits = run_limits(variant.scenario.limits)
        checks = [check for check in variant.checks if isinstance(check, SqlCheck)]
        run = QueryRun(extracted.code, tuple(check.setup for check in checks), limits)
        runs, results = all_databases(self.sandbox, run)
        judged = [judge(check, rows) for check, rows in zip(checks, results, strict=True)]
        return grade_of(judged, runs, is_format_ok=extracted.is_format_ok)


def all_databases(sandbox: Sandbox, run: QueryRun) -> tuple[list[QueryResult], list[QueryRows]]:
    """The result on every database, from as many runs as it took."""

    def run_from(start: int) -> tuple[QueryResult, tuple[QueryRows, ...], bool]:
        result = sandbox.run_query(replace(run, setups=run.setups[start:]))
        return result, result.results, True

    return run_all(len(run.setups), run_from)


def judge(check: SqlCheck, result: QueryRows) -> Judged:
    if result.outcome != "ok":
        return Judged(check, 0.0, result.outcome, result.reason)
    fault = first_fault(check, result)
    return Judged(check, 0.0, "wrong", fault) if fault else Judged(check, 1.0, "ok")


def first_fault(check: SqlCheck, result: QueryRows) -> str | None:
    """What differs first, without saying what was expected. Names of columns are compared without their case."""
    expected = check.expected
    if expected.columns is not None and not same_names(expected.columns, result.columns):
        return "other columns"
    if len(expected.rows) != len(result.rows):
        return f"another number of rows than expected: {len(result.rows)}"
    comparison = Comparison(check.tolerance, is_text_of_dates=True)
    if check.ordered:
        same = all(same_row(comparison, wanted, row) for wanted, row in zip(expected.rows, result.rows, strict=True))
        return None if same else "other rows, or another order"
    same = each_once(list(expected.rows), list(result.rows), lambda wanted, row: same_row(comparison, wanted, row))
    return None if same else "other rows"


def same_names(expected: tuple[str, ...], actual: tuple[str, ...]) -> bool:
    return [name.lower() for name in expected] == [name.lower() for name in actual]


def same_row(comparison: Comparison, expected: tuple[JsonValue, ...], actual: tuple[Value, ...]) -> bool:
    return len(expected) == len(actual) and all(itertools.starmap(comparison.equal, zip(expected, actual, strict=True)))
