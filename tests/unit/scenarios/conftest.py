"""A small valid catalogue on disk that a test breaks in one place.

Not here: the published catalogue; the contract tests read that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from scenarios.loader import load_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.loader import Catalogue

CANARY = "aibaas-canary-00000000-0000-4000-8000-00000000000{number}"

SCENARIO = f"""\
id: sql/count-rows
version: 1
title: Count the rows
family: sql
difficulty: easy
licence: MIT
created: 2026-11-23
canary: {CANARY.format(number=1)}
max_output_tokens: 200
answer: {{kind: code, language: sql}}
grader: {{kind: sql}}
parameters:
  table: [users, orders, visits]
  size:
    - {{count: 2, rows: "(1), (2)"}}
    - {{count: 3, rows: "(1), (2), (3)"}}
"""
PROMPT = "Count the rows of {{table}} in one SQL query.\n"
CHECKS = f"""\
# {CANARY.format(number=1)}
- name: rows
  weight: 3
  setup: rows.sql
  ordered: true
  expected:
    rows: [["{{{{size.count}}}}"]]
- name: none
  weight: 1
  setup: CREATE TABLE {{{{table}}}} (id INTEGER)
  ordered: false
  expected:
    columns: [n]
    rows: [[0]]
"""
FIXTURE = "CREATE TABLE {{table}} (id INTEGER);\nINSERT INTO {{table}} VALUES {{size.rows}};\n"
SUITES = """\
suites:
  - name: canary
    version: 1
    cadence: hourly
    scenario_ids:
      - sql/count-rows
"""
FILES = {
    "suites.yaml": SUITES,
    "core/sql/count-rows/scenario.yaml": SCENARIO,
    "core/sql/count-rows/prompt.md": PROMPT,
    "core/sql/count-rows/tests/checks.yaml": CHECKS,
    "core/sql/count-rows/tests/rows.sql": FIXTURE,
    "core/sql/count-rows/solutions/reference.sql": "-- score: 10\nSELECT count(*) AS n FROM {{table}}\n",
    "core/sql/count-rows/solutions/wrong_name.sql": "-- score: 7.5 - no name\nSELECT count(*) FROM {{table}}\n",
    "core/sql/count-rows/solutions/wrong_one.sql": "-- score: 0\nSELECT 1 AS n\n",
}


@dataclass(frozen=True)
class CatalogueFolder:
    """A catalogue whose files a test writes, edits and removes by their path below the root."""

    root: Path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, f"the test is out of date: {name} has no {old!r}"
        self.write(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        (self.root / name).unlink()

    def copy(self, source: str, target: str, *, canary: str, scenario_id: str) -> None:
        """A second scenario made of the first one."""
        for path in sorted((self.root / source).rglob("*")):
            if path.is_file():
                text = path.read_text(encoding="utf-8").replace(CANARY.format(number=1), canary)
                name = path.relative_to(self.root / source)
                self.write(f"{target}/{name}", text.replace("id: sql/count-rows", f"id: {scenario_id}"))

    def load(self, *, keep_going: bool = False) -> Catalogue:
        return load_catalogue(self.root, keep_going=keep_going)


@pytest.fixture
def folder(tmp_path: Path) -> CatalogueFolder:
    catalogue = CatalogueFolder(tmp_path / "scenarios")
    for name, content in FILES.items():
        catalogue.write(name, content)
    return catalogue
