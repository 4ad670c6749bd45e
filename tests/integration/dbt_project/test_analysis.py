"""DuckDB on marts and archive: every question of docs/analysts.md has an answer, and none changes the marts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from orchestration.settings import PROJECT_ROOT, OperatorError
from orchestration.storage.analysis import Analysis
from orchestration.storage.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Warehouse

QUESTIONS = re.findall(r"```sql\n(.*?)```", (PROJECT_ROOT / "docs" / "analysts.md").read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def published(warehouse: Warehouse) -> Warehouse:
    warehouse.draw_history(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC), targets=3, scenarios=6)
    warehouse.publish()
    return warehouse


@pytest.fixture
def analysis(published: Warehouse, tmp_path: Path) -> Iterator[Analysis]:
    with published.database.connect() as connection:
        session = Analysis(connection, Archive(tmp_path / "archive"))
        yield session
        session.close()


def test_there_are_ten_worked_questions() -> None:
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize("question", QUESTIONS, ids=[str(number) for number in range(1, len(QUESTIONS) + 1)])
def test_each_question_of_the_documentation_is_answered(analysis: Analysis, question: str) -> None:
    found = analysis.ask(question)
    assert found is not None
    has_none = "from answers" in question  # nothing was collected into this archive
    assert bool(found.fetchall()) != has_none


def test_numbers_times_and_lists_arrive_as_they_are(analysis: Analysis, published: Warehouse) -> None:
    query = "select {} from marts.fct_scores_daily order by target_id, family, score_date"
    columns = "target_id, score_date, score_mean, cost_usd, planned_count, is_simulated, reason"
    found = analysis.ask(query.format(columns))
    assert found is not None
    assert sorted(found.fetchall(), key=repr) == sorted(published.rows(query.format(columns)), key=repr)
    moments = analysis.ask("select min(benchmark_hour) from marts.fct_scores_hourly")
    assert moments is not None
    assert str(moments.fetchall()[0][0]) == "2026-11-01 00:00:00"
    outcomes = analysis.ask("select sum((calls_by_outcome ->> 'answered')::int) from marts.fct_reliability_hourly")
    assert outcomes is not None
    assert outcomes.fetchall()[0][0] > 0


def test_what_is_changed_in_a_session_is_changed_nowhere_else(analysis: Analysis, published: Warehouse) -> None:
    before = published.rows("select count(*) from marts.fct_leaderboard")
    analysis.ask("delete from marts.fct_leaderboard")
    left = analysis.ask("select count(*) from marts.fct_leaderboard")
    assert left is not None
    assert left.fetchall() == [(0,)]
    assert published.rows("select count(*) from marts.fct_leaderboard") == before


@pytest.mark.parametrize(
    ("question", "reason"),
    [("selec", "syntax error"), ("from marts.fct_nothing", "fct_nothing"), ("select nothing from answers", "nothing")],
)
def test_a_mistake_is_one_line_with_the_reason(analysis: Analysis, question: str, reason: str) -> None:
    with pytest.raises(OperatorError, match=reason):
        analysis.ask(question)
