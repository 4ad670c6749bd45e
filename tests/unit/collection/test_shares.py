from __future__ import annotations

import re

import pytest

from orchestration.collection.shares import WHOLE, is_in_share, share_names, share_of


@pytest.mark.parametrize("is_split", [True, False])
def test_every_target_is_in_exactly_one_share(is_split: bool) -> None:
    targets = ["sim-atlas", "sim-borealis", "openrouter/x.y:free"]
    shares = share_names(targets, is_split=is_split)
    assert len(shares) == (3 if is_split else 1)
    assert [sum(is_in_share(target, share) for share in shares) for target in targets] == [1, 1, 1]


def test_targets_of_like_names_are_in_one_share() -> None:
    shares = share_names(["a-b", "a.b", "c"], is_split=True)
    assert shares == ["target_a_b", "target_c"]
    assert is_in_share("a-b", "target_a_b")
    assert is_in_share("a.b", "target_a_b")


def test_an_hour_without_targets_is_one_share() -> None:
    assert share_names([], is_split=True) == [WHOLE]


@pytest.mark.parametrize("target", ["ünï-côde", "a b", "all_targets", "9", "x/y"])
def test_a_share_has_a_name_that_files_and_steps_can_bear(target: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_]+", share_of(target))
    assert share_of(target) != WHOLE
