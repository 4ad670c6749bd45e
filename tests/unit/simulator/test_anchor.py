from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from orchestration.settings import OperatorError
from orchestration.simulator.anchor import ANCHOR_FILE, remembered_anchor

if TYPE_CHECKING:
    from pathlib import Path


def test_the_first_day_is_remembered(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert remembered_anchor(home) == datetime.now(UTC).date()
    (home / ANCHOR_FILE).write_text("2026-01-31\n")
    assert remembered_anchor(home) == date(2026, 1, 31)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / ANCHOR_FILE).write_text("soon")
    with pytest.raises(OperatorError, match="holds no date: delete it"):
        remembered_anchor(tmp_path)


def test_a_home_that_is_no_directory_is_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("")
    with pytest.raises(OperatorError, match="can't keep the simulator's date"):
        remembered_anchor(home)
