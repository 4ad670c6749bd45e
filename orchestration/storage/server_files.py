"""Where the files of the embedded server lie and what its configuration says.

Not here: the processes that use them (embedded_postgres).
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from orchestration.settings import OperatorError

PORT = 5432
SUPERUSER = "aibaas"
_LOG_BYTES = 65_536
_FULL = os.strerror(errno.ENOSPC)
_ERRORS = ("FATAL:", "PANIC:", "ERROR:", "error:")
_LONGEST_SOCKET_DIR = 90  # bytes; the kernel allows 107 for the directory and /.s.PGSQL.5432

_SETTINGS = """\
# Written at every start of the embedded server: changes here are lost. Put yours into postgresql.conf beside the data.
include '{data}/postgresql.conf'
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
client_connection_check_interval = 5s
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 64MB
effective_cache_size = 1GB
random_page_cost = 1.1
jit = off
fsync = on
synchronous_commit = on
wal_level = minimal
max_wal_senders = 0
wal_compression = on
max_wal_size = 512MB
checkpoint_timeout = 15min
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = on
log_directory = '{log}'
log_filename = 'server-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
log_min_messages = warning
log_min_error_statement = panic
log_line_prefix = '%m [%p] %d '
"""


@dataclass(frozen=True)
class ServerFiles:
    """The layout under one home. `home` is absolute and free of symbolic links."""

    home: Path

    @property
    def base(self) -> Path:
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def config(self) -> Path:
        return self.base / "server.conf"

    @property
    def lock(self) -> Path:
        return self.base / "lock"

    @property
    def log(self) -> Path:
        return self.home / "log" / "postgres"

    @property
    def start_log(self) -> Path:
        """What the server says before its own log opens."""
        return self.home / "log" / "postgres.log"

    @property
    def sockets(self) -> Path:
        """The directory of the socket: under home, or a short one in /tmp where the path would not fit a socket."""
        near = self.home / "run"
        if len(os.fsencode(near)) <= _LONGEST_SOCKET_DIR:
            return near
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path(f"/tmp/aibaas-{os.geteuid()}-{digest}")  # noqa: S108 - made private and checked by own_directory

    @property
    def socket_lock(self) -> Path:
        return self.sockets / f".s.PGSQL.{PORT}.lock"

    def url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@/{quote(database)}?host={quote(str(self.sockets), safe='')}&port={PORT}"

    def write_config(self) -> None:
        values = {"data": self.data, "sockets": self.sockets, "log": self.log}
        quoted = {name: str(path).replace("'", "''") for name, path in values.items()}
        new = self.config.with_suffix(".new")
        new.write_text(_SETTINGS.format(port=PORT, **quoted), encoding="utf-8")
        new.chmod(0o644)
        new.replace(self.config)

    def log_sizes(self) -> dict[Path, int]:
        """How far the logs have got, for `complaint_since`."""
        return {path: path.stat().st_size for path in (self.start_log, *self.log.glob("server-*.log")) if path.exists()}

    def complaint_since(self, sizes: dict[Path, int]) -> str | None:
        """The line that says best what went wrong since `sizes` were taken, for a message to a person."""
        lines = [line for path in self.log_sizes() for line in _lines_behind(path, sizes.get(path, 0))]
        full = (line for line in lines if _FULL in line)
        error = (line for line in reversed(lines) if any(word in line for word in _ERRORS))
        return next(full, next(error, None))


def own_directory(path: Path, uid: int, gid: int) -> None:
    """Make `path` a real directory, mode 0700, of that user; refuse one that another person has put there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
        raise OperatorError(f"{path} belongs to another user: remove it, or set AIBAAS_HOME to a directory of your own")
    if os.geteuid() == 0:
        os.chown(path, uid, gid, follow_symlinks=False)
    path.chmod(0o700)


def _lines_behind(path: Path, offset: int) -> list[str]:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(_LOG_BYTES).decode(errors="replace").splitlines()
