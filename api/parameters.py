"""The vocabulary of query and path parameters that several resources share.

Not here: the cursor and limit of lists (pagination).
"""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)


def written_out(moment: object) -> object:
    """Raises ValueError for a bare number, which pydantic would take for seconds since 1970."""
    if isinstance(moment, str) and moment.strip().lstrip("+-").replace(".", "", 1).isdigit():
        raise ValueError("a moment is written like 2026-11-23T20:00:00Z")
    return moment


def behind_since(until: datetime | None, info: ValidationInfo) -> datetime | None:
    """Raises ValueError for the end of a span that would be empty."""
    since = info.data.get("since")
    if since is not None and until is not None and since >= until:
        raise ValueError("It must lie after `since`.")
    return until


NAME_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"

Window = Annotated[
    Literal["24h", "7d", "30d", "90d"],
    Field(description="The span that the numbers cover, back from the end of the newest measured hour."),
]
Granularity = Annotated[
    Literal["hour", "day", "week"],
    Field(description="One point per UTC hour, per UTC day, or per ISO week from Monday on."),
]
Simulated = Annotated[
    Literal["true", "false", "any"], Field(description="Only simulated models, only real ones, or any.")
]
FamilyName = Annotated[
    str,
    Field(pattern=NAME_PATTERN, description="A family of scenarios, such as `bug-fixing`; `all` is the whole suite."),
]
SuiteName = Annotated[str, Field(pattern=NAME_PATTERN, description="The set of scenarios that was measured.")]
Ceiling = Annotated[
    float | None,
    Field(ge=0, le=1e6, allow_inf_nan=False, description="At most this; what is unknown is left out then."),
]
SuiteFilter = Annotated[str | None, Field(pattern=NAME_PATTERN, description="Only of this suite.")]
ProviderFilter = Annotated[
    str | None, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$", description="Only models of this provider.")
]
ModelId = Annotated[
    str,
    Path(
        pattern=r"^[ -~]{1,64}$",
        description="The model's `target_id`, as /v1/models lists it.",
        examples=["sim-atlas"],
    ),
]
TargetFilter = Annotated[
    str | None,
    Field(pattern=r"^[ -~]{1,64}$", description="Only this model, by its `target_id`.", examples=["sim-atlas"]),
]
Since = Annotated[
    AwareDatetime | None,
    BeforeValidator(written_out),
    Field(description="Only from this moment on, with its time zone; without it as far back as your tier reaches."),
]
Until = Annotated[
    AwareDatetime | None,
    BeforeValidator(written_out),
    AfterValidator(behind_since),
    Field(description="Only before this moment, with its time zone."),
]


class NoParameters(BaseModel):
    """Of a route that takes none: what is sent all the same is refused, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


NoQuery = Annotated[NoParameters, Query()]
ListedId = Annotated[str, Field(pattern=r"^[ -~]{1,64}$")]
"""An id or name inside a cursor."""


def simulated_flag(choice: Simulated) -> bool | None:
    """None for any."""
    return {"true": True, "false": False, "any": None}[choice]
