"""Answers whose text is gone: an old score stays, one that never had a score says why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from orchestration.scoring.function import FunctionScorer
from orchestration.scoring.grade_hours import Grader
from orchestration.settings import PROJECT_ROOT
from orchestration.storage.archive import Archive
from orchestration.storage.archive_loading import load_archived_hour
from orchestration.storage.archive_retention import expire_answers
from scenarios.loader import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from orchestration.records import Response
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from orchestration.storage.database import Database

HOUR = datetime(2026, 11, 23, 5, tzinfo=UTC)
SCORES = "SELECT scorer_version, score, reason FROM raw.scores ORDER BY call_id, scorer_version, grading_attempt"


def test_a_later_scorer_leaves_expired_answers_their_score(
    database: Database,
    tmp_path: Path,
    sandbox: NamespaceSandbox,
    make_response: Callable[..., Response],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalogue, archive = load_catalogue(PROJECT_ROOT / "scenarios"), Archive(tmp_path)
    scenario = next(one for one in catalogue.scenarios.values() if one.grader.kind == "function")
    grader = Grader(archive, catalogue.variant, sandbox)
    with archive.journal(HOUR) as journal:
        journal.append(make_response(1, scenario_id=scenario.id, scenario_version=scenario.version, answer="no code"))
    archive.seal(HOUR)
    with database.connect("aibaas_collector") as connection:
        load_archived_hour(connection, archive, HOUR, run_id="r")
        assert grader.grade_hours(connection, [HOUR], lambda _done, _of: None).graded_count == 1
        before = connection.execute(SCORES).fetchall()
        assert before[0][1] is not None
        expire_answers(archive, HOUR + timedelta(hours=1))
        monkeypatch.setattr("orchestration.scoring.registry.FunctionScorer", partial(FunctionScorer, version=99))
        summary = grader.grade_hours(connection, [HOUR], lambda _done, _of: None)
        assert (summary.graded_count, dict(summary.outcomes)) == (0, {"answer_gone": 1})
        assert connection.execute(SCORES).fetchall() == before


def test_an_answer_that_never_had_a_score_says_why_and_says_it_once(
    database: Database, tmp_path: Path, sandbox: NamespaceSandbox, make_response: Callable[..., Response]
) -> None:
    catalogue, archive = load_catalogue(PROJECT_ROOT / "scenarios"), Archive(tmp_path)
    scenario = next(iter(catalogue.scenarios.values()))
    grader = Grader(archive, catalogue.variant, sandbox)
    with archive.journal(HOUR) as journal:
        journal.append(make_response(1, scenario_id=scenario.id, scenario_version=scenario.version))
    archive.seal(HOUR)
    expire_answers(archive, HOUR + timedelta(hours=1))
    with database.connect("aibaas_collector") as connection:
        load_archived_hour(connection, archive, HOUR, run_id="r")
        assert grader.grade_hours(connection, [HOUR], lambda _done, _of: None).null_count == 1
        ((_, score, reason),) = connection.execute(SCORES).fetchall()
        assert (score, reason) == (None, "answer_gone")
        assert grader.grade_hours(connection, [HOUR], lambda _done, _of: None).graded_count == 0
