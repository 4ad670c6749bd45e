"""`aibaas archive verify` as a process: its word and its exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.storage.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from orchestration.records import Response
    from tests.integration.cli.conftest import RunAibaas


def test_a_torn_file_is_named_and_a_range_without_it_is_whole(
    aibaas: RunAibaas, home: Path, make_response: Callable[..., Response]
) -> None:
    assert aibaas("migrate").returncode == 0
    archive, response = Archive(home / "archive"), make_response()
    with archive.journal(response.benchmark_hour) as journal:
        journal.append(response)
    name = archive.seal(response.benchmark_hour)
    assert name is not None
    file = home / "archive" / name
    file.write_bytes(file.read_bytes()[:900])
    torn = aibaas("archive", "verify")
    assert torn.returncode == 1, torn.stderr
    assert f"{name}: is damaged (" in torn.stdout
    assert torn.stdout.endswith("1 faults\n")
    other = aibaas("archive", "verify", "--from", "2026-01-01T00", "--to", "2026-01-01T01")
    assert (other.returncode, other.stdout) == (0, "0 hours, 0 files, 0 attempts compared: 0 faults\n")
    backwards = aibaas("archive", "verify", "--from", "2026-01-02T00", "--to", "2026-01-01T00")
    assert (backwards.returncode, backwards.stderr.count("\n")) == (2, 1)
    assert "--from is after --to" in backwards.stderr
