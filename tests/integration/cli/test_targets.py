"""`aibaas targets`: what is measured, what is skipped and why, what hosts list besides and how it becomes a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import Result, RunAibaas

TARGETS_FILE = PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml"
ATLAS = "  - target_id: sim-atlas\n    label: Atlas\n    host: simulator\n    model: atlas\n"
BOREALIS = "  - target_id: sim-borealis\n    label: Borealis\n    host: simulator\n    model: borealis\n"
RULE = "  - {host: simulator, pattern: atlas, decision: enrol, budget: {usd_per_day: 40}}\n"


@pytest.fixture
def targets_file(tmp_path: Path) -> Path:
    """The targets file without two of the simulated targets, one of which a rule would enrol."""
    text = TARGETS_FILE.read_text(encoding="utf-8")
    assert ATLAS in text
    assert BOREALIS in text
    place = tmp_path / "targets.yaml"
    place.write_text(text.replace(ATLAS, "").replace(BOREALIS, "").replace("discovery:\n", f"discovery:\n{RULE}"))
    return place


def said(result: Result) -> list[str]:
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def test_skipped_targets_are_shown_with_the_reason(aibaas: RunAibaas, home: Path) -> None:
    lines = said(aibaas("targets", OPENAI_API_KEY="sk-1\n", GEMINI_API_KEY="key"))
    assert any(line.startswith("sim-atlas ") and line.endswith("simulator: atlas  measured") for line in lines)
    assert any(line.endswith("claude-haiku-5-5  skipped: missing ANTHROPIC_API_KEY") for line in lines)
    assert any("gpt-6-luna  skipped: OPENAI_API_KEY holds a line break" in line for line in lines)
    assert lines[-1] == "8 of 18 targets are measured"
    status = said(aibaas("status"))
    assert "targets        6 of 18 are measured" in status
    assert "  skipped, missing GEMINI_API_KEY: google-gemini-4-argon, google-gemini-3.8-flash" in status
    assert not home.exists()


def test_a_model_is_discovered_enrolled_and_retired(aibaas: RunAibaas, targets_file: Path) -> None:
    file = {"AIBAAS_TARGETS_FILE": str(targets_file)}
    poor = targets_file.with_name("poor.yaml")
    poor.write_text(targets_file.read_text().replace("usd_per_day: 40", "usd_per_day: 0.01"))
    assert "simulator: 6 models" in aibaas("targets", "discover", AIBAAS_TARGETS_FILE=str(poor)).stdout
    waiting = said(aibaas("targets", "proposals", AIBAAS_TARGETS_FILE=str(poor)))[0]
    assert waiting.startswith("simulator-atlas  simulator: atlas  rule simulator atlas: about ")
    assert "the target's own budget per day leaves 0.0100 of 0.01 USD" in waiting
    found = aibaas("targets", "discover", OLLAMA_API_BASE="http://127.0.0.1:9", **file)
    assert found.returncode == 1
    assert found.stdout.splitlines() == [
        "simulator-atlas is measured from the next hour on", "simulator: 6 models", "0 models came or went",
    ]  # fmt: skip
    assert "ollama: no listing: ClientConnectorError: Cannot connect to host 127.0.0.1:9" in found.stderr
    assert said(aibaas("targets", "proposals", **file))[0] == (
        "simulator-borealis  simulator: borealis  no rule: left to a person"
    )
    enrolled = "simulator-borealis is measured from the next hour on"
    assert said(aibaas("targets", "enrol", "simulator-borealis", **file)) == [enrolled]
    assert said(aibaas("targets", **file))[-1] == "6 of 18 targets are measured"
    assert said(aibaas("targets", "retire", "simulator-atlas", **file)) == ["simulator-atlas is measured no more"]
    assert "  skipped, retired by an operator: simulator-atlas" in said(aibaas("status", **file))
