"""MBPP (google-research, CC-BY-4.0): mbpp.jsonl, sanitized-mbpp.json with task_id, text or prompt, code, test_list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scenarios.packs.published import asked, whole_row
from scenarios.packs.rows import read_rows
from scenarios.packs.task import PackTask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scenarios.packs.rows import Row

SOURCE: Final = "https://github.com/google-research/google-research/tree/master/mbpp"


def tasks(path: Path) -> Iterator[PackTask]:
    """Raises PackError for a file of another form."""
    for row in read_rows(path):
        yield whole_row(row, family="code-generation", source=SOURCE) or task_of(row)


def task_of(row: Row) -> PackTask:
    tests = row.texts("test_list")
    if not tests:
        raise row.error("a row without test_list: is this the right set?")
    setup = [row.text("test_setup_code", default=""), *row.texts("test_imports")]
    number = str(row.fields.get("task_id", row.number))
    prompt = f"{row.text('prompt', 'text')}\n\nYour code should pass:\n\n" + "\n".join(tests)
    return PackTask(
        slug=re.sub(r"\D", "", number) or str(row.number),
        title=row.text("prompt", "text").split("\n")[0][:110].strip(),
        prompt=asked(prompt, "python"),
        tail="\n".join(["", *filter(None, setup), *tests, ""]),
        reference=row.text("code").replace("\r\n", "\n"),
        licence="CC-BY-4.0",
        source=SOURCE,
    )
