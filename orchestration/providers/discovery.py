"""What the rules of the targets file make of the models that hosts list: a proposal each, to enrol or to look at.

Not here: asking the hosts (listings), nor storing what was enrolled (storage).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from orchestration.providers.target_entries import FaultyRule
from orchestration.providers.target_file import DiscoveryRule, Measured, TargetEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from orchestration.providers.targets import Target
    from orchestration.records import ModelSighting

LONGEST_ID, LONGEST_LABEL = 63, 80
_BY_HAND = DiscoveryRule(host="*", pattern="*", decision="propose")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A model that a host lists and no target measures, as the target that it would be.

    `rule` names what decided. `is_enrolled_at_once` is the rule's leave; without it `reason` says what is missing.
    """

    entry: TargetEntry
    rule: str
    is_enrolled_at_once: bool
    reason: str | None

    @property
    def target_id(self) -> str:
        return self.entry.target_id

    @property
    def definition(self) -> dict[str, Any]:
        """The entry as the targets file would state it."""
        return self.entry.model_dump(mode="json", exclude_defaults=True)


def proposals_of(
    sightings: Iterable[ModelSighting],
    rules: Sequence[DiscoveryRule | FaultyRule],
    targets: Sequence[Target],
    is_priced: Callable[[ModelSighting], bool],
) -> list[Proposal]:
    """One proposal for each listed model that no target measures and no rule ignores; vanished ones are none."""
    measured = {(target.host_name, target.model) for target in targets}
    taken = {target.target_id for target in targets}
    made: list[Proposal] = []
    for seen in sightings:
        rule = _rule_of(seen, rules)
        is_open = seen.vanished_at is None and (seen.host, seen.model) not in measured
        if is_open and (isinstance(rule, FaultyRule) or rule.decision != "ignore"):
            made.append(_proposal(seen, rule, taken, is_priced))
            taken.add(made[-1].target_id)
    return made


def _rule_of(seen: ModelSighting, rules: Sequence[DiscoveryRule | FaultyRule]) -> DiscoveryRule | FaultyRule:
    fitting = (rule for rule in rules if rule.host in {seen.host, "*"} and fnmatchcase(seen.model, rule.pattern))
    return next(fitting, _BY_HAND)


def _proposal(
    seen: ModelSighting,
    rule: DiscoveryRule | FaultyRule,
    taken: set[str],
    is_priced: Callable[[ModelSighting], bool],
) -> Proposal:
    if isinstance(rule, FaultyRule):
        by_hand = _proposal(seen, _BY_HAND, taken, is_priced)
        return replace(by_hand, rule=f"rule {rule.fault.name}", reason=rule.fault.reason)
    entry = TargetEntry(
        target_id=_free_id(seen, rule, taken),
        label=rule.label.replace("{model}", seen.model)[:LONGEST_LABEL],
        host=seen.host,
        model=seen.model,
        **{name: getattr(rule, name) for name in Measured.model_fields},
    )
    reason = _reason(seen, rule, is_priced)
    name = "no rule" if rule is _BY_HAND else f"rule {rule.host} {rule.pattern}"
    return Proposal(entry, name, is_enrolled_at_once=reason is None, reason=reason)


def _reason(seen: ModelSighting, rule: DiscoveryRule, is_priced: Callable[[ModelSighting], bool]) -> str | None:
    if rule.decision == "propose":
        return "left to a person"
    if seen.missed_since is not None:
        return "the last listing lacks it"
    return "no price is known" if rule.is_price_required and not is_priced(seen) else None


def _free_id(seen: ModelSighting, rule: DiscoveryRule, taken: set[str]) -> str:
    """An id from host, model, upstream and effort; one that is taken or too long ends in a digest of the names."""
    parts = (seen.host, seen.model, rule.route, rule.reasoning_effort)
    plain = re.sub(r"[^a-z0-9.]+", "-", "-".join(part for part in parts if part).lower()).strip("-.")
    if len(plain) <= LONGEST_ID and plain not in taken:
        return plain
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:8]
    return f"{plain[: LONGEST_ID - 9]}-{digest}"
