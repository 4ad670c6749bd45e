"""Writes tasks of a public set as the folders of a pack, the same bytes every time.

Not here: reading the sets (the importers), nor which of the tasks hold (orchestration).
"""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scenarios.packs.task import PackTask

COMMENTS: Final = {"python": "#", "javascript": "//"}
EXTENSIONS: Final = {"python": "py", "javascript": "js"}
LONGEST_SOURCE: Final = 120
CREATED: Final = "1970-01-01"
"""Public sets are older than every target's training data; when exactly is not known here."""


def write_task(task: PackTask, home: Path) -> None:
    """One scenario folder. `home` is named for the pack."""
    folder = home / task.slug
    for part in ("tests", "solutions"):
        (folder / part).mkdir(parents=True)
    canary = canary_of(home.name, task)
    write(folder / "scenario.yaml", definition_of(task, home.name, canary))
    write(folder / "prompt.md", task.prompt)
    check = {"name": "the published test", "weight": 1, "pre": task.pre, "tail": task.tail}
    write(folder / "tests" / "checks.yaml", f"# {canary}\n{dumped([check])}")
    for name, text in {"reference": task.reference, **task.wrong}.items():
        header = "score: 10" if name == "reference" else "score: 0 - published as wrong"
        write(
            folder / "solutions" / f"{name}.{EXTENSIONS[task.language]}", f"{COMMENTS[task.language]} {header}\n{text}"
        )


def write_suite(home: Path, scenario_ids: Iterable[str]) -> None:
    """The suite of a pack, daily, in its only variant."""
    suite = {"name": home.name, "version": 1, "cadence": "daily", "scenario_ids": list(scenario_ids)}
    write(home / "suites.yaml", dumped({"suites": [suite]}))


def definition_of(task: PackTask, pack: str, canary: str) -> str:
    answer = {"kind": "code", "language": task.language, **({"entry": task.entry} if task.entry else {})}
    fields = {
        "id": f"{pack}/{task.slug}",
        "version": 1,
        "title": " ".join(task.title.split()) or task.slug,
        "family": task.family,
        "difficulty": "medium",
        "licence": task.licence,
        "source": " ".join(task.source.split())[:LONGEST_SOURCE].strip(),
        "created": CREATED,
        "canary": canary,
        "max_output_tokens": 2000,
        "answer": answer,
        "grader": {"kind": "asserts"},
        "limits": {"wall_s": task.wall_s, "memory_mb": 2048, "output_kb": 256},
    }
    return dumped(fields).replace(f"'{CREATED}'", CREATED)


def canary_of(pack: str, task: PackTask) -> str:
    """A canary that the task's own content makes, so that importing it again gives the same."""
    content = repr((pack, task.slug, task.prompt, task.pre, task.tail, task.reference))
    return f"aibaas-canary-{uuid.UUID(bytes=hashlib.sha256(content.encode()).digest()[:16], version=4)}"


def dumped(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110)


def write(file: Path, text: str) -> None:
    file.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
