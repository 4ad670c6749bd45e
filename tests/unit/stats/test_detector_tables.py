"""The tables of the methodology come from the benchmark and go between its markers."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import pytest

from orchestration.settings import PROJECT_ROOT
from tests.benchmarks.detector_tables import BEGIN, END, ROWS, write_tables

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = argparse.Namespace(seed=5, null=2, events=3, insertions=4, rivals=6)
MEASURED = dict.fromkeys(ROWS, ("0.500", "0.1 to 0.9", ">= 0.9", False))
COMPARED = [("method", "-1.0: 6 h"), ("CUSUM", "0.05")]


def test_tables_take_the_place_of_the_older_ones_and_leave_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write_tables(page, MEASURED, COMPARED, OPTIONS)
    text = page.read_text()
    assert text.startswith(f"before\n{BEGIN}\n| | measured |")
    assert text.endswith(f"| CUSUM | 0.05 |\n{END}\nafter\n")
    assert "old" not in text
    assert "| 0.500 | 0.1 to 0.9 | ≥ 0.9: not met in this sample |" in text
    assert "benchmark --seed 5 --null 2 --events 3 --insertions 4 --rivals 6" in text
    write_tables(page, MEASURED, COMPARED, OPTIONS)
    assert page.read_text() == text


def test_a_page_without_a_place_for_them_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing\n")
    with pytest.raises(ValueError, match="no place"):
        write_tables(page, MEASURED, COMPARED, OPTIONS)


def test_the_methodology_has_the_place() -> None:
    text = (PROJECT_ROOT / "docs" / "methodology.md").read_text(encoding="utf-8")
    assert 0 < text.find(BEGIN) < text.find(END)
