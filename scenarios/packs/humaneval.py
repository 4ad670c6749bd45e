"""HumanEval (openai/human-eval, MIT): HumanEval.jsonl with task_id, prompt, canonical_solution, test, entry_point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenarios.packs.published import asked, slug_of, whole_row
from scenarios.packs.rows import read_rows
from scenarios.packs.task import PackTask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scenarios.packs.rows import Row

SOURCE: Final = "https://github.com/openai/human-eval"


def tasks(path: Path) -> Iterator[PackTask]:
    """Raises PackError for a file of another form."""
    for row in read_rows(path):
        yield whole_row(row, family="code-generation", source=SOURCE) or task_of(row)


def task_of(row: Row) -> PackTask:
    prompt, entry = row.text("prompt"), row.text("entry_point")
    return PackTask(
        slug=slug_of(row.text("task_id")),
        title=entry,
        prompt=asked(prompt, "python"),
        entry=entry,
        tail=f"\n\n{row.text('test')}\n\ncheck({entry})\n",
        reference=prompt + row.text("canonical_solution"),
        source=SOURCE,
    )
