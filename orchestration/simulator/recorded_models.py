"""Real models by what they once answered: each prompt of the recording brings that answer, word for word.

Not here: reading the recording (recorded_files), HTTP (server).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from orchestration.simulator.exchange import Answer, Call, Failure, ListedModel, Moment, unknown_model
from orchestration.simulator.questions import normalised
from orchestration.simulator.tokens import count_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orchestration.simulator.recorded_files import RecordedAnswer


class RecordedModels:
    """A ModelHost that knows the answers of a recording and nothing else."""

    def __init__(self, answers: Iterable[RecordedAnswer]) -> None:
        self._answers: dict[str, dict[str, RecordedAnswer]] = defaultdict(dict)
        for answer in answers:
            known = self._answers[answer.model]
            known[normalised(answer.prompt)] = answer
            known.setdefault(normalised(answer.task.prompt), answer)

    def models(self) -> Sequence[ListedModel]:
        return [ListedModel(name, datetime.fromtimestamp(0, UTC), ()) for name in self._answers]

    def reply(self, call: Call, moment: Moment) -> Answer | Failure:  # noqa: ARG002 - recordings have no time
        if call.model not in self._answers:
            return unknown_model(call.model)
        recorded = self._find(call.model, "\n".join(call.texts))
        if recorded is None:
            message = f"There is no recorded answer of `{call.model}` to this prompt."
            return Failure(404, "invalid_request_error", "no_recorded_answer", message)
        return _answer(recorded, call)

    def _find(self, model: str, text: str) -> RecordedAnswer | None:
        """The answer to the prompt that `text` is, or to the longest one that it contains."""
        known, asked = self._answers[model], normalised(text)
        if asked in known:
            return known[asked]
        contained = max((prompt for prompt in known if prompt in asked), key=len, default=None)
        return None if contained is None else known[contained]


def _answer(recorded: RecordedAnswer, call: Call) -> Answer:
    return Answer(
        identity=blake2b(f"{recorded.model}|{recorded.prompt}".encode(), digest_size=15).hexdigest(),
        text=recorded.text,
        finish_reason="stop",
        input_tokens=sum(count_tokens(text) for text in call.texts),
        output_tokens=count_tokens(recorded.text),
        reasoning_tokens=0,
        served_model=recorded.model,
        fingerprint="fp_recorded",
        started_after_s=0.0,
        first_token_ms=0.0,
        latency_ms=0.0,
    )
