"""The sandbox's commands as a user who is not root.

Not here: what the tests expect of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT

IDENTITY = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
SYSTEM_PYTHON = Path("/usr/bin/python3")
ABI = sysconfig.get_config_var("SOABI")
IS_ALIKE = f"import sysconfig; raise SystemExit(sysconfig.get_config_var('SOABI') != {ABI!r})"


def as_ordinary_user(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """`aibaas sandbox ...` as nobody, with the system's Python: that of the tests may lie in the home of root."""
    if os.geteuid() != 0:
        pytest.skip("this is an ordinary user already: the other tests are the proof")
    if not SYSTEM_PYTHON.exists() or subprocess.run([SYSTEM_PYTHON, "-c", IS_ALIKE], check=False).returncode:
        pytest.skip("the system has no Python of this version")
    if any(not path.stat().st_mode & 0o001 for path in (PROJECT_ROOT, *PROJECT_ROOT.parents)):
        pytest.skip("the checkout lies where only root can enter")
    packages = os.pathsep.join((str(PROJECT_ROOT), sysconfig.get_path("purelib")))
    bare = {"PATH": os.defpath, "HOME": "/nonexistent", "PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"}
    assert shutil.which("setpriv"), "setpriv is missing: apt-get install util-linux"
    return subprocess.run(
        [*IDENTITY, SYSTEM_PYTHON, "-P", "-m", "orchestration.cli", "sandbox", *arguments],
        env=bare | environment, cwd="/", input=stdin, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
