from __future__ import annotations

import pytest

from api.envelope import SimulatedLabel, simulated_label


@pytest.mark.parametrize(
    ("flags", "label"),
    [([], None), ([True], True), ([False, False], False), ([True, False, True], "mixed")],
)
def test_one_label_stands_for_all_rows(flags: list[bool], label: SimulatedLabel | None) -> None:
    assert simulated_label(flags) == label
