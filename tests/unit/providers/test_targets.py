from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from orchestration.providers.target_entries import read_target_file
from orchestration.providers.target_file import TargetEntry
from orchestration.providers.targets import enabled_targets, load_hosts, load_targets
from orchestration.settings import PROJECT_ROOT, OperatorError

if TYPE_CHECKING:
    from pathlib import Path

TARGETS_FILE = PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml"
URL = "http://127.0.0.1:1/v1"


def test_without_keys_only_simulated_targets_are_enabled_and_the_others_say_why() -> None:
    targets = load_targets(TARGETS_FILE, environment={}, simulator_url=URL)
    simulated = [t for t in targets if t.is_enabled]
    assert [t.target_id for t in simulated] == [
        "sim-atlas", "sim-borealis", "sim-cobalt", "sim-dynamo", "sim-ember", "sim-flint",
    ]  # fmt: skip
    assert all(t.is_simulated and t.host.base_url == URL for t in simulated)
    reasons = {t.target_id: t.disabled_reason for t in targets if not t.is_enabled}
    assert reasons["anthropic-claude-opus-5-5"] == "missing ANTHROPIC_API_KEY"
    assert all(reason is not None and reason.startswith("missing ") for reason in reasons.values())


def test_a_key_enables_its_targets_and_is_never_shown() -> None:
    targets = load_targets(TARGETS_FILE, environment={"OPENAI_API_KEY": "sk-secret"}, simulator_url=None)
    enabled = enabled_targets(targets)
    assert {t.provider for t in enabled} == {"openai"}
    assert "sk-secret" not in repr(enabled)
    assert {t.disabled_reason for t in targets if t.provider == "simulator"} == {"the simulator is switched off"}


def test_recorded_answers_are_a_target_that_is_labelled_as_simulated() -> None:
    environment = {"RECORDED_ANSWERS_BASE_URL": "http://127.0.0.1:9/v1", "RECORDED_ANSWERS_MODEL": "gpt-4"}
    (recorded,) = enabled_targets(load_targets(TARGETS_FILE, environment=environment, simulator_url=None))
    assert (recorded.target_id, recorded.model, recorded.is_simulated) == ("recorded-answers", "gpt-4", True)
    assert recorded.host.base_url == "http://127.0.0.1:9/v1"


def test_limits_of_its_own_stand_in_place_of_the_hosts_and_make_another_definition(tmp_path: Path) -> None:
    changed = tmp_path / "targets.yaml"
    before = "    host: simulator\n    model: atlas\n"
    assert before in TARGETS_FILE.read_text()
    changed.write_text(TARGETS_FILE.read_text().replace(before, f"{before}    limits: {{max_concurrency: 2}}\n"))
    own = load_targets(changed, environment={}, simulator_url=URL)[0]
    shared = load_targets(TARGETS_FILE, environment={}, simulator_url=URL)[0]
    assert (own.host.limits.max_concurrency, shared.host.limits.max_concurrency) == (2, 64)
    assert (own.host.name, own.host_name, shared.host.name) == ("simulator/sim-atlas", "simulator", "simulator")
    assert own.definition_sha256 != shared.definition_sha256
    row = own.to_row(datetime(2026, 1, 1, tzinfo=UTC))
    assert row.limits is not None
    assert (row.limits["max_concurrency"], row.price_source) == (2, "published")


@pytest.mark.parametrize("key", ["sk-1\n", "sk 1", "sk-\u00e9", "\tsk"])
def test_a_broken_key_disables_its_targets_only(key: str) -> None:
    targets = load_targets(TARGETS_FILE, environment={"OPENAI_API_KEY": key}, simulator_url=URL)
    reasons = {t.disabled_reason for t in targets if t.provider == "openai"}
    assert reasons == {"OPENAI_API_KEY holds a line break, a space or another character that no key has"}
    assert key not in repr(targets)


def test_a_host_of_ones_own_needs_address_and_model_but_no_key() -> None:
    environment = {"OPENAI_COMPATIBLE_BASE_URL": "http://localhost:8000/v1/", "OPENAI_COMPATIBLE_MODEL": "mine"}
    (own,) = enabled_targets(load_targets(TARGETS_FILE, environment=environment, simulator_url=None))
    assert (own.target_id, own.model, own.host.base_url) == ("openai-compatible", "mine", "http://localhost:8000/v1")


def test_the_definition_changes_with_what_is_measured_and_not_with_the_address() -> None:
    here, there = (load_targets(TARGETS_FILE, environment={}, simulator_url=url) for url in (URL, "http://x:2/v1"))
    assert here[0].definition_sha256 == there[0].definition_sha256
    assert len({target.definition_sha256 for target in here}) == len(here)
    row = here[0].to_row(datetime(2026, 1, 1, tzinfo=UTC))
    assert (row.target_id, row.host, row.is_simulated, row.definition_sha256) == (
        "sim-atlas", "simulator", True, here[0].definition_sha256,
    )  # fmt: skip


def spoilt(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """A copy of the shipped file in which the first of each is the second."""
    text = TARGETS_FILE.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    place = tmp_path / "targets.yaml"
    place.write_text(text)
    return place


def test_the_shipped_file_has_no_fault() -> None:
    assert [str(fault) for fault in read_target_file(TARGETS_FILE).faults] == []


@pytest.mark.parametrize(
    ("before", "after", "said", "subject"),
    [
        ("host: openai\n", "host: opnai\n", "host: no host 'opnai' in this file", "target openai-gpt-6.1-sol"),
        ("{host: openai, pattern", "{host: opnai, pattern", "host: no host 'opnai' in", "rule opnai *embedding*"),
        (
            "decision: ignore",
            "decision: maybe",
            "discovery[0].decision: input should be 'enrol', 'propose' or 'ignore'",
            "rule openai *embedding*",
        ),
        ("hosts:\n", "hosts:\n  open/ai: {}\n", "hosts.open/ai", "host open/ai"),
        ("protocol: gemini", "protocol: gemeni", "hosts.google.protocol: input should be", "host google"),
        ("    provider: google\n", "", "hosts.google.provider: field required", "host google"),
        ("  google:\n", "  google: 7\n  other:\n", "hosts.google: input should be an object", "host google"),
        (
            "    label: Cobalt\n",
            "    label: Cobalt\n    budget: {usd_per_day: 0}\n",
            "targets[2].budget.usd_per_day: input should be greater than 0",
            "target sim-cobalt",
        ),
        ("is_simulated: true", "is_simulatd: true", "hosts.simulator.is_simulatd: extra inputs", "host simulator"),
        ("    label: Atlas\n", "", "targets[0].label: field required", "target sim-atlas"),
        ("max_concurrency: 64", "max_concurrency: 0", "max_concurrency: input should be greater", "host simulator"),
        (
            "    model: cobalt\n",
            "    model: cobalt\n    limits: {tokens_per_minute: -1}\n",
            "limits.tokens_per_minute: input should be greater",
            "target sim-cobalt",
        ),
        ("    model: cobalt\n", "    model: two words\n", "model: string should match pattern", "target sim-cobalt"),
        ("    model: cobalt\n", "    model: cobalt\n    colour: red\n", "colour: extra inputs", "target sim-cobalt"),
        ("    model: cobalt\n", "    model: cobalt\n    route: x\n", "route: only an openrouter", "target sim-cobalt"),
        (
            "    model: cobalt\n",
            "    model: cobalt\n    successor: sim-none\n",
            "successor: no target 'sim-none' in this file",
            "target sim-cobalt",
        ),
        (
            "training_cutoff: 2024-06-30",
            "training_cutoff: soon",
            "training_cutoff: input should be a valid date",
            "target openrouter-gpt-oss-120b-deepinfra",
        ),
        ("target_id: sim-borealis", "target_id: sim-atlas", "sim-atlas is stated twice", "target sim-atlas"),
        ("  - target_id: sim-borealis\n    label", "  - label", "targets[1].target_id: field req", "target targets[1]"),
        (
            "  - target_id: sim-atlas\n",
            "  - 7\n  - target_id: sim-atlas\n",
            "targets[0]: input sh",
            "target targets[0]",
        ),
    ],
)
def test_a_mistake_in_one_entry_skips_that_entry_alone_and_is_told_with_file_line_field_and_name(
    tmp_path: Path, before: str, after: str, said: str, subject: str
) -> None:
    broken = spoilt(tmp_path, (before, after))
    entries, sound = read_target_file(broken), read_target_file(TARGETS_FILE)
    (fault,) = entries.faults
    assert re.match(rf"{broken}:\d+: ", str(fault))
    assert said in str(fault)
    assert str(fault).endswith(f"({subject})")
    assert "\n" not in str(fault)
    assert re.match(r"targets\.yaml:\d+: ", fault.reason)
    kept = [entry for entry in entries.targets if isinstance(entry, TargetEntry)]
    assert len(kept) >= len(sound.targets) - (fault.kind == "target")
    assert len(entries.discovery) == len(sound.discovery)
    assert set(sound.usable_hosts) - set(entries.usable_hosts) <= {"google", "openai", "simulator"}


def test_a_faulty_target_is_shown_as_skipped_and_the_others_are_asked(tmp_path: Path) -> None:
    broken = spoilt(
        tmp_path,
        ("    host: simulator\n    model: cobalt\n", "    host: simulatr\n    model: cobalt\n"),
        ("target_id: sim-ember", "target_id: sim-atlas"),
        ("    label: Flint\n", "    label: [Flint]\n"),
    )
    targets = load_targets(broken, environment={}, simulator_url=URL)
    assert len(targets) == 18
    assert [target.target_id for target in enabled_targets(targets)] == ["sim-atlas", "sim-borealis", "sim-dynamo"]
    skipped = {target.target_id: target for target in targets if not target.is_readable}
    assert [(name, target.host_label, target.model, target.has_own_id) for name, target in skipped.items()] == [
        ("sim-cobalt", "simulatr", "cobalt", True),
        ("targets[4]", "simulator", "ember", False),
        ("sim-flint", "simulator", "flint", True),
    ]
    assert skipped["sim-flint"].is_simulated
    assert all(target.is_withdrawn for target in skipped.values())
    with pytest.raises(
        OperatorError, match=r"target sim-cobalt is disabled: targets\.yaml:\d+: targets\[2\]\.host: no host"
    ):
        enabled_targets(targets, "sim-cobalt")
    row = skipped["sim-flint"].to_row(datetime(2026, 1, 1, tzinfo=UTC))
    assert (row.limits, row.price_source, row.is_enabled, row.is_simulated) == (None, None, False, True)


def test_a_faulty_host_skips_its_targets_each_with_its_reason(tmp_path: Path) -> None:
    broken = spoilt(tmp_path, ("max_concurrency: 64", "max_concurrency: many"))
    targets = load_targets(broken, environment={"OPENAI_API_KEY": "key"}, simulator_url=URL)
    assert {target.provider for target in enabled_targets(targets)} == {"openai"}
    simulated = [target for target in targets if target.provider == "simulator"]
    assert len(simulated) == 6
    assert all("hosts.simulator.limits.max_concurrency" in (target.disabled_reason or "") for target in simulated)
    assert all(target.is_simulated and target.definition["limits"] is None for target in simulated)
    hosts = load_hosts(broken, environment={}, simulator_url=URL)
    assert "max_concurrency" in (hosts["simulator"][1] or "")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("model: atlas", "model: [atlas", "(file): not YAML"),
        ("usd_per_day: 50", "usd_per_day: 0", "budget.usd_per_day: input should be greater than 0"),
        ("budget: {usd", "budgets: {usd", "budgets: extra inputs are not permitted"),
        ("discovery:\n", "discovery:\nmore:\n", "discovery: input should be a valid"),
        ("    label: Atlas\n", "    label: Atlas\n    label: Atlas\n", "targets[0].label: duplicate key"),
    ],
)
def test_a_mistake_outside_all_entries_refuses_the_file_with_file_line_and_field(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    broken = spoilt(tmp_path, (before, after))
    with pytest.raises(OperatorError, match=rf"^{broken}:\d+: ") as told:
        load_targets(broken, environment={}, simulator_url=None)
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="AIBAAS_TARGETS_FILE"):
        load_targets(tmp_path / "none.yaml", environment={}, simulator_url=None)


def test_asking_for_a_disabled_target_says_what_is_missing() -> None:
    targets = load_targets(TARGETS_FILE, environment={}, simulator_url=URL)
    assert enabled_targets(targets, "sim-flint")[0].model == "flint"
    with pytest.raises(OperatorError, match="missing ANTHROPIC_API_KEY"):
        enabled_targets(targets, "anthropic-claude-opus-5-5")
    with pytest.raises(OperatorError, match="no target 'x'"):
        enabled_targets(targets, "x")
