"""What the daily listings of all hosts say: which models are there, which came, which are gone.

Not here: asking one host (providers.listings), nor which of the models become targets (enrolment).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from orchestration.pricing.published import published_price_rows
from orchestration.providers.failures import ProviderError
from orchestration.records import Change, ModelSighting
from orchestration.storage.discovery_rows import read_sightings, record_sightings
from orchestration.storage.raw_tables import record_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orchestration.providers.interface import ListedModel, ProviderClient
    from orchestration.providers.targets import Host
    from orchestration.storage.bulk_insert import Connection


@dataclass(frozen=True, slots=True)
class Listing:
    """The whole listing of one host and when it was complete."""

    host: Host
    models: Sequence[ListedModel]
    listed_at: datetime


@dataclass(slots=True)
class Listings:
    """What the hosts answered. `silent_hosts` gave no listing, each with the reason: nothing is concluded from that."""

    answered: list[Listing] = field(default_factory=list)
    silent_hosts: dict[str, str] = field(default_factory=dict)


async def ask_hosts(hosts: Iterable[Host], client: ProviderClient) -> Listings:
    """Ask all hosts at once; one that fails is silent and keeps no other from being heard."""
    listings = Listings()

    async def ask(host: Host) -> None:
        try:
            models = await client.list_models(host)
        except ProviderError as error:
            listings.silent_hosts[host.name] = error.detail
        else:
            listings.answered.append(Listing(host, models, datetime.now(UTC)))

    async with client:
        await asyncio.gather(*map(ask, hosts))
    listings.answered.sort(key=lambda listing: listing.host.name)
    return listings


def record_listings(connection: Connection, listings: Listings) -> list[Change]:
    """Keep when each model was seen, and what changed by that. Returns the changes.

    A listing of before the one that is known (another machine was faster, or its clock is ahead) is left out.
    """
    known = read_sightings(connection)
    changes: list[Change] = []
    for listing in listings.answered:
        before = known.get(listing.host.name, {})
        if all(_newest(sighting) < listing.listed_at for sighting in before.values()):
            sightings, changed = seen_in(listing, before)
            record_sightings(connection, sightings)
            changes += changed
    record_changes(connection, changes)
    return changes


def seen_in(listing: Listing, known: Mapping[str, ModelSighting]) -> tuple[list[ModelSighting], list[Change]]:
    """The sightings of a host after a listing, and what changed. `known` are those before it, by model.

    A model is gone when two listings in a row lack it; it was there until the first of them.
    """
    listed = {model.model: model for model in listing.models}
    seen = [_seen(listing, model, known.get(name)) for name, model in listed.items()]
    changes = [_appeared(sighting, known) for sighting in seen if _is_new(sighting, known)]
    missed = [_missed(old, listing.listed_at) for name, old in known.items() if name not in listed]
    gone = [
        _vanished(sighting, sighting.missed_since, listing.listed_at)
        for sighting in missed
        if sighting.missed_since and sighting.vanished_at == listing.listed_at
    ]
    return [*seen, *missed], [*changes, *gone]


def _newest(sighting: ModelSighting) -> datetime:
    """The newest listing that said something of a model."""
    return sighting.vanished_at or sighting.missed_since or sighting.last_seen_at


def _seen(listing: Listing, model: ListedModel, known: ModelSighting | None) -> ModelSighting:
    is_priced = _has_published_price(listing, model)
    return ModelSighting(
        host=listing.host.name,
        model=model.model,
        provider=listing.host.provider,
        has_published_price=is_priced,
        pricing=model.pricing if is_priced else None,
        first_seen_at=known.first_seen_at if known else listing.listed_at,
        last_seen_at=listing.listed_at,
    )


def _has_published_price(listing: Listing, model: ListedModel) -> bool:
    host = listing.host
    rows = published_price_rows(
        host.provider, model.model, model.pricing, source=host.address, seen_at=listing.listed_at
    )
    return host.price_source == "published" and bool(rows)


def _missed(known: ModelSighting, listed_at: datetime) -> ModelSighting:
    if known.missed_since is None:
        return replace(known, missed_since=listed_at)
    return known if known.vanished_at else replace(known, vanished_at=listed_at)


def _is_new(sighting: ModelSighting, known: Mapping[str, ModelSighting]) -> bool:
    old = known.get(sighting.model)
    return old is None or old.vanished_at is not None


def _appeared(sighting: ModelSighting, known: Mapping[str, ModelSighting]) -> Change:
    """A model in the first listing of its host may be an old one; that is told apart from one that came later."""
    came_back = sighting.model in known
    event = "came_back" if came_back else "first_seen" if known else "in_first_listing"
    return _listing_change(sighting, sighting.last_seen_at, sighting.last_seen_at, new={"event": event})


def _vanished(sighting: ModelSighting, missed_since: datetime, noticed_at: datetime) -> Change:
    last_seen = {"last_seen_at": sighting.last_seen_at.isoformat()}
    return _listing_change(sighting, missed_since, noticed_at, old=last_seen)


def _listing_change(
    sighting: ModelSighting,
    effective_at: datetime,
    noticed_at: datetime,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> Change:
    where = {"host": sighting.host}
    return Change(
        kind="listing",
        subject=f"{sighting.provider}/{sighting.model}",
        effective_at=effective_at,
        old_value=old and where | old,
        new_value=new and where | new,
        source=f"model listing of {sighting.host}",
        noticed_at=noticed_at,
    )
