"""Which listed models become targets: by rule at once, or by an operator; and how one is retired again.

Not here: the rules themselves (providers.discovery), nor what hosts list (discover).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from orchestration.pricing.price_book import PriceBook
from orchestration.providers.discovery import Proposal, proposals_of
from orchestration.records import Change, Enrolment
from orchestration.settings import OperatorError
from orchestration.storage.discovery_rows import read_enrolments, read_sightings, record_enrolments
from orchestration.storage.raw_tables import record_changes
from orchestration.storage.read_back import read_prices

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orchestration.providers.target_entries import FaultyRule
    from orchestration.providers.target_file import DiscoveryRule
    from orchestration.providers.targets import Target
    from orchestration.records import ModelSighting
    from orchestration.storage.bulk_insert import Connection


def open_proposals(
    connection: Connection, targets: Sequence[Target], rules: Sequence[DiscoveryRule | FaultyRule]
) -> list[Proposal]:
    """The models that hosts list now and that neither a target measures nor a rule ignores."""
    book, now = PriceBook.from_rows(read_prices(connection)), datetime.now(UTC)

    def is_priced(seen: ModelSighting) -> bool:
        return seen.has_published_price or book.price_at(seen.provider, seen.model, now) is not None

    sightings = chain.from_iterable(models.values() for models in read_sightings(connection).values())
    return proposals_of(sightings, rules, targets, is_priced)


def enrol_by_rule(connection: Connection, proposals: Iterable[Proposal]) -> list[Enrolment]:
    """Enrol what its rule gives leave for: it is measured from the next hour that is planned."""
    return [_enrol(connection, proposal, proposal.rule) for proposal in proposals if proposal.is_enrolled_at_once]


def enrol(connection: Connection, target_id: str, proposals: Sequence[Proposal]) -> Enrolment:
    """Enrol one proposal by an operator's word, or a target that was retired. Raises OperatorError for another id."""
    if chosen := next((proposal for proposal in proposals if proposal.target_id == target_id), None):
        return _enrol(connection, chosen, "operator")
    if (known := _known(connection, target_id)) is None:
        raise OperatorError(f"no proposal {target_id!r}: `./aibaas targets proposals` names them")
    if known.is_enrolled:
        raise OperatorError(f"{target_id} is enrolled already")
    return _record(connection, replace(known, recorded_at=datetime.now(UTC), is_enrolled=True, source="operator"))


def retire(connection: Connection, target_id: str) -> Enrolment:
    """End an enrolment; what was measured stays. Raises OperatorError for a target that is not an enrolled one."""
    known = _known(connection, target_id)
    if known is None or not known.is_enrolled:
        raise OperatorError(
            f"{target_id} is not enrolled: a target of the targets file is retired there, with `lifecycle: retired`"
        )
    return _record(connection, replace(known, recorded_at=datetime.now(UTC), is_enrolled=False, source="operator"))


def _known(connection: Connection, target_id: str) -> Enrolment | None:
    return next((known for known in read_enrolments(connection) if known.target_id == target_id), None)


def _enrol(connection: Connection, proposal: Proposal, source: str) -> Enrolment:
    definition, moment = proposal.definition, datetime.now(UTC)
    return _record(
        connection, Enrolment(proposal.target_id, moment, is_enrolled=True, definition=definition, source=source)
    )


def _record(connection: Connection, enrolment: Enrolment) -> Enrolment:
    record_enrolments(connection, [enrolment])
    record_changes(connection, [_change(enrolment)])
    return enrolment


def _change(enrolment: Enrolment) -> Change:
    definition = enrolment.definition
    return Change(
        kind="enrolment",
        subject=enrolment.target_id,
        effective_at=enrolment.recorded_at,
        old_value=None if enrolment.is_enrolled else definition,
        new_value=definition if enrolment.is_enrolled else None,
        source=enrolment.source,
        noticed_at=enrolment.recorded_at,
    )
