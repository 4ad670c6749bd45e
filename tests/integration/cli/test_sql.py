"""`sql`: questions from an argument, a file and standard input; rows to the terminal and to files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import RunAibaas


def test_questions_are_answered_from_wherever_they_come(aibaas: RunAibaas, tmp_path: Path) -> None:
    assert aibaas("migrate").returncode == 0
    argument = aibaas("sql", "select 6 * 7 as product")
    assert argument.returncode == 0, argument.stderr
    assert "42" in argument.stdout

    (tmp_path / "question.sql").write_text("select count(*) as answers from answers;")
    assert "0" in aibaas("sql", "--file", str(tmp_path / "question.sql")).stdout
    assert "43" in aibaas("sql", typed="select 43").stdout

    for suffix, read in ((".csv", pl.read_csv), (".parquet", pl.read_parquet)):
        path = tmp_path / f"rows{suffix}"
        written = aibaas("sql", "select 1 as a, 'x' as b union all select 2, 'y' order by 1", "--output", str(path))
        assert (written.returncode, written.stdout) == (0, "")
        assert read(path).rows() == [(1, "x"), (2, "y")]


def test_a_mistake_is_one_line(aibaas: RunAibaas, tmp_path: Path) -> None:
    assert aibaas("migrate").returncode == 0
    for arguments, reason in (
        (("selec",), "syntax error"),
        (("select 1", "--output", str(tmp_path / "rows.xlsx")), "rows.xlsx: rows are written as .csv or .parquet"),
    ):
        refused = aibaas("sql", *arguments)
        assert refused.returncode == 2
        assert reason in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
