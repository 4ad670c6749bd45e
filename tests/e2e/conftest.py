"""One clean clone with a finished demo, shared by the tests that use the product as a newcomer would.

Not here: the browser (support.browser).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.support.network import WatchedRun, run_watched
from tests.support.product import SMALL, Checkout, bare_environment, clean_clone, port_variables

if TYPE_CHECKING:
    from collections.abc import Iterator


DAYS = 2
"""Of history; a person gets fourteen."""


@dataclass(frozen=True)
class Demo:
    """What `./aibaas demo` did in a clean clone, and how long each part took."""

    checkout: Checkout
    run: WatchedRun
    packages_s: float
    demo_s: float


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Packages are installed with the network there is; the demo then runs where every packet out is counted."""
    directory = tmp_path_factory.mktemp("newcomer")
    directory.chmod(0o755)
    checkout = Checkout(clean_clone(directory), bare_environment(directory / "home") | SMALL | port_variables())
    started = time.monotonic()
    first = checkout.run("--version", timeout_s=900)
    assert first.returncode == 0, first.stderr
    installed = time.monotonic()
    watched = run_watched(
        [str(checkout.path / "aibaas"), "demo", "--days", str(DAYS)],
        cwd=directory, env=checkout.environment, scratch=tmp_path_factory.mktemp("watched"), timeout_s=1200,
    )  # fmt: skip
    finished = time.monotonic()
    checkout.run("down")  # its database lives in the watched network; what follows starts one of its own
    yield Demo(checkout, watched, installed - started, finished - installed)
    checkout.run("down")
