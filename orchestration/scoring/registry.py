"""Which scorer grades which kind of scenario.

Not here: the scorers, one a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.scoring.asserts import AssertsScorer
from orchestration.scoring.function import FunctionScorer
from orchestration.scoring.program import ProgramScorer
from orchestration.scoring.sql import SqlScorer
from orchestration.scoring.tests import AnswerTestsScorer
from orchestration.scoring.text import TextScorer
from orchestration.scoring.tool_calls import DialogueScorer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.sandbox.interface import Sandbox
    from orchestration.scoring.interface import Scorer


def scorers(sandbox: Sandbox) -> Mapping[str, Scorer]:
    """One scorer for each grader kind, by its name."""
    every: tuple[Scorer, ...] = (
        FunctionScorer(sandbox),
        ProgramScorer(sandbox),
        SqlScorer(sandbox),
        TextScorer(),
        AssertsScorer(sandbox),
        AnswerTestsScorer(sandbox),
    )
    return {scorer.name: DialogueScorer(scorer) for scorer in every}
