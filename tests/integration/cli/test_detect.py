"""`detect`: several series in one file, the same alarms when later hours are withheld, mistakes in one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from tests.support.drawn_runs import EVENTS, draw_runs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import RunAibaas

HAPPENING = {
    "a": "quality -1.0",
    "b": "latency x 3",
    "c": "cost x 1.3",
    "d": "incident -1.5 for 18 h",
}


def test_alarms_of_several_series_whole_and_truncated(aibaas: RunAibaas, tmp_path: Path) -> None:
    drawn = {name: draw_runs((78, number), EVENTS[event]) for number, (name, event) in enumerate(HAPPENING.items())}
    rows = pl.concat(runs.frame(name) for name, runs in drawn.items()).sample(fraction=1.0, shuffle=True, seed=4)
    rows.write_parquet(tmp_path / "runs.parquet")
    result = aibaas("detect", "--in", str(tmp_path / "runs.parquet"), "--out", str(tmp_path / "alarms.csv"))
    assert (result.returncode, result.stderr) == (0, "")
    assert "4 alarms in 4 series" in result.stdout
    whole = pl.read_csv(tmp_path / "alarms.csv")
    assert whole.columns == ["series_id", "metric", "raised_hour", "onset_hour", "sign", "resolved_hour"]
    assert whole.select("series_id", "metric", "sign").rows() == [
        ("a", "quality", -1), ("b", "latency", 1), ("c", "cost", 1), ("d", "quality", -1)
    ]  # fmt: skip
    for name, raised, onset in whole.select("series_id", "raised_hour", "onset_hour").iter_rows():
        event_hour = drawn[name].event_hour
        assert event_hour is not None
        assert 0 <= raised - event_hour <= 24
        assert abs(onset - event_hour) <= 6
    assert whole["resolved_hour"].is_null().to_list()[::3] == [True, False]

    until = int(whole["raised_hour"].median() or 0)  # type: ignore[arg-type]
    rows.filter(pl.col("hour") <= until).write_parquet(tmp_path / "early.parquet")
    aibaas("detect", "--in", str(tmp_path / "early.parquet"), "--out", str(tmp_path / "early.csv"))
    known = ["series_id", "metric", "raised_hour", "sign"]
    expected = whole.filter(pl.col("raised_hour") <= until).select(known)
    assert 0 < len(expected) < len(whole)
    assert pl.read_csv(tmp_path / "early.csv").select(known).equals(expected)


def test_mistakes_name_file_column_and_row(aibaas: RunAibaas, tmp_path: Path) -> None:
    rows = draw_runs((77, 0)).frame().head(100)
    bad = rows.with_columns(score_x10=pl.when(pl.int_range(pl.len()) == 41).then(500.0).otherwise("score_x10"))
    bad.write_parquet(tmp_path / "bad.parquet")
    rows.drop("version").write_parquet(tmp_path / "short.parquet")
    (tmp_path / "text.parquet").write_text("series_id,hour\n")
    rows.write_parquet(tmp_path / "good.parquet")
    for source, target, reason in (
        ("bad.parquet", "out.csv", "bad.parquet: column score_x10, row 42: 500.0 is neither within 0 and 100 nor -1"),
        ("short.parquet", "out.csv", "short.parquet: column version: is missing"),
        ("text.parquet", "out.csv", "text.parquet: is not readable as Parquet"),
        ("none.parquet", "out.csv", "none.parquet: there is no such file"),
        ("good.parquet", "nowhere/out.csv", "out.csv: can't be written"),
    ):
        refused = aibaas("detect", "--in", str(tmp_path / source), "--out", str(tmp_path / target))
        assert refused.returncode == 2, refused.stderr
        assert re.fullmatch(r"aibaas: [^\n]+\n", refused.stderr), refused.stderr
        assert reason in refused.stderr
        assert not (tmp_path / "out.csv").exists()
