from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.settings import OperatorError
from orchestration.storage.key_files import key_in

if TYPE_CHECKING:
    from pathlib import Path


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "home" / "rotation.key"
    key = key_in(file, "AIBAAS_ROTATION_KEY", "seeds change")
    assert key_in(file, "AIBAAS_ROTATION_KEY", "seeds change") == key
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]
    file.write_bytes(b"half")
    with pytest.raises(OperatorError, match=r"is not whole; delete it and another one is made \(seeds change\)"):
        key_in(file, "AIBAAS_ROTATION_KEY", "seeds change")


def test_a_place_that_can_not_be_written_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")
    with pytest.raises(OperatorError, match="set AIBAAS_API_KEY_SECRET"):
        key_in(tmp_path / "home" / "api-keys.key", "AIBAAS_API_KEY_SECRET", "every key ends")
