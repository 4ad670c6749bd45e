"""What a scorer is and what it says about an answer.

Not here: the scorers themselves, one a file, nor which one a scenario wants (registry).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from orchestration.records import CheckResult
    from orchestration.sandbox.interface import Outcome
    from scenarios.variants import Variant

REFUSAL = "refusal"
EMPTY = "empty"
UNCHANGED = "unchanged"
INFRASTRUCTURE = "infrastructure"
REFUSED = "refused"
UNKNOWN_SCENARIO = "unknown_scenario"
GRADER_FAILED = "grader_failed"
ANSWER_GONE = "answer_gone"


class GradeKey(NamedTuple):
    """Two answers with the same key have the same grade: grading is deterministic."""

    scenario_id: str
    scenario_version: int
    variant_seed: int
    answer_sha256: str
    scorer: str
    scorer_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What one answer is worth: 0-10, or None with a `reason` when it could not be graded.

    `reason` of a number says why it is 0 without a check having failed (`refusal`, `empty`, `unchanged`), else None.
    `reference_overlap` and `has_canary` are those of scoring.overlap, None until they are measured.
    Of a dialogue the calls of tools are counted, and those that the tool could be asked; None where there are none.
    `outcome` is `ok` when every check passed, the sandbox's word for what ended the first failed check, or `wrong`.
    """

    score: float | None
    outcome: Outcome
    reason: str | None = None
    is_refusal: bool = False
    is_format_ok: bool = True
    checks: tuple[CheckResult, ...] = ()
    wall_ms: float | None = None
    peak_memory_kb: int | None = None
    tool_call_count: int | None = None
    valid_tool_call_count: int | None = None
    reference_overlap: float | None = None
    has_canary: bool | None = None


class Scorer(Protocol):
    """Grades the answers to one kind of scenario; `version` rises with every change that can change a grade."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    def score(self, variant: Variant, answer: str) -> Grade:
        """Never raises for what the answer holds; ValueError for a variant of another kind."""
        ...
