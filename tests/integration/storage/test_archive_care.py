"""Verifying, mending and expiring, on a folder and on a bucket, beside a real database."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from orchestration.records import GoneAnswer
from orchestration.settings import OperatorError
from orchestration.storage.archive import Archive
from orchestration.storage.archive_loading import load_archived_hour
from orchestration.storage.archive_mending import mend
from orchestration.storage.archive_retention import expire_answers
from orchestration.storage.archive_verification import verify
from orchestration.storage.archived_responses import from_parquet
from orchestration.storage.object_store import S3Files
from tests.support.object_store import bucket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from orchestration.records import Response
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.database import Database

    MakeResponse = Callable[..., Response]

HOUR = datetime(2026, 11, 23, 5, tzinfo=UTC)
MONTH_LATER = HOUR + timedelta(days=30)


@pytest.fixture(scope="module")
def store_environment() -> Iterator[Mapping[str, str]]:
    with bucket("answers") as environment:
        yield environment


@pytest.fixture(params=["folder", "bucket"])
def archive(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    store_environment: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Archive:
    if request.param == "folder":
        return Archive(tmp_path / "a")
    return Archive(tmp_path / "a", store=store_of(store_environment, monkeypatch, tmp_path.name))


def store_of(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, prefix: str) -> S3Files:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return S3Files(f"s3://answers/{prefix}", environment["AWS_ENDPOINT_URL"])


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.connect("aibaas_collector") as connection:
        yield connection


def sealed(archive: Archive, *responses: Response) -> str:
    with archive.journal(HOUR) as journal:
        for response in responses:
            journal.append(response)
    name = archive.seal(HOUR)
    assert name is not None
    return name


def load(connection: Connection, archive: Archive) -> None:
    load_archived_hour(connection, archive, HOUR, run_id="r")


def faults(connection: Connection, archive: Archive) -> list[str]:
    return [str(fault) for fault in verify(connection, archive).faults]


def tear(archive: Archive, name: str) -> None:
    """What a copy that was stopped half-way leaves."""
    archive.store.write(name, archive.store.read(name)[:900], replaces=True)


def test_a_whole_archive_has_no_fault(connection: Connection, archive: Archive, make_response: MakeResponse) -> None:
    sealed(archive, make_response(1), make_response(2, status="failed", answer=None, error_code="timeout"))
    sealed(archive, make_response(3))
    load(connection, archive)
    found = verify(connection, archive)
    assert (found.hour_count, found.file_count, found.attempt_count, found.faults) == (1, 2, 3, [])
    assert verify(connection, archive, (MONTH_LATER, MONTH_LATER)).file_count == 0


def test_a_half_written_file_is_named_and_mended_without_its_answers(
    connection: Connection, archive: Archive, make_response: MakeResponse
) -> None:
    whole, torn = sealed(archive, make_response(1)), sealed(archive, make_response(2), make_response(3))
    load(connection, archive)
    tear(archive, torn)
    broken = archive.store.read(torn)
    (fault,) = faults(connection, archive)
    assert fault.startswith(f"{torn}: is damaged (")
    assert fault.endswith("restore it from a backup, or run ./aibaas archive mend")
    (mended,) = mend(connection, archive)
    assert (mended.file, mended.attempt_count, mended.lost_count) == (torn, 2, 2)
    assert mended.set_aside is not None
    assert archive.store.read(mended.set_aside) == broken
    assert archive.read_file(whole) == [make_response(1)]
    expected = [without_answer(make_response(number)) for number in (2, 3)]
    assert sorted(archive.read_file(torn), key=lambda row: row.scenario_id) == expected
    found = verify(connection, archive)
    assert (found.faults, found.lost_count, found.set_aside_count) == ([], 1, 1)
    assert list(mend(connection, archive)) == []


def without_answer(response: Response) -> Response:
    sha256, size = response.answer_sha256, response.answer_bytes
    assert sha256 is not None
    assert size is not None
    return replace(response, answer=None, gone=GoneAnswer(sha256, size))


def test_a_half_written_file_beside_its_journal_is_sealed_anew(archive: Archive, make_response: MakeResponse) -> None:
    with archive.journal(HOUR) as journal:
        journal.append(make_response(1))
        journal.append(make_response(2))
        path, lines = journal.path, journal.path.read_bytes()
    name = archive.seal(HOUR)
    assert name is not None
    tear(archive, name)
    path.write_bytes(lines)
    archive.seal(HOUR)
    assert archive.files(HOUR) == [name]
    assert archive.read(HOUR) == [make_response(1), make_response(2)]
    assert len(archive.store.names("damaged")) == 1
    assert archive.unsealed_hours() == []


def test_a_broken_file_that_was_never_loaded_makes_way_for_a_rerun(
    connection: Connection, archive: Archive, make_response: MakeResponse
) -> None:
    name = sealed(archive, make_response(1))
    tear(archive, name)
    with pytest.raises(OperatorError, match=r"is damaged .*archive mend"):
        archive.call_ids(HOUR)
    (mended,) = mend(connection, archive)
    assert mended.attempt_count == 0
    assert archive.call_ids(HOUR) == set()
    assert len(archive.store.names("damaged")) == 1


def test_a_missing_file_is_named_and_mended(
    connection: Connection, archive: Archive, make_response: MakeResponse
) -> None:
    name = sealed(archive, make_response(1))
    load(connection, archive)
    archive.store.remove(name)
    (fault,) = faults(connection, archive)
    assert "is missing from the archive, raw.responses has 1 attempts of it" in fault
    (mended,) = mend(connection, archive)
    assert mended.set_aside is None
    assert archive.read_file(name) == [without_answer(make_response(1))]
    assert faults(connection, archive) == []


def test_an_answer_that_was_exchanged_is_found_and_the_others_are_kept(
    connection: Connection, archive: Archive, make_response: MakeResponse
) -> None:
    name = sealed(archive, make_response(1), make_response(2))
    load(connection, archive)
    forged = from_parquet(archive.store.read(name), "x").table
    answers = forged.column("answer").to_pylist()
    forged = forged.set_column(
        forged.schema.get_field_index("answer"), forged.schema.field("answer"), [["forged", answers[1]]]
    )
    archive.store.write(name, parquet_of(forged), replaces=True)
    assert f"{name}: holds other contents than were sealed" in faults(connection, archive)[0]
    (mended,) = mend(connection, archive)
    assert (mended.attempt_count, mended.lost_count) == (2, 1)
    assert {row.answer for row in archive.read(HOUR)} == {None, make_response(2).answer}
    assert faults(connection, archive) == []


def parquet_of(table: object) -> bytes:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    buffer = pa.BufferOutputStream()
    pq.write_table(table, buffer)
    return bytes(buffer.getvalue())


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM raw.responses WHERE scenario_id = 'sql/task-1'", "1 of 2 attempts are not in raw.responses"),
        ("UPDATE raw.responses SET cost_usd = 9", "2 attempts have another status, hash or cost in raw.responses"),
        (
            "UPDATE raw.responses SET answer_sha256 = repeat('0', 64) WHERE scenario_id = 'sql/task-1'",
            "1 attempts have",
        ),
        (
            "INSERT INTO raw.responses SELECT (jsonb_populate_record(r, '{\"attempt\": 2}')).* FROM raw.responses AS r",
            "lacks 2 attempts that raw.responses has of it",
        ),
    ],
)
def test_a_table_that_tells_otherwise_is_found(
    database: Database, tmp_path: Path, make_response: MakeResponse, statement: str, told: str
) -> None:
    archive = Archive(tmp_path)
    with database.connect() as connection:
        name = sealed(archive, make_response(1), make_response(2))
        load(connection, archive)
        connection.execute(statement.encode())
        (fault,) = faults(connection, archive)
        assert fault.startswith(f"{name}: {told}")


def test_what_lies_about_is_named(connection: Connection, tmp_path: Path, make_response: MakeResponse) -> None:
    archive = Archive(tmp_path)
    name = sealed(archive, make_response(1))
    load(connection, archive)
    folder = (tmp_path / name).parent
    (folder / ".attempt=2.parquet.unfinished").write_bytes(b"x")
    (folder / "copy.parquet").write_bytes(b"x")
    with archive.journal(HOUR) as journal:
        journal.append(make_response(2))
        told = faults(connection, archive)
        assert len(told) == 2
    assert "was being written when its program was killed" in told[0]
    assert "copy.parquet: is no file of the archive" in told[1]
    assert "1 answers are not sealed; run the hour again" in faults(connection, archive)[2]


def test_answers_expire_and_their_measurements_stay(
    connection: Connection, archive: Archive, make_response: MakeResponse
) -> None:
    failed = make_response(2, status="failed", answer=None, error_code="timeout", cost_usd=None)
    name = sealed(archive, make_response(1), failed)
    load(connection, archive)
    assert expire_answers(archive, HOUR).expired_files == 0
    assert archive.read(HOUR) == [make_response(1), failed]
    done = expire_answers(archive, HOUR + timedelta(seconds=1))
    assert (done.expired_files, done.expired_answers, done.left) == (1, 1, [])
    assert make_response(1).answer.encode() not in archive.store.read(name)
    assert archive.read(HOUR) == [without_answer(make_response(1)), failed]
    found = verify(connection, archive)
    assert (found.faults, found.expired_count) == ([], 1)
    again = expire_answers(archive, MONTH_LATER)
    assert (again.expired_files, again.removed_files) == (0, 0)
    assert load_archived_hour(connection, archive, HOUR, run_id="r") == 0


def test_a_broken_file_does_not_expire_and_is_named(
    connection: Connection, archive: Archive, make_response: MakeResponse
) -> None:
    torn, whole = sealed(archive, make_response(1)), sealed(archive, make_response(2))
    load(connection, archive)
    tear(archive, torn)
    with archive.journal(HOUR) as journal:
        journal.append(make_response(3))
    done = expire_answers(archive, MONTH_LATER)
    assert (done.expired_files, len(done.left)) == (2, 1)
    assert "is damaged" in done.left[0]
    assert archive.read_file(whole) == [without_answer(make_response(2))]
    list(mend(connection, archive))
    assert expire_answers(archive, MONTH_LATER).removed_files == 1
    assert archive.store.names("damaged") == []


def test_an_expired_archive_loads_into_an_empty_database(
    connection: Connection, archive: Archive, make_response: MakeResponse
) -> None:
    sealed(archive, make_response(1))
    expire_answers(archive, MONTH_LATER)
    load(connection, archive)
    row = connection.execute("SELECT status, answer_sha256, answer_bytes FROM raw.responses").fetchone()
    assert row == ("answered", make_response(1).answer_sha256, make_response(1).answer_bytes)
    assert faults(connection, archive) == []


def test_a_file_of_an_older_program_is_compared_and_expires(
    connection: Connection, archive: Archive, make_response: MakeResponse
) -> None:
    name = sealed(archive, make_response(1))
    load(connection, archive)
    table = from_parquet(archive.store.read(name), "x").table
    version = {b"aibaas.responses.version": b"1"}
    archive.store.write(name, parquet_of(table.replace_schema_metadata(version)), replaces=True)
    assert archive.read(HOUR) == [make_response(1)]
    assert faults(connection, archive) == []
    expire_answers(archive, MONTH_LATER)
    assert faults(connection, archive) == []
    assert archive.read(HOUR) == [without_answer(make_response(1))]


def test_machines_with_journals_of_their_own_never_write_over_each_other(
    connection: Connection,
    tmp_path: Path,
    store_environment: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    make_response: MakeResponse,
) -> None:
    store = store_of(store_environment, monkeypatch, "machines")
    one, two = (Archive(tmp_path / name, "target_a", store=store) for name in ("one", "two"))
    with one.journal(HOUR) as journal:  # then this machine is lost
        journal.append(make_response(1))
        journal.append(make_response(2))
    seen_by_two = sealed(two, make_response(1))
    load(connection, two)
    assert two.call_ids(HOUR) == {make_response(1).call_id}
    seen_by_one = one.seal(HOUR)  # and comes back
    assert seen_by_one is not None
    assert one.files(HOUR) == two.files(HOUR) == sorted([seen_by_one, seen_by_two])
    load(connection, two)
    rows = {(row.scenario_id, row.attempt) for row in two.read(HOUR)}
    assert rows == {("sql/task-1", 1), ("sql/task-1", 2), ("sql/task-2", 1)}
    assert faults(connection, one) == []
    assert one.next_attempt(HOUR) == two.next_attempt(HOUR) == 2


def test_an_archive_that_moves_into_a_bucket_goes_on(
    tmp_path: Path, store_environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, make_response: MakeResponse
) -> None:
    local, store = Archive(tmp_path), store_of(store_environment, monkeypatch, "moved")
    name = sealed(local, make_response(1))
    with local.journal(HOUR) as journal:
        journal.append(make_response(2))
    store.write(name, local.store.read(name))
    moved = Archive(tmp_path, store=store)
    assert len(moved.responses(HOUR)) == 2
    moved.seal(HOUR)
    assert [row.scenario_id for row in moved.read(HOUR)] == ["sql/task-1", "sql/task-2"]
    assert moved.unsealed_hours() == []


@pytest.mark.parametrize("url", ["http://x/y", "s3://", "s3://key:secret@bucket/x", "s3://Bucket", "answers"])
def test_another_form_of_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(OperatorError, match="write it as s3://bucket/prefix") as raised:
        S3Files(url)
    assert "secret" not in str(raised.value)


def test_a_bucket_that_is_not_there_is_no_empty_archive(
    tmp_path: Path, store_environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store_of(store_environment, monkeypatch, "x")
    archive = Archive(tmp_path, store=S3Files("s3://nobodys/x", store_environment["AWS_ENDPOINT_URL"]))
    with pytest.raises(OperatorError, match="there is no bucket nobodys"):
        archive.call_ids(HOUR)


def test_a_store_that_is_away_is_named_and_the_journal_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_response: MakeResponse
) -> None:
    with bucket("soon-away") as environment:
        store_of(environment, monkeypatch, "away")
        archive = Archive(tmp_path, store=S3Files("s3://soon-away/a", environment["AWS_ENDPOINT_URL"]))
        with archive.journal(HOUR) as journal:
            journal.append(make_response(1))
            path = journal.path
    with pytest.raises(OperatorError, match=r"the archive s3://soon-away/a can't be listed") as raised:
        archive.seal(HOUR)
    assert os.environ["AWS_SECRET_ACCESS_KEY"] not in str(raised.value)
    assert path.exists()


def test_replacing_a_file_must_be_said(archive: Archive) -> None:
    archive.store.write("responses/x", b"1")
    with pytest.raises(FileExistsError):
        archive.store.write("responses/x", b"")
    archive.store.remove("responses/x")
    archive.store.remove("responses/x")
    assert archive.store.names("responses") == []
