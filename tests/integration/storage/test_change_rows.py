"""A change between hours is one row, whatever the order in which the hours were measured and however often.

Not here: changes of prices, listings and enrolments.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.providers.targets import load_targets
from orchestration.records import call_id_of
from orchestration.settings import PROJECT_ROOT
from orchestration.storage.change_rows import record_observed_changes, record_stated_changes
from orchestration.storage.raw_tables import load_responses, record_targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orchestration.records import Response
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.database import Database

    MakeResponse = Callable[..., Response]

FIRST = datetime(2026, 11, 23, 5, tzinfo=UTC)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
TARGETS_FILE = PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml"


def hour(number: int) -> datetime:
    return FIRST + timedelta(hours=number)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.connect("aibaas_collector") as connection:
        yield connection


def measure(connection: Connection, make_response: MakeResponse, number: int, *seen: dict[str, Any]) -> None:
    """Load one answer for each of `seen` in an hour of sim-a, and note what changed."""
    for index, changes in enumerate(seen):
        usual = {
            "benchmark_hour": hour(number),
            "target_id": "sim-a",
            "call_id": call_id_of(hour(number), "sim-a", f"sql/{index}", 1, 0, 0),
            "started_at": hour(number) + timedelta(seconds=2),
            "finished_at": hour(number) + timedelta(seconds=9),
        }
        made = make_response(index, **usual | changes)
        load_responses(connection, [made], archive_file=f"f{number}", run_id="run")
    record_observed_changes(connection, [hour(number)], NOW)


def changes(connection: Connection, kind: str) -> list[tuple[datetime, Any, Any]]:
    query = "SELECT effective_at, old_value, new_value FROM raw.changes WHERE kind = %s ORDER BY subject, effective_at"
    return connection.execute(query, (kind,)).fetchall()


SERVED = ["m-1", "m-1", "m-2", "m-2", "m-1", "m-3"]
"""What is served in hour after hour."""


@pytest.mark.parametrize("order", list(itertools.permutations(range(6)))[::97], ids=str)
def test_hours_measured_in_any_order_give_the_rows_of_hours_measured_in_turn(
    connection: Connection, make_response: MakeResponse, order: tuple[int, ...]
) -> None:
    for number in order:
        measure(connection, make_response, number, {"served_model": SERVED[number]})
    expected = [
        (hour(number), served(SERVED[number - 1]), served(SERVED[number]))
        for number in range(1, 6)
        if SERVED[number] != SERVED[number - 1]
    ]
    assert changes(connection, "served_model") == expected


def served(*models: str) -> dict[str, list[str]]:
    return {"requested_models": ["atlas"], "served_models": sorted(models)}


def test_a_run_over_many_hours_gives_what_their_single_runs_give(
    connection: Connection, make_response: MakeResponse
) -> None:
    for number in (0, 1, 2, 4, 5):
        measure(connection, make_response, number, {"served_model": SERVED[number]})
    single = connection.execute("SELECT * FROM raw.changes ORDER BY kind, effective_at").fetchall()
    assert len(single) == 3
    assert record_observed_changes(connection, [hour(number) for number in range(6)], NOW + timedelta(days=1)) == 0
    assert connection.execute("SELECT * FROM raw.changes ORDER BY kind, effective_at").fetchall() == single
    connection.execute("DELETE FROM raw.changes")
    record_observed_changes(connection, [hour(number) for number in range(6)], NOW)
    assert len(changes(connection, "served_model")) == 3


def test_an_hour_without_a_timely_answer_is_passed_over(connection: Connection, make_response: MakeResponse) -> None:
    failed = {"status": "failed", "answer": None, "error_code": "timeout", "served_model": None}
    measure(connection, make_response, 0, {"served_model": "m-1", "system_fingerprint": "fp_1"})
    measure(connection, make_response, 1, failed)
    measure(connection, make_response, 2, {"served_model": "m-2", "started_at": hour(7), "finished_at": hour(8)})
    measure(connection, make_response, 3, {"served_model": "m-1"})
    assert changes(connection, "served_model") == []
    measure(connection, make_response, 4, {"system_fingerprint": "fp_2", "served_model": "m-1"})
    assert changes(connection, "fingerprint") == [
        (hour(4), {"system_fingerprints": ["fp_1"]}, {"system_fingerprints": ["fp_2"]})
    ]


def test_what_was_asked_for_and_what_asked_are_changes_too(connection: Connection, make_response: MakeResponse) -> None:
    measure(connection, make_response, 0, {"requested_model": "a", "served_model": "a", "harness_version": "one/1"})
    measure(connection, make_response, 1, {"requested_model": "b", "served_model": "a", "harness_version": "one/2"})
    (asked,) = changes(connection, "served_model")
    assert asked[1]["requested_models"] == ["a"]
    assert asked[2]["requested_models"] == ["b"]
    assert changes(connection, "libraries") == [
        (hour(1), {"harness_versions": ["one/1"]}, {"harness_versions": ["one/2"]})
    ]


def test_an_hour_that_saw_two_models_names_both(connection: Connection, make_response: MakeResponse) -> None:
    measure(connection, make_response, 0, {"served_model": "m-1"})
    measure(connection, make_response, 1, {"served_model": "m-2"}, {"served_model": "m-1"}, {"served_model": "m-2"})
    measure(connection, make_response, 2, {"served_model": "m-2"})
    assert changes(connection, "served_model") == [
        (hour(1), served("m-1"), served("m-1", "m-2")),
        (hour(2), served("m-1", "m-2"), served("m-2")),
    ]


def test_targets_are_not_compared_with_one_another(connection: Connection, make_response: MakeResponse) -> None:
    for number, target in enumerate(("sim-a", "sim-b")):
        other = make_response(number, target_id=target, served_model=f"of {target}", benchmark_hour=hour(number))
        load_responses(connection, [other], archive_file="f", run_id="run")
    record_observed_changes(connection, [hour(0), hour(1)], NOW)
    assert connection.execute("SELECT count(*) FROM raw.changes").fetchone() == (0,)


def test_a_definition_that_states_otherwise_is_a_change_from_when_it_was_recorded(connection: Connection) -> None:
    atlas = load_targets(TARGETS_FILE, environment={}, simulator_url="http://x/v1")[0]
    row = atlas.to_row(hour(0))
    deprecated = replace(
        row, recorded_at=hour(1), definition_sha256="b" * 64, lifecycle="deprecated", successor="sim-borealis"
    )
    moved = replace(
        deprecated, recorded_at=hour(2), definition_sha256="c" * 64, host="elsewhere", sampling={"top_p": 0.5}
    )
    slower = replace(moved, recorded_at=hour(3), definition_sha256="d" * 64, limits={"max_concurrency": 1})
    renamed = replace(slower, recorded_at=hour(4), definition_sha256="e" * 64, label="Atlas II")
    for definition in (row, deprecated, moved, slower, renamed):
        record_targets(connection, [definition])
        record_stated_changes(connection, NOW)
    assert record_stated_changes(connection, NOW) == 0
    assert changes(connection, "lifecycle") == [
        (
            hour(1),
            {"lifecycle": "active", "successor": None},
            {"lifecycle": "deprecated", "successor": "sim-borealis"},
        )
    ]
    assert [(at, new["host"]) for at, _, new in changes(connection, "host")] == [(hour(2), "elsewhere")]
    assert [(at, new["sampling"]) for at, _, new in changes(connection, "settings")] == [(hour(2), {"top_p": 0.5})]
    assert [(at, new) for at, _, new in changes(connection, "limits")] == [(hour(3), {"max_concurrency": 1})]


def test_a_definition_of_before_limits_were_kept_is_not_compared(connection: Connection) -> None:
    row = load_targets(TARGETS_FILE, environment={}, simulator_url="http://x/v1")[0].to_row(hour(0))
    record_targets(connection, [replace(row, limits=None, price_source=None)])
    record_targets(connection, [replace(row, recorded_at=hour(1), definition_sha256="b" * 64, successor="sim-ember")])
    assert record_stated_changes(connection, NOW) == 0
