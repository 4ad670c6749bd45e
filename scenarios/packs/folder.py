"""A task as the files that every scenario has, the same bytes for the same task.

Not here: where packs lie and how one takes another's place (placing), nor whether a task holds (orchestration.scoring).
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import yaml

from scenarios.errors import CatalogueError
from scenarios.loader import EXTENSION_OF
from scenarios.marked_yaml import CONSTANTS, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scenarios.packs.task import Task

MAX_OUTPUT_TOKENS: Final = 4000
LIMITS: Final = {"wall_s": 4, "memory_mb": 1024}
"""A mutant that hangs ends within the 5 s that a proof allows; the largest published test takes 300 MB."""

PUBLISHED: Final = "the published test"
COMMENT_OF: Final = {"python": "#", "javascript": "//"}
PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_/.-]*")
BREAKS_OF_YAML: Final = re.compile("[\r\x85\u2028\u2029\ufeff]")
"""What a block of YAML text would take for the end of a line, or drop."""


class _Dumper(yaml.SafeDumper):
    """Writes texts so that the catalogue's stricter reader takes them for texts, and long ones as blocks."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature of yaml
        return True


def _represented(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text and not BREAKS_OF_YAML.search(text) else '"'
    if PLAIN.fullmatch(text) and text not in CONSTANTS:
        style = ""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style or None)


_Dumper.add_representer(str, _represented)


def yaml_text(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9)


def files_of(task: Task, pack: str, version: int) -> dict[str, str]:
    """The scenario's files by their path in its folder."""
    canary = canary_of(task, pack)
    extension, comment = EXTENSION_OF[task.language], COMMENT_OF[task.language]
    files = {
        "scenario.yaml": yaml_text(definition_of(task, pack, version, canary)),
        "prompt.md": task.prompt,
        "tests/checks.yaml": f"# {canary}\n{yaml_text(checks_of(task))}",
        f"solutions/reference{extension}": f"{comment} score: 10 - the published solution\n{ended(task.reference)}",
    }
    if task.wrong is not None:
        text = f"{comment} score: 0 - the published bug\n{ended(task.wrong)}"
        files[f"solutions/wrong_published_bug{extension}"] = text
    return files


def checks_of(task: Task) -> list[dict[str, Any]]:
    """The published test; where there is a derived check, it counts a fifth for an answer that passes that test."""
    if task.derived is None:
        return [{"name": PUBLISHED, "weight": 1, **task.check}]
    return [
        {"name": PUBLISHED, "weight": 8, **task.check},
        {"name": "derived inputs", "weight": 2, "needs": [PUBLISHED], **task.derived},
    ]


def definition_of(task: Task, pack: str, version: int, canary: str) -> dict[str, Any]:
    entry = {} if task.entry is None else {"entry": task.entry}
    return {
        "id": f"{pack}/{task.slug}",
        "version": version,
        "title": task.title,
        "family": task.family,
        "difficulty": "medium",
        "licence": task.licence,
        "source": task.source,
        "created": task.created,
        "canary": canary,
        "max_output_tokens": MAX_OUTPUT_TOKENS,
        "answer": {"kind": "code", "language": task.language, **entry},
        "grader": {"kind": task.grader},
        "limits": LIMITS,
    }


def canary_of(task: Task, pack: str) -> str:
    """A canary that follows from the task: importing again must not make a new one."""
    published = {name: value for name, value in asdict(task).items() if name != "derived"}
    content = json.dumps([pack, {**published, "created": str(task.created)}], sort_keys=True)
    return f"aibaas-canary-{uuid.UUID(bytes=sha256(content.encode()).digest()[:16], version=4)}"


def ended(code: str) -> str:
    return code.rstrip("\n") + "\n"


def write_scenario(folder: Path, task: Task, pack: str, before: Path) -> None:
    """Write the task into `folder`. `before` is where the pack had it: what has changed since is a new version."""
    for name, text in files_of(task, pack, version_of(task, pack, before)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def version_of(task: Task, pack: str, before: Path) -> int:
    known = number_in(before / "scenario.yaml", "version")
    if known is None:
        return 1
    is_same = all(has_text(before / name, text) for name, text in files_of(task, pack, known).items())
    return known if is_same else known + 1


def has_text(file: Path, text: str) -> bool:
    return file.is_file() and file.read_bytes() == text.encode()


def number_in(file: Path, *keys: str | int) -> int | None:
    """A number of a YAML file, None where the file has none or can't be read."""
    try:
        value = parse(file, file.read_text(encoding="utf-8")).value
        for key in keys:
            value = value[key]
    except (OSError, UnicodeDecodeError, CatalogueError, LookupError, TypeError):
        return None
    return value if isinstance(value, int) else None


def suites_text(pack: str, versions: Mapping[str, int], before: Path) -> str:
    """suites.yaml of a pack; another set of scenario versions than that of `before` is a new version of the suite."""
    known = number_in(before / "suites.yaml", "suites", 0, "version")
    if known is None:
        return suite_text(pack, sorted(versions), 1)
    is_same = has_text(before / "suites.yaml", suite_text(pack, sorted(versions), known)) and all(
        number_in(before / scenario_id.partition("/")[2] / "scenario.yaml", "version") == version
        for scenario_id, version in versions.items()
    )
    return suite_text(pack, sorted(versions), known if is_same else known + 1)


def suite_text(pack: str, scenario_ids: Sequence[str], version: int) -> str:
    suite = {"name": pack, "version": version, "cadence": "daily", "scenario_ids": list(scenario_ids)}
    return yaml_text({"suites": [suite]})
