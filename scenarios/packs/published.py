"""What the sets of single Python functions share: prompts, and rows that hold a whole test.

Not here: one set's own fields (humaneval, mbpp, evalplus, quixbugs).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, get_args

from scenarios.packs.task import PackTask
from scenarios.schema import Licence

if TYPE_CHECKING:
    from scenarios.packs.rows import Row
    from scenarios.schema import Family, Language

LICENCES: Final[tuple[Licence, ...]] = get_args(Licence)


def slug_of(task_id: str) -> str:
    """`HumanEval/12` is `12`, `exercism-python/bottle-song` is `bottle-song`."""
    return re.sub(r"[^a-z0-9]+", "-", task_id.rpartition("/")[2].lower()).strip("-")


def licence_of(text: str) -> Licence | None:
    """The licence that a row names first, None for one that is not on the list."""
    return next((licence for licence in LICENCES if text.startswith(licence)), None)


def whole_row(row: Row, *, family: Family, source: str) -> PackTask | None:
    """A row with `tail` (a whole test), `reference`, and perhaps `pre`, `mutant`, `language`; None for other rows."""
    if "tail" not in row.fields:
        return None
    language: Language = "javascript" if row.text("language", default="python") == "javascript" else "python"
    licence = licence_of(row.text("licence", default="MIT"))
    if licence is None:
        raise row.error(f"the licence {row.text('licence')!r} is not one of {', '.join(LICENCES)}")
    mutant = row.text("mutant", default="")
    return PackTask(
        slug=slug_of(row.text("id", "task_id")),
        title=row.text("entry_point", "id", default="task"),
        family=family,
        language=language,
        prompt=asked(row.text("prompt"), language),
        entry=row.text("entry_point", default="") or None,
        pre=row.text("pre", default=""),
        tail=row.text("tail"),
        reference=row.text("reference"),
        wrong={"wrong_published": mutant} if mutant else {},
        licence=licence,
        source=row.text("licence", default=source),
    )


def asked(prompt: str, language: str) -> str:
    """A set's own prompt, with the form of the answer said."""
    name = {"python": "Python", "javascript": "JavaScript"}[language]
    shown = f"```{language}\n{prompt.strip()}\n```" if looks_like_code(prompt) else prompt.strip()
    return f"{shown}\n\nAnswer with one fenced {name} code block that contains the whole solution with its imports.\n"


def looks_like_code(prompt: str) -> bool:
    return re.search(r"^\s*(?:def |import |from |const |function |\"\"\"|/\*)", prompt, re.MULTILINE) is not None
