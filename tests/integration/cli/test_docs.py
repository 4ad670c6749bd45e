"""`docs`: one page that needs nothing beside it, and one line when it can't be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import RunAibaas


def test_the_warehouse_is_described_on_one_page(aibaas: RunAibaas, home: Path, tmp_path: Path) -> None:
    done = aibaas("docs")
    assert done.returncode == 0, done.stderr
    page = home / "dbt" / "docs.html"
    assert done.stdout == f"open {page} in a browser\n"
    text = page.read_text(encoding="utf-8")
    for said in ("fct_pairwise", "One row per target, suite version, family and window.", "GET /v1/leaderboard"):
        assert said in text

    refused = aibaas("docs", "--output", str(tmp_path / "nowhere" / "docs.html"))
    assert (refused.returncode, refused.stderr) == (2, f"aibaas: {tmp_path / 'nowhere'}: there is no such folder\n")
