"""What every result of the API has in common.

Not here: the results, one module a subject.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads it at run time
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Result(BaseModel):
    """Frozen; fields that the dashboard does not read are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Meta(Result):
    """What an answer rests on."""

    as_of: datetime | None
    simulated: bool | Literal["mixed"] | None


class WindowMeta(Meta):
    """What an answer about one window rests on."""

    suite: str
    suite_version: int | None
    family: str
    window_name: str
    window_start: datetime | None
    window_end: datetime | None
