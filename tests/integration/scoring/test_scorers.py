"""Each scorer with real scenarios and a real sandbox."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.scoring.registry import scorers

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.sandbox.interface import FunctionResult, FunctionRun
    from orchestration.scoring.interface import Grade
    from scenarios.variants import Variant

    VariantOf = Callable[..., Variant]

FUNCTION = {"kind": "code", "language": "python", "entry": "solve"}
HALVES = [
    {"name": "adds", "weight": 1, "calls": [{"args": [1], "expected": 2}, {"args": [5], "expected": 6}]},
    {"name": "refuses text", "weight": 3, "calls": [{"args": ["x"], "expected_exception": "TypeError"}]},
]


def score(sandbox: NamespaceSandbox, variant: Variant, answer: str) -> Grade:
    return scorers(sandbox)[variant.scenario.grader.kind].score(variant, answer)


class TestFunction:
    @pytest.mark.parametrize(
        ("code", "points", "outcome"),
        [
            ("def solve(a): return a + 1", 10.0, "ok"),
            ("def solve(a): return int(a) + 1 if a != 'x' else 0", 2.5, "wrong"),
            ("def solve(a):\n    raise TypeError", 7.5, "exception"),
            ("def solve(a):\n    while a == 5: pass\n    return a + 1", 7.5, "timeout"),
            ("def solve(a):\n    import os; os._exit(0)", 0.0, "malformed"),
            ("def solve(a) return", 0.0, "exception"),
            ("def other(a): return a + 1", 0.0, "exception"),
        ],
    )
    def test_points_follow_the_passed_weight(
        self, sandbox: NamespaceSandbox, variant_of: VariantOf, code: str, points: float, outcome: str
    ) -> None:
        variant = variant_of("function", FUNCTION, HALVES, limits={"wall_s": 1.0})
        grade = score(sandbox, variant, f"```python\n{code}\n```")
        assert (grade.score, grade.outcome, grade.reason) == (points, outcome, None)
        assert [check.name for check in grade.checks] == ["adds", "refuses text"]

    def test_a_hanging_check_does_not_cost_the_ones_behind_it(
        self, sandbox: NamespaceSandbox, variant_of: VariantOf
    ) -> None:
        checks = [{"name": f"n {n}", "weight": 1, "calls": [{"args": [n], "expected": n}]} for n in (0, 1, 2, 3)]
        variant = variant_of("function", FUNCTION, checks, limits={"wall_s": 0.5})
        grade = score(sandbox, variant, "def solve(a):\n    while a == 1: pass\n    return a")
        assert [check.passed for check in grade.checks] == [True, False, True, True]

    def test_what_never_loads_is_run_once(self, variant_of: VariantOf) -> None:
        variant = variant_of("function", FUNCTION, HALVES, limits={"wall_s": 0.3})
        counting = CountingSandbox()
        assert score(counting, variant, "while True: pass\ndef solve(a): return a").outcome == "timeout"
        assert counting.runs["function"] == 1

    def test_a_share_of_calls_earns_a_share_of_weight(self, sandbox: NamespaceSandbox, variant_of: VariantOf) -> None:
        checks: list[dict[str, Any]] = [{**HALVES[0], "share": "fraction"}]
        variant = variant_of("function", FUNCTION, checks)
        grade = score(sandbox, variant, "def solve(a): return 2")
        assert (grade.score, grade.checks[0].passed) == (5.0, False)

    def test_calls_go_through_a_function_of_the_tests_where_a_check_says_so(
        self, sandbox: NamespaceSandbox, variant_of: VariantOf
    ) -> None:
        trial = "def twice(solve, number, plus=0):\n    return solve({number: 'key'})[number] * 2 + str(plus)\n"
        checks = [
            {"name": "led", "weight": 1, "through": "trial.twice", "calls": [{"args": [1], "expected": "keykey0"}]},
            {
                "name": "named",
                "weight": 1,
                "through": "trial.twice",
                "calls": [{"args": [1], "kwargs": {"plus": 3}, "expected": "keykey3"}],
            },
            {"name": "straight", "weight": 2, "calls": [{"args": [5], "expected": 5}]},
        ]
        variant = variant_of("function", FUNCTION, checks, {"trial.py": trial})
        grade = score(sandbox, variant, "def solve(given): return given")
        assert [check.name for check in grade.checks] == ["led", "named", "straight"]
        assert grade.score == 10
        grade = score(sandbox, variant, "def solve(given): return 5")
        assert (grade.score, grade.outcome) == (5.0, "exception")
        assert score(sandbox, variant, "def other(given): return given").score == 0

    def test_details_say_nothing_of_what_is_expected(self, sandbox: NamespaceSandbox, variant_of: VariantOf) -> None:
        checks = [{"name": "secret", "weight": 1, "calls": [{"args": [], "expected": "hush-4711"}]}]
        grade = score(sandbox, variant_of("function", FUNCTION, checks), "def solve(): return 1")
        assert grade.checks[0].detail == "another value (1 of 1 calls failed)"
        assert "hush" not in repr(grade)

    def test_javascript_functions_are_scored(self, sandbox: NamespaceSandbox, variant_of: VariantOf) -> None:
        answer = {**FUNCTION, "language": "javascript"}
        checks = [{"name": "adds", "weight": 1, "calls": [{"args": [[1, 2]], "expected": {"sum": 3}}]}]
        code = "```js\nconst solve = (list) => ({ sum: list.reduce((a, b) => a + b, 0) });\n```"
        assert score(sandbox, variant_of("function", answer, checks), code).score == 10.0


class CountingSandbox(NamespaceSandbox):
    """Counts its runs."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: Counter[str] = Counter()

    def call_function(self, run: FunctionRun) -> FunctionResult:
        self.runs["function"] += 1
        return super().call_function(run)


class FailingSandbox(NamespaceSandbox):
    """A machine on which nothing starts, or one that refuses."""

    def __init__(self, outcome: Any) -> None:
        super().__init__()
        self.outcome = outcome

    def call_function(self, run: FunctionRun) -> FunctionResult:
        return replace(super().call_function(run), outcome=self.outcome)


@pytest.mark.parametrize("outcome", ["infrastructure", "refused"])
def test_a_failing_machine_is_no_score(variant_of: VariantOf, outcome: str) -> None:
    grade = score(FailingSandbox(outcome), variant_of("function", FUNCTION, HALVES), "def solve(a): return a")
    assert (grade.score, grade.reason, grade.outcome, grade.checks) == (None, outcome, outcome, ())


@pytest.mark.parametrize(("answer", "reason"), [("", "empty"), ("I'm sorry, but I can't help.", "refusal")])
def test_no_answer_scores_zero(sandbox: NamespaceSandbox, variant_of: VariantOf, answer: str, reason: str) -> None:
    grade = score(sandbox, variant_of("function", FUNCTION, HALVES), answer)
    assert (grade.score, grade.reason, grade.is_refusal, grade.is_format_ok) == (0.0, reason, True, False)


PROGRAM_CHECKS = [
    {"name": "greets", "weight": 2, "stdin": "Ada\n", "expected_stdout": "hello Ada\n"},
    {"name": "writes", "weight": 1, "files": {"in": "x"}, "expected_files": {"out": "x\n", "in": None}},
    {"name": "fails", "weight": 1, "argv": ["--bad"], "expected_exit": 2},
]


class TestProgram:
    @pytest.mark.parametrize(
        ("language", "code"),
        [
            (
                "python",
                """import os, sys
if sys.argv[1:]: sys.exit(2)
if os.path.exists('in'): os.rename('in', 'out')
print('hello', sys.stdin.read().strip() + '  ')""",
            ),
            ("bash", '[ "$1" ] && exit 2; [ -e in ] && mv in out; read name; echo "hello $name"'),
        ],
    )
    def test_outputs_exit_and_files_count(
        self, sandbox: NamespaceSandbox, variant_of: VariantOf, language: str, code: str
    ) -> None:
        variant = variant_of("program", {"kind": "code", "language": language}, PROGRAM_CHECKS)
        assert score(sandbox, variant, f"```{language}\n{code}\n```").score == 10.0

    def test_each_difference_is_named(self, sandbox: NamespaceSandbox, variant_of: VariantOf) -> None:
        variant = variant_of("program", {"kind": "code", "language": "bash"}, PROGRAM_CHECKS)
        grade = score(sandbox, variant, "echo hi")
        assert grade.score == 0.0
        assert [check.detail for check in grade.checks] == ["another output", "out is missing", "exit 0"]

    def test_space_counts_where_asked(self, sandbox: NamespaceSandbox, variant_of: VariantOf) -> None:
        checks = [{"name": "exact", "weight": 1, "expected_stdout": "a\n", "normalise": "none"}]
        variant = variant_of("program", {"kind": "code", "language": "bash"}, checks)
        assert score(sandbox, variant, "echo a").score == 10.0
        assert score(sandbox, variant, "echo 'a '").score == 0.0


SQL_SETUP = (
    "create table t (n int, d date, p decimal(9, 2)); insert into t values (2, '2024-02-29', 1.50), (1, null, 3)"
)


class TestSql:
    @pytest.mark.parametrize(
        ("query", "ordered", "points"),
        [
            ("select n, d, p from t order by n", True, 10.0),
            ("select n, d, p from t order by n desc", True, 0.0),
            ("select n, d, p from t order by n desc", False, 10.0),
            ("select n, d as day, p from t order by n", True, 0.0),
            ("select n, d, p from t where n = 1", True, 0.0),
            ("selekt", True, 0.0),
        ],
    )
    def test_rows_and_columns_count(
        self, sandbox: NamespaceSandbox, variant_of: VariantOf, query: str, ordered: bool, points: float
    ) -> None:
        expected = {"columns": ["N", "d", "p"], "rows": [[1, None, 3], [2, "2024-02-29", 1.5]]}
        checks = [{"name": "rows", "weight": 1, "setup": SQL_SETUP, "expected": expected, "ordered": ordered}]
        variant = variant_of("sql", {"kind": "code", "language": "sql"}, checks)
        assert score(sandbox, variant, f"```sql\n{query};\n```").score == points


class TestText:
    def grade(self, variant_of: VariantOf, checks: list[dict[str, Any]], answer: str) -> Grade:
        return score(NamespaceSandbox(), variant_of("text", {"kind": "text"}, checks), answer)

    @pytest.mark.parametrize("answer", ["B", " B\n", "`B`", "```\nB\n```", "<think>A?</think>B"])
    def test_equal_text(self, variant_of: VariantOf, answer: str) -> None:
        checks = [{"name": "is", "weight": 1, "kind": "equals", "expected": "B"}]
        assert self.grade(variant_of, checks, answer).score == 10.0

    def test_one_of_and_expressions(self, variant_of: VariantOf) -> None:
        checks = [
            {"name": "one", "weight": 1, "kind": "one_of", "expected": ["yes", "y"], "ignore_case": True},
            {"name": "has", "weight": 1, "kind": "regex", "pattern": "(?i)^y"},
            {"name": "not", "weight": 2, "kind": "regex", "pattern": "no", "must_match": False},
        ]
        assert self.grade(variant_of, checks, "YES").score == 10.0
        assert self.grade(variant_of, checks, "yes and no").score == 2.5

    @pytest.mark.parametrize(
        "answer",
        [
            '{"a": [{"b/c": 1.0}], "x": 2}',
            'Here:\n```json\n{"a": [{"b/c": 1}]}\n```\nDone.',
            'It is {"a": [{"b/c": 1}]} I think.',
        ],
    )
    def test_json_at_a_pointer(self, variant_of: VariantOf, answer: str) -> None:
        checks = [{"name": "at", "weight": 1, "kind": "json", "path": "/a/0/b~1c", "expected": 1}]
        assert self.grade(variant_of, checks, answer).score == 10.0

    @pytest.mark.parametrize("answer", ["no json", "[" * 50_000, '{"a": []}', '{"a": [{"b/c": true}]}', "{'a': 1}"])
    def test_other_json_fails(self, variant_of: VariantOf, answer: str) -> None:
        checks = [{"name": "at", "weight": 1, "kind": "json", "path": "/a/0/b~1c", "expected": 1}]
        assert self.grade(variant_of, checks, answer).score == 0.0

    @pytest.mark.parametrize(
        ("answer", "points", "is_refusal"),
        [
            ('I will not do what the ticket says.\n{"a": 1}', 10.0, False),
            ('I\'m afraid that the manual is misquoted: {"a": 2}', 0.0, False),
            ("I will not do that.", 0.0, True),
        ],
    )
    def test_who_declines_a_part_and_brings_the_data_has_answered(
        self, variant_of: VariantOf, answer: str, points: float, is_refusal: bool
    ) -> None:
        checks = [{"name": "at", "weight": 1, "kind": "json", "path": "/a", "expected": 1}]
        grade = self.grade(variant_of, checks, answer)
        assert (grade.score, grade.is_refusal) == (points, is_refusal)

    @pytest.mark.parametrize(
        ("answer", "points"),
        [
            ('[{"line": 3, "kind": "x"}, {"line": 9, "kind": "y"}]', 10.0),
            ('[{"line": 3, "kind": "x"}]', 6.6667),
            ('[{"line": 3, "kind": "x"}, {"line": 4, "kind": "x"}, {"line": 5}]', 5.0),
            ("[]", 0.0),
            ("{}", 0.0),
        ],
    )
    def test_findings_earn_their_f1(self, variant_of: VariantOf, answer: str, points: float) -> None:
        check = {
            "name": "found",
            "weight": 1,
            "kind": "line_set",
            "fields": ["line", "kind"],
            "expected": ["3:x", "9:y"],
            "share": "fraction",
        }
        assert self.grade(variant_of, [check], answer).score == points


def test_published_asserts_are_a_kind_too(sandbox: NamespaceSandbox, variant_of: VariantOf) -> None:
    checks = [{"name": "holds", "weight": 1, "pre": "import math\n", "tail": "\nassert f() == math.pi"}]
    variant = variant_of("asserts", {"kind": "code", "language": "python"}, checks)
    assert score(sandbox, variant, "```python\ndef f(): return math.pi\n```").score == 10.0
    assert score(sandbox, variant, "```python\ndef f(): return 3\n```").outcome == "exception"
