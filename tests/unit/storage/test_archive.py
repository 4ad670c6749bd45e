from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.settings import OperatorError
from orchestration.storage import archived_responses, durable_files, journal
from orchestration.storage.archive import Archive
from orchestration.storage.archived_responses import from_line, to_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from orchestration.records import Response

    MakeResponse = Callable[..., Response]

PROJECT = Path(__file__).resolve().parents[3]
HOUR = datetime(2026, 11, 23, 5, tzinfo=UTC)
FIRST = "responses/date=2026-11-23/hour=05/attempt=1.parquet"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def fill(archive: Archive, *responses: Response) -> None:
    with archive.journal(HOUR) as journal:
        for response in responses:
            journal.append(response)


def test_a_sealed_hour_is_one_file_that_returns_equal_responses(archive: Archive, make_response: MakeResponse) -> None:
    failed = make_response(
        2, status="failed", answer=None, error_code="timeout", error_detail="30 s", cost_usd=None, latency_ms=None
    )
    responses = [make_response(1), failed, make_response(3, answer="")]
    fill(archive, *responses)
    assert archive.read(HOUR) == []
    assert archive.responses(HOUR) == responses
    assert archive.seal(HOUR) == FIRST
    assert archive.read(HOUR) == archive.read_file(FIRST) == archive.responses(HOUR) == responses
    assert archive.call_ids(HOUR) == {response.call_id for response in responses}
    assert archive.unsealed_hours() == []
    assert pq.ParquetFile(archive.root / FIRST).metadata.row_group(0).column(0).compression == "ZSTD"


def test_a_later_run_of_an_hour_gets_its_own_file(archive: Archive, make_response: MakeResponse) -> None:
    fill(archive, make_response(1))
    archive.seal(HOUR)
    fill(archive, make_response(2))
    assert archive.unsealed_hours() == [HOUR]
    assert archive.seal(HOUR) == FIRST.replace("=1.", "=2.")
    assert [response.scenario_id for response in archive.read(HOUR)] == ["sql/task-1", "sql/task-2"]


def test_an_hour_without_answers_makes_no_file(archive: Archive) -> None:
    assert archive.seal(HOUR) is None
    fill(archive)
    assert archive.seal(HOUR) is None
    assert archive.files(HOUR) == []
    assert archive.unsealed_hours() == []


def test_an_hour_is_the_same_in_every_time_zone(archive: Archive, make_response: MakeResponse) -> None:
    fill(archive, make_response(1))
    archive.seal(HOUR)
    india = timezone(timedelta(hours=5, minutes=30))
    assert archive.files(HOUR.astimezone(india)) == [FIRST]


def test_a_second_run_of_an_open_hour_is_refused(archive: Archive, make_response: MakeResponse) -> None:
    with archive.journal(HOUR) as open_one:
        open_one.append(make_response(1))
        with pytest.raises(OperatorError, match="another run is collecting"):
            archive.journal(HOUR)
        with pytest.raises(OperatorError, match="another run is collecting"):
            archive.seal(HOUR)
    assert archive.seal(HOUR) == FIRST


@pytest.mark.parametrize("torn", [b'{"benchmark_hour": "2026', b"\0\0\0\0", b"x"])
def test_an_unfinished_last_line_is_dropped(archive: Archive, make_response: MakeResponse, torn: bytes) -> None:
    fill(archive, make_response(1))
    [path] = (archive.root / "journal").iterdir()
    path.write_bytes(path.read_bytes() + torn)
    assert len(archive.call_ids(HOUR)) == 1
    fill(archive, make_response(2))
    archive.seal(HOUR)
    assert archive.read(HOUR) == [make_response(1), make_response(2)]


def test_a_damaged_line_is_named_and_kept(archive: Archive, make_response: MakeResponse) -> None:
    fill(archive, make_response(1), make_response(2))
    [path] = (archive.root / "journal").iterdir()
    path.write_bytes(b"{]" + path.read_bytes()[2:])
    with pytest.raises(OperatorError, match=r"attempt=1.jsonl:1: the line is damaged"):
        archive.seal(HOUR)
    assert path.exists()


@pytest.mark.parametrize("damage", [lambda data: data[:0], lambda data: data[:100], lambda data: data[:-9] + b"\0" * 9])
def test_a_damaged_file_is_named(
    archive: Archive, make_response: MakeResponse, damage: Callable[[bytes], bytes]
) -> None:
    fill(archive, make_response(1))
    path = archive.root / str(archive.seal(HOUR))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(OperatorError, match=r"attempt=1.parquet is damaged") as raised:
        archive.read(HOUR)
    assert "\n" not in str(raised.value)


def test_damaged_contents_are_found_and_named(archive: Archive, make_response: MakeResponse) -> None:
    fill(archive, *(make_response(number) for number in range(200)))
    path = archive.root / str(archive.seal(HOUR))
    data = bytearray(path.read_bytes())
    data[200:1200] = bytes(1000)
    path.write_bytes(data)
    with pytest.raises(OperatorError, match=r"attempt=1.parquet is damaged"):
        archive.read(HOUR)


def test_a_missing_file_is_named(archive: Archive) -> None:
    with pytest.raises(OperatorError, match=r"attempt=1.parquet is missing"):
        archive.read_file(FIRST)


def test_a_file_of_a_newer_program_is_refused(archive: Archive, make_response: MakeResponse) -> None:
    fill(archive, make_response(1))
    path = archive.root / str(archive.seal(HOUR))
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({b"aibaas.responses.version": b"3"}), path)
    with pytest.raises(OperatorError, match="format 3, this program reads 2"):
        archive.read(HOUR)


def test_a_file_has_hashes_only_of_answers_whose_text_is_gone(make_response: MakeResponse) -> None:
    responses = [make_response(1), make_response(2)]
    hashes = {"answer_sha256", "answer_bytes"}
    whole = archived_responses.from_parquet(archived_responses.to_parquet(responses), "one")
    assert not hashes & set(whole.table.schema.names)
    partly = [responses[0], archived_responses.without_text(responses[1])]
    rest = archived_responses.from_parquet(archived_responses.to_parquet(partly, gone="lost"), "one")
    assert hashes <= set(rest.table.schema.names)
    for sealed, written in ((whole, responses), (rest, partly)):
        assert sealed.is_as_sealed
        assert sealed.responses == written


def test_another_answer_in_the_place_of_one_is_told(make_response: MakeResponse) -> None:
    sealed = archived_responses.from_parquet(archived_responses.to_parquet([make_response(1)]), "one")
    other = replace(sealed.responses[0], answer="another answer")
    assert not archived_responses.SealedFile([other], sealed.table).is_as_sealed


def test_a_crash_between_sealing_and_tidying_loses_and_doubles_nothing(
    archive: Archive, make_response: MakeResponse
) -> None:
    fill(archive, make_response(1))
    [path] = (archive.root / "journal").iterdir()
    kept = path.read_bytes()
    archive.seal(HOUR)
    path.write_bytes(kept)
    assert archive.responses(HOUR) == [make_response(1)]
    fill(archive, make_response(2))
    archive.seal(HOUR)
    assert archive.read(HOUR) == [make_response(1), make_response(2)]
    assert archive.unsealed_hours() == []


def test_a_crash_while_sealing_leaves_the_journal(
    archive: Archive, make_response: MakeResponse, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(archive, make_response(1))
    with monkeypatch.context() as patched:
        patched.setattr("orchestration.storage.file_store._sync_file", lambda path: os.kill(path, "never"))
        with pytest.raises(TypeError):
            archive.seal(HOUR)
    assert archive.files(HOUR) == []
    assert not list((archive.root / FIRST).parent.iterdir())
    assert archive.seal(HOUR) == FIRST


APPEND = """
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID
from orchestration.storage.archive import Archive
from orchestration.storage.archived_responses import from_line
archive, made = Archive(Path(sys.argv[1])), from_line(sys.stdin.buffer.read())
number = 0
while True:
    with archive.journal(made.benchmark_hour) as journal:
        for _ in range(3):
            number += 1
            journal.append(replace(made, call_id=UUID(int=number)))
            print(number, flush=True)
    archive.seal(made.benchmark_hour)
"""


@pytest.mark.parametrize("delay_s", [0.0, 0.013, 0.031, 0.07])
def test_what_was_appended_survives_a_kill_at_any_moment(
    archive: Archive, make_response: MakeResponse, delay_s: float
) -> None:
    command = [sys.executable, "-c", APPEND, str(archive.root)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write(archived_responses.to_line(make_response()))
        writer.stdin.close()
        first = writer.stdout.readline()
        time.sleep(delay_s)
        writer.send_signal(signal.SIGKILL)
        promised = [int(line) for line in (first + writer.stdout.read()).splitlines()]
    archive.seal(HOUR)
    kept = [response.call_id.int for response in archive.read(HOUR)]
    assert kept == sorted(set(kept))
    assert set(promised) <= set(kept)
    assert len(kept) <= len(promised) + 1
    assert archive.unsealed_hours() == []


def test_answers_that_finish_together_share_a_sync(
    archive: Archive, make_response: MakeResponse, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncs: list[int] = []

    def slow_disk(file: int) -> None:
        syncs.append(file)
        time.sleep(0.1)  # so long that a busy machine brings the others in time

    monkeypatch.setattr(os, "fdatasync", slow_disk)

    async def append_all() -> None:
        with archive.journal(HOUR) as journal:
            await asyncio.gather(*(journal.append_async(make_response(number)) for number in range(64)))

    asyncio.run(append_all())
    assert len(archive.responses(HOUR)) == 64
    assert len(syncs) <= 3
    syncs.clear()
    with archive.journal(HOUR) as journal, ThreadPoolExecutor(16) as threads:
        list(threads.map(journal.append, (make_response(number, attempt=2) for number in range(64))))
    assert len(archive.responses(HOUR)) == 128
    assert len(syncs) < 30


def test_a_full_disk_leaves_whole_lines_only(
    archive: Archive, make_response: MakeResponse, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(archive, make_response(1))
    whole = os.write
    room = iter([10])

    def full(file: int, data: memoryview) -> int:
        size = next(room, None)
        if size is None:
            raise OSError(28, "No space left on device")
        return whole(file, data[:size])

    with archive.journal(HOUR) as journal, monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OperatorError, match=r"the disk is full, .*jsonl can't be written"):
            journal.append(make_response(2))
        patched.undo()
        journal.append(make_response(3))
    assert archive.responses(HOUR) == [make_response(1), make_response(3)]


def test_a_file_too_large_for_the_disk_is_named_and_the_journal_stays(
    archive: Archive, make_response: MakeResponse
) -> None:
    fill(archive, make_response(1, answer=os.urandom(60_000).hex()))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(OperatorError, match=r"can't write .*parquet"):
            archive.seal(HOUR)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert archive.files(HOUR) == []
    assert archive.seal(HOUR) == FIRST


def test_an_unwritable_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OperatorError, match=r"can't write .*file"):
        Archive(tmp_path / "file").journal(HOUR)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(answer=st.one_of(st.none(), st.text()), detail=st.text(), call=st.uuids())
def test_any_text_comes_back_from_both_forms(
    make_response: MakeResponse, answer: str | None, detail: str, call: UUID
) -> None:
    response = make_response(1, answer=answer, error_detail=detail, call_id=call)
    assert archived_responses.from_line(archived_responses.to_line(response)) == response
    assert archived_responses.from_parquet(archived_responses.to_parquet([response]), "one").responses == [response]


def test_half_a_surrogate_pair_does_not_stop_the_hour(archive: Archive, make_response: MakeResponse) -> None:
    fill(archive, make_response(1, answer="a\ud800b"))
    archive.seal(HOUR)
    assert archive.read(HOUR) == [make_response(1, answer="a?b")]


def test_new_directories_are_made_durable_from_the_top(tmp_path: Path) -> None:
    durable_files.make_directory(tmp_path / "a" / "b")
    durable_files.make_directory(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_reading_a_journal_that_is_not_there_finds_nothing(tmp_path: Path) -> None:
    assert journal.read_journal(tmp_path / "none.jsonl") == []


WITHOUT_PANDAS = """
import sys
from orchestration.storage.archived_responses import from_line, from_parquet, to_parquet
response = from_line(sys.stdin.buffer.read())
sealed = from_parquet(to_parquet([response]), "one")
assert sealed.responses == [response]
assert sealed.is_as_sealed
print("pandas" in sys.modules)
"""


def test_neither_sealing_nor_reading_loads_pandas(make_response: MakeResponse) -> None:
    command = [sys.executable, "-c", WITHOUT_PANDAS]
    done = subprocess.run(command, input=to_line(make_response()), capture_output=True, cwd=PROJECT, check=False)
    assert done.stdout.split() == [b"False"], done.stderr


def test_files_and_lines_of_an_older_program_lack_what_was_added_since(
    archive: Archive, make_response: MakeResponse
) -> None:
    response = make_response(reported_cost_usd=Decimal("0.5"))
    line = json.loads(to_line(response))
    assert from_line(json.dumps(line).encode()) == response
    del line["reported_cost_usd"]
    assert from_line(json.dumps(line).encode()) == replace(response, reported_cost_usd=None)
    with archive.journal(HOUR) as journal:
        journal.append(response)
    path = archive.root / (archive.seal(HOUR) or "")
    table = pq.read_table(path)
    pq.write_table(table.drop_columns(["reported_cost_usd"]), path, write_page_checksum=True)
    assert archive.read(HOUR) == [replace(response, reported_cost_usd=None)]


def test_a_call_that_was_left_out_is_not_made(archive: Archive, make_response: MakeResponse) -> None:
    left_out = make_response(1, status="budget", error_code="budget", answer=None, cost_usd=None, try_count=0)
    with archive.journal(HOUR) as journal:
        journal.append(left_out)
        journal.append(make_response(2))
    assert archive.call_ids(HOUR) == {make_response(2).call_id}


def test_shares_of_an_hour_are_written_apart_and_read_together(archive: Archive, make_response: MakeResponse) -> None:
    one, two = archive.of_share("target_a"), archive.of_share("target_b")
    with one.journal(HOUR) as first, two.journal(HOUR) as second, archive.journal(HOUR) as whole:
        for journal, number in ((first, 1), (second, 2), (whole, 3)):
            journal.append(make_response(number))
    assert one.call_ids(HOUR) == {make_response(1).call_id}
    assert archive.unsealed_hours() == [HOUR]
    names = [one.seal(HOUR), two.seal(HOUR), archive.seal(HOUR)]
    assert names == [
        FIRST.replace(".parquet", f"{share}.parquet") for share in (".share=target_a", ".share=target_b", "")
    ]
    assert sorted(archive.files(HOUR)) == sorted(map(str, names))
    assert one.read(HOUR) == archive.read(HOUR)
    assert archive.call_ids(HOUR) == {make_response(number).call_id for number in (1, 2, 3)}
    fill(two, make_response(4))
    assert two.seal(HOUR) == FIRST.replace("=1.", "=2.share=target_b.")


def test_what_other_shares_left_open_is_sealed_unless_it_is_being_collected(
    archive: Archive, make_response: MakeResponse
) -> None:
    left, kept = archive.of_share("target_left"), archive.of_share("target_kept")
    for number, share in enumerate((left, kept, archive)):
        fill(share, make_response(number))
    with archive.of_share("target_held").journal(HOUR) as held:
        held.append(make_response(9))
        assert archive.seal_others(HOUR, {"target_kept", ""}) == [
            FIRST.replace(".parquet", ".share=target_left.parquet")
        ]
    assert kept.seal(HOUR)
    assert archive.seal(HOUR) == FIRST
    assert archive.of_share("target_held").call_ids(HOUR) >= {make_response(9).call_id}


def test_a_strange_file_among_the_answers_is_named(archive: Archive, make_response: MakeResponse) -> None:
    fill(archive, make_response(1))
    archive.seal(HOUR)
    (archive.root / FIRST).with_name("attempt=one.parquet").touch()
    with pytest.raises(OperatorError, match=r"attempt=one\.parquet is no file of the archive"):
        archive.files(HOUR)
