"""As whom the embedded server runs: PostgreSQL refuses root, so root lends it another user's identity.

Not here: starting anything (embedded_postgres).
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterable

_READ_SEARCH = "+dac_read_search"
_CAP_DAC_READ_SEARCH = 2


@dataclass(frozen=True)
class ServerAccount:
    """The identity of the server's processes and how a command is given it."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()
    """What a command is prefixed with to pass directories that only root may enter."""

    @property
    def process_options(self) -> dict[str, Any]:
        """Arguments of subprocess that change the identity, unless the prefix does it."""
        if self.prefix or self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def choose_account(data: Path, needed: Iterable[Path]) -> ServerAccount:
    """The caller; for root the owner of existing data, else `nobody`.

    `needed` are paths that the server reads. Where the modes hide them from it, it gets the one capability to read
    and search (never to write); modes and owners outside our own directories stay as they are.
    """
    if os.geteuid() != 0:
        return ServerAccount(os.geteuid(), os.getegid())
    uid, gid = _lent_identity(data)
    hidden = next((path for path in needed if _hides(path)), None)
    return ServerAccount(uid, gid) if hidden is None else ServerAccount(uid, gid, _capability_prefix(uid, gid, hidden))


def _lent_identity(data: Path) -> tuple[int, int]:
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise OperatorError(
            "PostgreSQL refuses to run as root and there is no user nobody to lend it: run as an ordinary user, "
            "or set DATABASE_URL to a server of yours"
        ) from None
    return entry.pw_uid, entry.pw_gid


def _hides(path: Path) -> bool:
    """Whether other users cannot read `path`, by its own mode or that of a directory above it."""
    wanted = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0)
    above = any(not parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    return above or path.stat().st_mode & wanted != wanted


def _capability_prefix(uid: int, gid: int, hidden: Path) -> tuple[str, ...]:
    setpriv = shutil.which("setpriv", path=os.defpath + ":/usr/sbin:/sbin:/usr/bin")
    if setpriv is None or not _may_lend_read_search():
        raise OperatorError(
            f"PostgreSQL refuses to run as root and other users can't read {hidden}: run as an ordinary user, "
            "move the checkout to a directory that others can enter, or set DATABASE_URL to a server of yours"
        )
    # no_setuid_fixup: access(2) drops the capabilities of a user other than root unless it is set, and PostgreSQL
    # asks access(2) whether it can run its own program.
    identity = ("--reuid", str(uid), "--regid", str(gid), "--clear-groups", "--securebits", "+no_setuid_fixup")
    lent = ("--inh-caps", _READ_SEARCH, "--ambient-caps", _READ_SEARCH, "--bounding-set", f"-all,{_READ_SEARCH}")
    return (setpriv, *identity, *lent)


def _may_lend_read_search() -> bool:
    fields = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
    return bool(int(fields["CapBnd"], 16) & int(fields["CapEff"], 16) & (1 << _CAP_DAC_READ_SEARCH))
