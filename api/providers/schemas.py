"""The shape of the list of providers.

Not here: where its numbers come from (queries.py).
"""

from typing import Annotated, Any, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import Meta, SimulatedLabel
from api.ordering import SORT, OrderedQuery, SortableBy
from api.parameters import Simulated
from api.providers.queries import LISTED_PROVIDERS

EXAMPLE: dict[str, Any] = {
    "meta": {"as_of": "2026-11-23T21:04:12Z", "simulated": True},
    "data": [
        {
            "provider": "simulator",
            "model_count": 6,
            "enabled_model_count": 6,
            "simulated": True,
            "first_answered_at": "2026-11-09T21:00:01Z",
            "last_answered_at": "2026-11-23T20:00:05Z",
        }
    ],
    "next_cursor": None,
}


class ProvidersQuery(OrderedQuery):
    """Filters and order of the list of providers."""

    simulated: Simulated = "any"
    sort: Annotated[str, SortableBy(LISTED_PROVIDERS), Field(description=SORT)] = "provider"


class Provider(BaseModel):
    """Who offers measured models."""

    ALWAYS: ClassVar = ("provider", "model_count", "simulated")

    provider: str
    model_count: int
    enabled_model_count: int = Field(description="Models that are measured now.")
    simulated: SimulatedLabel = Field(description="Whether its models are simulated: all, none or some.")
    first_answered_at: AwareDatetime | None
    last_answered_at: AwareDatetime | None


class ProviderList(BaseModel):
    """Providers, by name unless sorted otherwise."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meta: Meta
    data: list[Provider]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")
