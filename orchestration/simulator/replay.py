"""Sends recorded answers the way of live ones, through HTTP and a provider client, and compares our verdicts.

Not here: reading the files (recorded_files), grading (scoring), printing (cli).
"""

from __future__ import annotations

import asyncio
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat
from typing import TYPE_CHECKING, Literal

from orchestration.providers.failures import ProviderError
from orchestration.providers.interface import CompletionRequest
from orchestration.providers.target_file import Limits
from orchestration.providers.targets import Host, Target
from orchestration.scoring.published_tasks import grade_task_answer
from orchestration.simulator.recorded_models import RecordedModels
from orchestration.simulator.server import build_app
from orchestration.simulator.serving import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from orchestration.providers.interface import ProviderClient
    from orchestration.sandbox.interface import Sandbox
    from orchestration.simulator.recorded_files import RecordedAnswer, RecordedTask

CALLS_AT_ONCE = 16
MAX_OUTPUT_TOKENS = 8192
DEFINITION = re.compile(r"^(?:async +)?(?:def|function) +(?P<name>\w+)", re.MULTILINE)

Agreement = Literal["agrees", "explained", "disagrees", "no published verdict", "not judged"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One answer, what it was when it arrived, and our verdict: None with a reason when there is none."""

    recorded: RecordedAnswer
    is_unchanged: bool
    passed: bool | None
    reason: str

    @property
    def agreement(self) -> Agreement:
        """A disagreement is explained where the row carries a note about its published verdict."""
        if self.recorded.published is None:
            return "no published verdict"
        if self.passed is None:
            return "not judged"
        if self.passed == self.recorded.published:
            return "agrees"
        return "explained" if self.recorded.note else "disagrees"

    @property
    def explanation(self) -> str:
        """Why the verdicts differ, as far as it is known."""
        reasons = [self.reason or "every assertion held, in a process of its own"]
        if self.recorded.note:
            reasons.append(f"the data call the published verdict doubtful (note {self.recorded.note!r})")
        entry, first = self.recorded.task.entry, self.first_defined
        if entry and first and first != entry:
            reasons.append(f"`{first}` is defined before `{entry}`, and a judge may have called that one")
        return "; ".join(reasons)

    @property
    def first_defined(self) -> str | None:
        """The first function at the left edge of the answer."""
        found = DEFINITION.search(self.recorded.text)
        return found["name"] if found else None


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one model, or of all. Agreement is a share of the answers that have a published verdict."""

    name: str
    answers: int
    compared: int
    agreeing: int
    explained: int
    unchanged: int

    @property
    def ratio(self) -> float | None:
        return self.agreeing / self.compared if self.compared else None

    @property
    def ratio_with_explained(self) -> float | None:
        return (self.agreeing + self.explained) / self.compared if self.compared else None


def tally(name: str, comparisons: Iterable[Comparison]) -> Tally:
    """An answer that could not be judged counts as compared and not agreeing."""
    rows = list(comparisons)
    agreements = [row.agreement for row in rows]
    return Tally(
        name=name,
        answers=len(rows),
        compared=len(rows) - agreements.count("no published verdict"),
        agreeing=agreements.count("agrees"),
        explained=agreements.count("explained"),
        unchanged=sum(row.is_unchanged for row in rows),
    )


def tallies(comparisons: Sequence[Comparison]) -> list[Tally]:
    """One tally per model in the order of the file, and the last one over all."""
    models = dict.fromkeys(row.recorded.model for row in comparisons)
    by_model = [tally(model, (row for row in comparisons if row.recorded.model == model)) for model in models]
    return [*by_model, tally("all", comparisons)]


def replay(
    answers: Sequence[RecordedAnswer],
    client: ProviderClient,
    sandbox: Sandbox,
    progress: Callable[[int], None] = lambda _count: None,
) -> list[Comparison]:
    """Serves the answers on a free port, asks for each through `client`, grades what arrives in `sandbox`.

    `progress` is called with the number of answers judged so far.
    """
    with serving(build_app(RecordedModels(answers))) as url:
        arrived = asyncio.run(_ask_all(client, url, answers))
    comparisons = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for row in pool.map(_compared, answers, arrived, repeat(sandbox)):
            comparisons.append(row)
            progress(len(comparisons))
    return comparisons


async def _ask_all(client: ProviderClient, url: str, answers: Sequence[RecordedAnswer]) -> list[str | ProviderError]:
    """The text that arrived for each answer, in order, or why none did."""
    turn = asyncio.Semaphore(CALLS_AT_ONCE)

    async def ask(answer: RecordedAnswer) -> str | ProviderError:
        request = CompletionRequest(answer.prompt, MAX_OUTPUT_TOKENS, datetime.now(UTC))
        async with turn:
            try:
                return (await client.complete(_target(url, answer.model), request)).text
            except ProviderError as error:
                return error

    async with client:
        return await asyncio.gather(*(ask(answer) for answer in answers))


def _target(url: str, model: str) -> Target:
    host = Host(
        name="recorded",
        provider="recorded",
        address="recorded",
        protocol="openai",
        base_url=url,
        api_key=None,
        is_simulated=False,
        is_streamed=True,
        price_source="none",
        limits=Limits(),
    )
    return Target(
        target_id=f"recorded-{model}",
        label=model,
        provider=host.provider,
        model=model,
        host=host,
        route=None,
        quantisation=None,
        reasoning_effort=None,
        sampling={},
        lifecycle="active",
        successor=None,
        training_cutoff=None,
        is_open_weights=False,
        disabled_reason=None,
    )


def _compared(recorded: RecordedAnswer, arrived: str | ProviderError, sandbox: Sandbox) -> Comparison:
    if isinstance(arrived, ProviderError):
        return Comparison(recorded, is_unchanged=False, passed=None, reason=f"no answer: {arrived.code}: {arrived}")
    verdict = grade_task_answer(_row_of(recorded.task), arrived, sandbox)
    return Comparison(recorded, arrived == recorded.text, verdict.passed, verdict.reason)


def _row_of(task: RecordedTask) -> dict[str, str | float | None]:
    return {
        "language": task.language,
        "entry_point": task.entry,
        "prompt": task.prompt,
        "pre": task.before,
        "tail": task.after,
        "timeout_s": task.timeout_s,
    }
