"""What the models' server counted, against the archive: which answers may be asked again, and which may not."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from orchestration.cli.soaking.asked_calls import AskedCalls, compare_asked
from orchestration.cli.soaking.counted_models import asked_of
from orchestration.cli.soaking.stretches import stretches_of
from orchestration.storage.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from orchestration.records import Response

HOURS = [datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=number) for number in range(4)]
STRETCHES = stretches_of(HOURS, 2)
IN_FLIGHT = 2


@pytest.fixture
def answers(tmp_path: Path, make_response: Callable[..., Response]) -> tuple[Archive, dict[datetime, list[Response]]]:
    """Three archived answers of each hour."""
    archive, by_hour = Archive(tmp_path), {}
    for hour in HOURS:
        by_hour[hour] = [make_response(number, prompt_sha256=f"{number:064}") for number in range(3)]
        with archive.journal(hour) as journal:
            for response in by_hour[hour]:
                journal.append(response)
        archive.seal(hour)
    return archive, by_hour


def compared(
    answers: tuple[Archive, dict[datetime, list[Response]]],
    again: dict[tuple[int, int], int],
    *,
    cut_runs: dict[str, int],
    kept: Collection[tuple[int, int]] = (),
) -> AskedCalls:
    """`again` and `kept` name answers by the number of their hour and their own."""
    archive, by_hour = answers
    asked = {
        (hour, number): asked_of(HOURS[hour], response)
        for hour in range(len(HOURS))
        for number, response in enumerate(by_hour[HOURS[hour]])
    }
    answered = Counter(asked.values())
    for named, count in again.items():
        answered[asked[named]] += count
    kept_asked = {asked[named] for named in kept}
    return compare_asked(answered.total(), answered, archive, STRETCHES, cut_runs, IN_FLIGHT, kept_asked)


def test_a_sound_course_has_no_difference(answers: tuple[Archive, dict[datetime, list[Response]]]) -> None:
    found = compared(answers, {}, cut_runs={})
    assert (found.archived, found.asked_again, found.differences) == (12, 0, [])


def test_a_run_that_was_cut_off_may_ask_its_calls_under_way_again_and_no_other_run_may(
    answers: tuple[Archive, dict[datetime, list[Response]]],
) -> None:
    again = {(0, 1): 1, (1, 2): 1}
    assert compared(answers, again, cut_runs={STRETCHES[0].key: 1}).differences == []
    assert compared(answers, again, cut_runs={STRETCHES[1].key: 1}).differences == [
        "2026-11-23-00:00 2 answers were asked for again"
    ]
    more = again | {(0, 0): 1}
    assert compared(answers, more, cut_runs={STRETCHES[0].key: 1}).differences != []
    assert compared(answers, more, cut_runs={STRETCHES[0].key: 2}).differences == []


def test_what_was_journalled_when_a_fault_struck_is_never_asked_again(
    answers: tuple[Archive, dict[datetime, list[Response]]],
) -> None:
    cut = {STRETCHES[0].key: 1}
    found = compared(answers, {(0, 1): 1}, cut_runs=cut, kept={(0, 0), (0, 1)})
    assert found.kept == 2
    assert len(found.differences) == 1
    assert "journalled and asked for again" in found.differences[0]
    assert compared(answers, {(0, 1): 1}, cut_runs=cut, kept={(0, 0)}).differences == []


def test_an_answer_that_was_given_and_is_not_archived_is_told(
    answers: tuple[Archive, dict[datetime, list[Response]]], tmp_path: Path
) -> None:
    archive, by_hour = answers
    given = Counter(asked_of(HOURS[0], response) for response in by_hour[HOURS[0]])
    found = compare_asked(3, given, Archive(tmp_path / "other"), STRETCHES, {}, IN_FLIGHT, set())
    assert found.differences == ["2026-11-23T00 3 answers were given and not archived"]
    assert compare_asked(3, given, archive, STRETCHES, {}, IN_FLIGHT, set()).differences == []
