"""A checkout that holds nothing but the launcher, and stand-ins for the Python that makes its environment.

Not here: the real environment from the real packages (e2e).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pathlib import Path

_STAND_IN = """\
#!/bin/sh
# Stands for a Python: it makes a virtual environment whose python is itself, and records what it is asked for.
printf '%s\\n' "$*" >>"{record}"
case "$*" in
  "-c import sys"*) exit {too_old} ;;
  "-c "*) exec {python} "$@" ;;
  "-m venv "*)
    for last; do :; done
    mkdir -p "$last/bin" "$last/lib"
    cp "$0" "$last/bin/python"
    ;;
  *"--require-hashes"*)
    {pip}
    echo 'Collecting one==1'
    echo 'Installing collected packages: one'
    touch "${{0%/bin/python}}/lib/one"
    ;;
  "-P -m orchestration.cli"*) shift 3; printf 'cli in %s: %s\\n' "$PWD" "$*" ;;
esac
"""


@dataclass(frozen=True)
class StubCheckout:
    """`aibaas` and a lock file in `root`; programs in `bin` come first on PATH; `record` has a line per Python call."""

    root: Path
    bin: Path
    record: Path

    @property
    def launcher(self) -> Path:
        return self.root / "aibaas"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": f"{self.bin}:/usr/bin:/bin", "AIBAAS_PYTHON": "python3"}

    def offer_python(self, *, is_too_old: bool = False, pip: str = ":") -> None:
        """Put a stand-in on PATH; `pip` is what installing packages does before it succeeds."""
        text = _STAND_IN.format(record=self.record, too_old=int(is_too_old), python=sys.executable, pip=pip)
        self.add_program("python3", text)

    def add_program(self, name: str, text: str) -> None:
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)

    def start(
        self, *arguments: str, prefix: tuple[str, ...] = (), script: Path | None = None, cwd: Path | None = None
    ) -> subprocess.Popen[str]:
        command = [*prefix, "/usr/bin/dash", str(script or self.launcher), *arguments]
        return subprocess.Popen(
            command,
            cwd=cwd or self.root.parent,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(
        self, *arguments: str, prefix: tuple[str, ...] = (), script: Path | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments, prefix=prefix, script=script, cwd=cwd)
        try:
            out, err = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def installs(self) -> int:
        """How often packages have been installed."""
        return sum("--require-hashes" in line for line in self.asked())

    def asked(self) -> list[str]:
        return self.record.read_text().splitlines() if self.record.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> StubCheckout:
    """A checkout in a directory with a space in its name, with a Python that works."""
    root, programs = tmp_path / "a checkout", tmp_path / "bin"
    root.mkdir()
    programs.mkdir()
    shutil.copy(PROJECT_ROOT / "aibaas", root / "aibaas")
    (root / "requirements.lock").write_text("one==1 --hash=sha256:00\n")
    stub = StubCheckout(root, programs, tmp_path / "record")
    stub.add_program("df", "#!/bin/sh\necho header\necho 'disk 9 9 9999999 9% /'\n")
    stub.offer_python()
    return stub
