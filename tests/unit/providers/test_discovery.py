from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.providers.discovery import Proposal, proposals_of
from orchestration.providers.target_entries import read_target_file
from orchestration.providers.target_file import Budget, DiscoveryRule, TargetEntry
from orchestration.records import ModelSighting
from tests.support.scripted_targets import scripted_target

if TYPE_CHECKING:
    from pathlib import Path

SEEN_AT = datetime(2026, 11, 23, tzinfo=UTC)


def sighting(model: str, **changes: Any) -> ModelSighting:
    return replace(ModelSighting("openai", model, "openai", False, SEEN_AT, SEEN_AT), **changes)


def rule(pattern: str, decision: str = "enrol", **more: Any) -> DiscoveryRule:
    return DiscoveryRule.model_validate({"host": "openai", "pattern": pattern, "decision": decision} | more)


def proposed(*models: str, rules: tuple[DiscoveryRule, ...] = (), is_priced: bool = True) -> list[Proposal]:
    return proposals_of(map(sighting, models), rules, [], lambda _: is_priced)


def test_the_first_rule_that_fits_decides() -> None:
    rules = (rule("*-audio", "ignore"), rule("gpt-9*"), rule("*", "ignore"))
    (enrolled,) = proposed("gpt-9-audio", "gpt-9", "whisper", rules=rules)
    assert (enrolled.entry.model, enrolled.is_enrolled_at_once, enrolled.rule) == ("gpt-9", True, "rule openai gpt-9*")
    (left,) = proposed("gpt-9", rules=(rule("gpt-9", "propose"), rule("gpt-9")))
    assert (left.is_enrolled_at_once, left.reason) == (False, "left to a person")


def test_a_rule_of_another_host_does_not_fit_and_no_rule_proposes() -> None:
    (left,) = proposed("gpt-9", rules=(DiscoveryRule(host="ollama", pattern="*", decision="enrol"),))
    assert (left.rule, left.is_enrolled_at_once, left.reason) == ("no rule", False, "left to a person")
    assert left.target_id == "openai-gpt-9"


def test_what_a_faulty_rule_may_have_been_meant_for_is_left_to_a_person(tmp_path: Path) -> None:
    rules = [
        "{host: openai, pattern: '*-audio', decision: ignroe}", "{host: openai, pattern: 'gpt-9*', decision: enrol}",
        "{host: opnai, pattern: 'o9*', decision: ignore}", "{host: openai, pattern: 'o*', decision: enrol}",
    ]  # fmt: skip
    file = tmp_path / "targets.yaml"
    host = "{provider: openai, address: a, protocol: openai, base_url: 'http://x'}"
    file.write_text(f"hosts:\n  openai: {host}\ntargets: []\ndiscovery:\n" + "".join(f"  - {one}\n" for one in rules))
    entries = read_target_file(file)
    made = proposals_of(map(sighting, ("gpt-9-audio", "gpt-9", "o9", "o8")), entries.discovery, [], lambda _: True)
    assert [(one.entry.model, one.is_enrolled_at_once) for one in made] == [
        ("gpt-9-audio", False), ("gpt-9", True), ("o9", False), ("o8", True),
    ]  # fmt: skip
    assert made[0].reason == ("targets.yaml:5: discovery[0].decision: input should be 'enrol', 'propose' or 'ignore'")
    assert made[2].rule == "rule opnai o9*"


def test_without_a_known_price_only_a_rule_that_says_so_enrols() -> None:
    (refused,) = proposed("gpt-9", rules=(rule("*"),), is_priced=False)
    assert (refused.is_enrolled_at_once, refused.reason) == (False, "no price is known")
    (enrolled,) = proposed("gpt-9", rules=(rule("*", is_price_required=False),), is_priced=False)
    assert enrolled.is_enrolled_at_once


def test_the_rule_says_how_its_models_are_measured() -> None:
    how = {
        "label": "{model}, hard",
        "reasoning_effort": "high",
        "sampling": {"temperature": 0},
        "limits": {"max_concurrency": 2},
        "budget": {"usd_per_day": Decimal("1.5")},
        "lifecycle": "preview",
    }
    (made,) = proposed("gpt-9", rules=(rule("*", **how),))
    entry = made.entry
    assert (entry.target_id, entry.label, entry.lifecycle) == ("openai-gpt-9-high", "gpt-9, hard", "preview")
    assert entry.budget == Budget(usd_per_day=Decimal("1.5"))
    assert TargetEntry.model_validate(made.definition, strict=False) == entry


def test_a_model_that_a_target_measures_or_that_is_gone_is_no_proposal() -> None:
    target = scripted_target("http://127.0.0.1:1/v1", host="openai", model="gpt-9", disabled_reason="retired")
    gone = sighting("gpt-8", missed_since=SEEN_AT + timedelta(1), vanished_at=SEEN_AT + timedelta(2))
    assert proposals_of([sighting("gpt-9"), gone], (rule("*"),), [target], lambda _: True) == []


def test_a_model_that_the_last_listing_lacks_is_not_enrolled() -> None:
    missed = sighting("gpt-9", missed_since=SEEN_AT + timedelta(1))
    (left,) = proposals_of([missed], (rule("*"),), [], lambda _: True)
    assert (left.is_enrolled_at_once, left.reason) == (False, "the last listing lacks it")


def test_ids_are_free_short_and_the_same_every_day() -> None:
    names = ("org/Model:V1", "org-model-v1", "x" * 80, "-", "modèle")
    ids = [made.target_id for made in proposed(*names)]
    assert ids[0] == "openai-org-model-v1"
    assert ids[1].startswith("openai-org-model-v1-")
    assert ids[3] == "openai"
    assert len(set(ids)) == len(names)
    assert ids == [made.target_id for made in proposed(*names)]
