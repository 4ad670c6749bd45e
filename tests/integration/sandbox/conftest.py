"""One limited-process sandbox for all tests of this folder."""

from __future__ import annotations

import pytest

from orchestration.sandbox.limited_process import LimitedProcessSandbox


@pytest.fixture(scope="session")
def sandbox() -> LimitedProcessSandbox:
    return LimitedProcessSandbox()


@pytest.fixture
def apart(sandbox: LimitedProcessSandbox) -> None:
    """For what only namespaces give."""
    if sandbox.level != "process":
        pytest.skip("this kernel gives us no namespaces")
