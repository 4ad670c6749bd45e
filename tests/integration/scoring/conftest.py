"""Scenarios of one grader each, written to disk and loaded as any other."""

from __future__ import annotations

import itertools
import uuid
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from scenarios.loader import load_scenario
from scenarios.variants import Variant, instantiate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

COMMENT = {"python": "# {}", "sql": "-- {}", "bash": "# {}", "javascript": "// {}", "text": "<!-- {} -->"}
NO_FILES: Mapping[str, str] = MappingProxyType({})
EXTENSION = {"python": "py", "sql": "sql", "bash": "sh", "javascript": "js", "text": "md"}


@pytest.fixture
def variant_of(tmp_path: Path) -> Callable[..., Variant]:
    """`variant_of(kind, answer, checks, files={...}, limits={...})` is the public variant of a fresh scenario."""
    numbers = itertools.count(1)

    def make(
        kind: str,
        answer: dict[str, Any],
        checks: list[dict[str, Any]],
        files: Mapping[str, str] = NO_FILES,
        **fields: Any,
    ) -> Variant:
        name = f"probe-{next(numbers)}"
        folder = tmp_path / "core" / "bug-fixing" / name
        (folder / "tests").mkdir(parents=True)
        (folder / "solutions").mkdir()
        language = answer.get("language", "text")
        definition = {
            "id": f"bug-fixing/{name}",
            "version": 1,
            "title": "A probe",
            "family": "bug-fixing",
            "difficulty": "easy",
            "licence": "MIT",
            "created": "2026-11-23",
            "canary": f"aibaas-canary-{uuid.uuid4()}",
            "max_output_tokens": 500,
            "answer": answer,
            "grader": {"kind": kind},
            **fields,
        }
        text = yaml.safe_dump(definition, sort_keys=False).replace("'2026-11-23'", "2026-11-23")
        (folder / "scenario.yaml").write_text(text)
        (folder / "prompt.md").write_text("Do it.\n")
        (folder / "tests" / "checks.yaml").write_text(
            f"# {definition['canary']}\n{yaml.safe_dump(checks, sort_keys=False)}"
        )
        for file, content in files.items():
            (folder / "tests" / file).write_text(content)
        for solution, score in (("reference", 10), ("wrong_a", 1), ("wrong_b", 2)):
            header = COMMENT[language].format(f"score: {score}")
            (folder / "solutions" / f"{solution}.{EXTENSION[language]}").write_text(f"{header}\n{solution}\n")
        return instantiate(load_scenario(folder))

    return make
