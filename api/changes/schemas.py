"""The shape of changes.

Not here: where they come from (queries.py).
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.changes.queries import LISTED_CHANGES
from api.envelope import SPAN_EXAMPLE, SpanMeta
from api.ordering import SORT, OrderedQuery, SortableBy
from api.parameters import ProviderFilter, Simulated, Since, TargetFilter, Until

Kind = Literal[
    "price",
    "listing",
    "enrolment",
    "lifecycle",
    "settings",
    "served_model",
    "fingerprint",
    "host",
    "limits",
    "libraries",
]

EXAMPLE: dict[str, Any] = {
    "meta": {"as_of": "2026-11-23T21:04:12Z", "simulated": True, **SPAN_EXAMPLE},
    "data": [
        {
            "target_id": "sim-atlas",
            "label": "Atlas",
            "provider": "simulator",
            "kind": "served_model",
            "subject": "sim-atlas",
            "effective_at": "2026-11-22T02:00:04Z",
            "old_value": {"served_model": "atlas-2026-09"},
            "new_value": {"served_model": "atlas-2026-11"},
            "source": "responses",
            "noticed_at": "2026-11-22T02:04:31Z",
            "is_simulated": True,
        }
    ],
    "next_cursor": None,
}


class ChangesQuery(OrderedQuery):
    """Filters and order of the list of changes."""

    target_id: TargetFilter = None
    provider: ProviderFilter = None
    kind: Annotated[Kind | None, Field(description="Only changes of this kind.")] = None
    since: Since = None
    until: Until = None
    simulated: Simulated = "any"
    sort: Annotated[str, SortableBy(LISTED_CHANGES), Field(description=SORT)] = "-effective_at"


class Change(BaseModel):
    """One change that concerns one model. A change of a host or of a provider's model concerns several."""

    ALWAYS: ClassVar = ("target_id", "kind", "subject", "effective_at", "is_simulated")

    target_id: str
    label: str
    provider: str
    kind: Kind = Field(description="What is otherwise.")
    subject: str = Field(description="Whose change it is: the `target_id`, `provider/model`, or the host's address.")
    effective_at: AwareDatetime = Field(description="From when the new value holds.")
    old_value: dict[str, Any] | None = Field(description="What held before; null is nothing.")
    new_value: dict[str, Any] | None = Field(description="What holds from then on; null is nothing.")
    source: str = Field(description="Who said so.")
    noticed_at: AwareDatetime
    is_simulated: bool


class ChangeList(BaseModel):
    """Changes, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meta: SpanMeta
    data: list[Change]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")
