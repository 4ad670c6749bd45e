"""Dialogues as the graders see them: the last word, the calls of tools, and how many of those were valid.

Not here: what a dialogue is and how tools answer (scenarios.dialogue).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orchestration.scoring.checking import Judged
from scenarios.dialogue import answers_of, holds, read, replayed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestration.scoring.interface import Grade, Scorer
    from scenarios.checks import ToolCallsCheck
    from scenarios.dialogue import ToolAnswer, Turn
    from scenarios.variants import Variant


@dataclass(frozen=True, slots=True)
class DialogueScorer:
    """A scorer of answers that can grade dialogues too: by their last word, with the calls counted beside the score."""

    scorer: Scorer

    @property
    def name(self) -> str:
        return self.scorer.name

    @property
    def version(self) -> int:
        return self.scorer.version

    def score(self, variant: Variant, answer: str) -> Grade:
        if variant.dialogue is None:
            return self.scorer.score(variant, answer)
        turns = turns_of(variant, answer)
        reads_turns = variant.scenario.grader.kind == "text"
        grade = self.scorer.score(variant, answer if reads_turns else (answers_of(turns) or [""])[-1])
        made = calls_made(variant, turns)
        return replace(grade, tool_call_count=len(made), valid_tool_call_count=sum(call.is_valid for call in made))


def turns_of(variant: Variant, answer: str) -> tuple[Turn, ...]:
    """The turns of a dialogue; any other answer is one turn."""
    return read(answer, is_dialogue=variant.dialogue is not None)


def calls_made(variant: Variant, turns: Sequence[Turn]) -> Sequence[ToolAnswer]:
    return () if variant.dialogue is None else replayed(variant.prompt, variant.dialogue, turns).answers


def judge_calls(check: ToolCallsCheck, made: Sequence[ToolAnswer]) -> Judged:
    wanted = [index for index, answer in enumerate(made) if answer.is_valid and is_counted(check, answer)]
    if len(wanted) < check.at_least or (check.at_most is not None and len(wanted) > check.at_most):
        return Judged(check, 0.0, "wrong", f"{len(wanted)} such calls")
    if wanted and check.after is not None and not is_called(check.after, made[: wanted[0]]):
        return Judged(check, 0.0, "wrong", f"{check.after} was not called before")
    return Judged(check, 1.0, "ok")


def is_counted(check: ToolCallsCheck, answer: ToolAnswer) -> bool:
    return (
        check.tool in {None, answer.call.tool}
        and holds(answer.arguments, check.arguments)
        and not any(holds(answer.arguments, other) for other in check.other_than)
    )


def is_called(tool: str, made: Sequence[ToolAnswer]) -> bool:
    return any(answer.is_valid and answer.call.tool == tool for answer in made)
