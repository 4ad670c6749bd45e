"""The shape of prices.

Not here: where they come from (queries.py).
"""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import SPAN_EXAMPLE, Meta, SpanMeta
from api.ordering import SORT, OrderedQuery, SortableBy
from api.parameters import ProviderFilter, Simulated, Since, TargetFilter, Until
from api.prices.queries import LISTED_PRICES, PAST_PRICES

META_EXAMPLE: dict[str, Any] = {"as_of": "2026-11-23T21:04:12Z", "simulated": False}
EXAMPLE: dict[str, Any] = {
    "price_id": "acme/ohm@2026-10-01",
    "provider": "acme",
    "model": "ohm",
    "valid_from": "2026-10-01T00:00:00Z",
    "valid_to": None,
    "input_usd_per_mtok": 3.0,
    "output_usd_per_mtok": 15.0,
    "cached_input_usd_per_mtok": 0.3,
    "cache_write_usd_per_mtok": None,
    "reasoning_usd_per_mtok": None,
    "tiers": [
        {
            "service": "standard",
            "above_input_tokens": 200000,
            "input_usd_per_mtok": 6.0,
            "output_usd_per_mtok": 22.5,
            "cached_input_usd_per_mtok": 0.6,
            "cache_write_usd_per_mtok": None,
            "reasoning_usd_per_mtok": None,
        }
    ],
    "source": "https://acme.example/pricing",
    "checked_on": "2026-11-20",
    "target_ids": ["acme-ohm"],
    "is_simulated": False,
}


class PricesQuery(OrderedQuery):
    """Filters and order of the prices of now."""

    provider: ProviderFilter = None
    target_id: TargetFilter = None
    measured: Annotated[
        Literal["true", "false", "any"], Field(description="Only of models that are targets, only of others, or any.")
    ] = "any"
    simulated: Simulated = "any"
    sort: Annotated[str, SortableBy(LISTED_PRICES), Field(description=SORT)] = "provider"


class PriceHistoryQuery(OrderedQuery):
    """Filters and order of the history of prices."""

    provider: ProviderFilter = None
    model: Annotated[
        str | None, Field(pattern=r"^[ -~]{1,128}$", description="Only of this model, by the provider's name of it.")
    ] = None
    target_id: TargetFilter = None
    since: Since = None
    until: Until = None
    sort: Annotated[str, SortableBy(PAST_PRICES), Field(description=SORT)] = "-valid_from"


class PriceTier(BaseModel):
    """Prices in place of the row's own, for a batch or for long inputs."""

    service: str = Field(description="`standard` or `batch`.")
    above_input_tokens: int
    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None
    cached_input_usd_per_mtok: float | None
    cache_write_usd_per_mtok: float | None
    reasoning_usd_per_mtok: float | None


class Price(BaseModel):
    """What a provider asks for a model, in USD per million tokens; null is not published, never 0."""

    ALWAYS: ClassVar = ("price_id", "provider", "model", "valid_from", "is_simulated")

    price_id: str
    provider: str
    model: str
    valid_from: AwareDatetime
    valid_to: AwareDatetime | None = Field(description="When the next price takes its place; null where none does.")
    input_usd_per_mtok: float | None
    output_usd_per_mtok: float | None
    cached_input_usd_per_mtok: float | None = Field(description="Of tokens read from a cache.")
    cache_write_usd_per_mtok: float | None = Field(description="Of tokens written to a cache.")
    reasoning_usd_per_mtok: float | None = Field(description="Of tokens thought; null is that of output.")
    tiers: list[PriceTier]
    source: str = Field(description="Where the price was read.")
    checked_on: date = Field(description="When it was read last.")
    target_ids: list[str] = Field(description="The measured models that it buys.")
    is_simulated: bool


class PastPrice(Price):
    """A price with how it stands to the one before it."""

    input_price_ratio: float | None = Field(
        description="Over the price before; null where there is none, or either is unknown."
    )
    output_price_ratio: float | None


class PriceList(BaseModel):
    """Prices of now, by provider and model unless sorted otherwise."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"meta": META_EXAMPLE, "data": [EXAMPLE], "next_cursor": None}]}
    )

    meta: Meta
    data: list[Price]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")


class PriceHistory(BaseModel):
    """Prices, the newest first unless sorted otherwise."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "meta": META_EXAMPLE | SPAN_EXAMPLE,
                    "data": [{**EXAMPLE, "input_price_ratio": 0.75, "output_price_ratio": None}],
                    "next_cursor": None,
                }
            ]
        }
    )

    meta: SpanMeta
    data: list[PastPrice]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")
