"""Rows that carry their test ready to run: `pre`, the answer, `tail`; with `reference` and perhaps a `mutant`.

Not here: what is asked; each importer words its own prompt.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

from scenarios.schema import Licence

if TYPE_CHECKING:
    from scenarios.packs.rows import Row
    from scenarios.packs.task import Language


def is_prepared(row: Row) -> bool:
    return "tail" in row.fields


def prepared_check(row: Row) -> dict[str, Any]:
    tail, before = row.text("tail"), row.text("pre", default="")
    if not tail.strip():
        raise row.error("tail", "empty: the row has no test")
    return {"pre": before, "tail": tail} if before else {"tail": tail}


def language_of(row: Row) -> Language:
    language = row.text("language", default="python")
    if language == "python":
        return "python"
    if language == "javascript":
        return "javascript"
    raise row.error("language", f"{language!r} can't be graded: python or javascript")


def licence_of(row: Row, default: str) -> str:
    """The licence's name, which may be followed by whose it is. Raises CatalogueError for one that is not taken."""
    given = row.text("licence", "license", default=default).partition(" ")[0]
    if given not in get_args(Licence):
        raise row.error("licence", f"{given!r} is not on the list: {', '.join(get_args(Licence))}")
    return given


def source_of(row: Row, default: str) -> str:
    """The task's name and who published it: what the row says behind its licence, or the set's address."""
    remark = re.search(r"\((.+)\)$", row.text("licence", "license", default=""))
    return f"{row.name()} of {remark[1] if remark else default}"[:300]


def bug_of(row: Row) -> str | None:
    return row.text("mutant", default="") or None
