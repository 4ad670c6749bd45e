"""The launcher `./aibaas` under dash: what it makes, what it leaves alone, and what it says when it can't."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from tests.integration.launcher.conftest import StubCheckout

IS_ROOT = os.geteuid() == 0
AS_NOBODY = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")

pytestmark = pytest.mark.skipif(shutil.which("dash") is None, reason="dash is not installed")


def complaint(result: subprocess.CompletedProcess[str]) -> str:
    """The last line of a refusal; whatever stands before it is progress."""
    assert result.returncode == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert all(line.startswith("aibaas: ") for line in lines), result.stderr
    return lines[-1]


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_first_start_makes_the_environment_and_runs_the_command(checkout: StubCheckout) -> None:
    result = checkout.run("status", "--all")
    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith(": status --all\n")
    assert "making .venv from requirements.lock" in result.stderr
    assert (checkout.venv / ".made-from").read_text() == (checkout.root / "requirements.lock").read_text()
    pip = next(line for line in checkout.asked() if "--require-hashes" in line)
    assert {"--no-deps", "--only-binary"} <= set(pip.split())
    assert "index" not in pip
    assert not (checkout.root / ".venv.log").exists()


def test_later_starts_make_nothing(checkout: StubCheckout) -> None:
    checkout.run("status")
    result = checkout.run("status")
    assert (result.returncode, result.stderr, checkout.installs()) == (0, "", 1)


def test_a_later_start_adds_little_time(checkout: StubCheckout, record_property: pytest.RecordProperty) -> None:
    """With the real lock file and an interpreter that does nothing, what remains is the launcher's own part."""
    shutil.copy(PROJECT_ROOT / "requirements.lock", checkout.root / "requirements.lock")
    checkout.run("status")
    took = []
    for _ in range(10):
        started = time.perf_counter()
        subprocess.run([checkout.launcher, "status"], env=checkout.environment, check=True, capture_output=True)
        took.append(time.perf_counter() - started)
    record_property("launcher_ms", round(min(took) * 1000, 1))
    print(f"a later start adds {min(took) * 1000:.1f} ms")
    assert min(took) < 0.2


def test_it_starts_from_any_directory_and_through_links(checkout: StubCheckout, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    relative, absolute = tmp_path / "links" / "first", tmp_path / "second"
    relative.symlink_to("../a checkout/aibaas")
    absolute.symlink_to(relative)
    for script in (checkout.launcher, relative, absolute, Path("../a checkout/aibaas")):
        result = checkout.run("status", script=script, cwd=tmp_path / "links")
        assert result.stdout == f"cli in {tmp_path / 'links'}: status\n", result.stderr
    assert checkout.installs() == 1


@pytest.mark.parametrize("state", ["no stamp", "other lock", "no python", "moved"])
def test_a_half_made_or_outdated_environment_is_made_anew(checkout: StubCheckout, state: str) -> None:
    checkout.run("status")
    left_over = checkout.venv / "lib" / "left-over"
    left_over.touch()
    if state == "no stamp":
        (checkout.venv / ".made-from").unlink()
    elif state == "other lock":
        (checkout.root / "requirements.lock").write_text("one==2 --hash=sha256:00\n")
    elif state == "no python":
        (checkout.venv / "bin" / "python").unlink()
    else:
        (checkout.venv / ".made-in").write_text("/elsewhere/.venv\n")
    result = checkout.run("status")
    assert result.returncode == 0, result.stderr
    assert checkout.installs() == 2
    assert not left_over.exists()


def test_a_start_that_was_killed_is_made_good(checkout: StubCheckout) -> None:
    hint = checkout.root.parent / "installing"
    checkout.offer_python(pip=f'touch "{hint}"; sleep 60')
    process = checkout.start("status")
    wait_for(hint)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not (checkout.venv / ".made-from").exists()
    checkout.offer_python()
    result = checkout.run("status")
    assert result.returncode == 0, result.stderr
    assert "waiting" not in result.stderr


def test_a_killed_start_is_waited_for_while_its_pip_still_writes(checkout: StubCheckout) -> None:
    hint, go_on = checkout.root.parent / "installing", checkout.root.parent / "go-on"
    checkout.offer_python(pip=f'touch "{hint}"; while [ ! -e "{go_on}" ]; do sleep 0.05; done')
    first = checkout.start("first")
    wait_for(hint)
    os.kill(first.pid, signal.SIGKILL)  # the launcher alone; what it started lives on
    second = checkout.start("second")
    assert second.stderr is not None
    assert "waiting for another start" in second.stderr.readline()
    go_on.touch()
    out, err = second.communicate(timeout=60)
    first.communicate()
    assert (second.returncode, out.endswith(": second\n")) == (0, True), err
    assert checkout.installs() == 2


def test_two_starts_at_once_make_one_environment(checkout: StubCheckout) -> None:
    checkout.offer_python(pip="sleep 0.5")
    starts = [checkout.start(name) for name in ("first", "second", "third")]
    results = [start.communicate(timeout=60) for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0], results
    assert checkout.installs() == 1
    assert sum("waiting for another start" in err for _, err in results) == 2


def test_no_suitable_python_is_said_in_one_line(checkout: StubCheckout) -> None:
    checkout.offer_python(is_too_old=True)
    result = checkout.run("status")
    assert re.fullmatch(r"aibaas: needs Python 3\.11, 3\.12 or 3\.13 and found none: .+\n", result.stderr)
    complaint(result)
    assert not checkout.venv.exists()


def test_a_disk_without_room_is_said_in_one_line(checkout: StubCheckout) -> None:
    checkout.add_program("df", "#!/bin/sh\necho header\necho 'disk 9 9 17 99% /'\n")
    result = checkout.run("status")
    assert "needs 3000 MB of free disk" in complaint(result)
    assert "has 17 MB" in result.stderr
    assert not checkout.venv.exists()


def test_no_network_is_said_in_one_line_and_leaves_nothing_that_looks_made(checkout: StubCheckout) -> None:
    checkout.offer_python(pip="echo 'ERROR: No matching distribution found for one==1'; exit 1")
    said = complaint(checkout.run("status"))
    assert "could not install the packages: is there a network" in said
    assert "No matching distribution found for one==1" in said
    assert not (checkout.venv / ".made-from").exists()
    checkout.offer_python()
    assert checkout.run("status").returncode == 0


def test_an_incomplete_checkout_is_said_in_one_line(checkout: StubCheckout) -> None:
    (checkout.root / "requirements.lock").unlink()
    assert "requirements.lock is missing" in complaint(checkout.run("status"))


@pytest.mark.skipif(IS_ROOT and shutil.which("setpriv") is None, reason="root needs setpriv to become another user")
def test_a_directory_that_is_not_writable_is_said_in_one_line(checkout: StubCheckout) -> None:
    if IS_ROOT:
        open_to_all(checkout)
    else:
        checkout.root.chmod(0o555)
    try:
        result = checkout.run("status", prefix=AS_NOBODY if IS_ROOT else ())
    finally:
        checkout.root.chmod(0o755)
    assert f"can't write in {checkout.root}: make it writable for " in complaint(result)
    assert not checkout.venv.exists()


def open_to_all(checkout: StubCheckout) -> None:
    """Let another user read the checkout and write the record, so that nothing but the modes of `root` stop it."""
    checkout.root.chmod(0o755)
    checkout.record.touch()
    checkout.record.chmod(0o666)
    for parent in checkout.root.parents:
        if parent.stat().st_mode & stat.S_IXOTH == 0:
            parent.chmod(parent.stat().st_mode | stat.S_IXOTH)
