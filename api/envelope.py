"""What every answer carries around its data: as of when, and whether it rests on simulated models.

Not here: the data's own fields (each resource's schemas.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, WithJsonSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

SimulatedLabel = bool | Annotated[Literal["mixed"], WithJsonSchema({"type": "string", "enum": ["mixed"]})]
"""Described by a list of one word: clients that openapi-python-client makes refuse a boolean beside a constant."""


class Meta(BaseModel):
    """About the whole answer."""

    as_of: AwareDatetime | None = Field(
        description="The newest measurement that the published tables rest on; null before the first."
    )
    simulated: SimulatedLabel | None = Field(
        description="Whether the data rest on simulated models: all (true), none (false), some (mixed); null: no data."
    )


class WindowMeta(Meta):
    """About an answer over one window. Window and suite version are null when no model has a row."""

    suite: str
    suite_version: int | None = Field(description="The newest one; numbers of different versions are never compared.")
    family: str
    window_name: str
    window_start: AwareDatetime | None
    window_end: AwareDatetime | None = Field(description="Exclusive.")


class SpanMeta(Meta):
    """About a list of what happened in a span."""

    window_start: AwareDatetime | None = Field(
        description="From when on is told: `since`, or the first day of your tier; null is from the first."
    )
    window_end: AwareDatetime | None = Field(description="Exclusive: `until`; null is up to the newest.")


SPAN_EXAMPLE = {"window_start": "2026-11-16T00:00:00Z", "window_end": None}
"""As a tier of seven days has it that is asked for no span."""


def simulated_label(flags: Iterable[bool]) -> SimulatedLabel | None:
    """One label for many rows; None for no rows."""
    kinds = set(flags)
    if len(kinds) > 1:
        return "mixed"
    return kinds.pop() if kinds else None
