from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.settings import OperatorError
from orchestration.simulator.profiles import PROFILES_FILE, load_profiles

if TYPE_CHECKING:
    from pathlib import Path

CANARY_FAMILIES = ("code-generation", "bug-fixing", "sql", "data-wrangling", "shell-config", "code-review")


def test_six_models_are_spread_from_excellent_to_poor() -> None:
    models = load_profiles().models
    assert set(models) == {"atlas", "borealis", "cobalt", "dynamo", "ember", "flint"}
    means = [sum(model.skill.of(family) for family in CANARY_FAMILIES) / 6 for model in models.values()]
    assert means == pytest.approx([9.3, 8.7, 8.0, 7.1, 6.0, 4.5])


def test_each_kind_of_event_happens_to_one_model() -> None:
    kinds = [event.kind for model in load_profiles().models.values() for event in model.events]
    assert sorted(kinds) == ["degradation", "latency_incident", "outage", "price_change"]


@pytest.mark.parametrize(
    ("found", "written", "complaint"),
    [
        ("refusal: 0.002", "refusal: 2", "models.atlas.reliability.refusal: Input should be less than or equal to 1"),
        ("remarks: 2", "remark: 2", "models.atlas.manner.remark"),
        ("kind: outage", "kind: storm", "models.ember.events.0"),
        ("seed: 20261123", "seed: [", "not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, found: str, written: str, complaint: str) -> None:
    text = PROFILES_FILE.read_text()
    assert found in text
    file = tmp_path / "profiles.yaml"
    file.write_text(text.replace(found, written, 1))
    with pytest.raises(OperatorError) as error:
        load_profiles(file)
    assert str(file) in str(error.value)
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="can't read the profiles"):
        load_profiles(tmp_path / "none.yaml")
