"""The shape of notifications.

Not here: where they come from (queries.py).
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.pagination import PageQuery

NotificationId = Annotated[UUID, Path(description="The notification's id.")]

EXAMPLE: dict[str, Any] = {
    "notification_id": "0b7a3f7e-4b0c-4c43-8f57-2f2a64b1f0aa",
    "kind": "alert",
    "subscription_id": "1d8b2f9e-0c53-4a3e-9a44-0d6f5b8a7c21",
    "told_at": "2026-11-23T21:04:12Z",
    "read_at": None,
    "title": "Atlas: quality fell -1.30 points (major) [simulated]",
    "parts": [
        {
            "thread_id": "f2b1c3d4-0a1b-4c2d-8e3f-5a6b7c8d9e0f",
            "topic": "anomalies",
            "kind": "raised",
            "severity": "major",
            "target_ids": ["sim-atlas"],
            "title": "Atlas: quality fell -1.30 points (major) [simulated]",
            "facts": [{"heading": "Cause", "text": "a change of the model that answers"}],
            "links": [{"label": "Chart", "url": "https://bench.example.org/model-trend?model=sim-atlas&days=30"}],
        }
    ],
}


class NotificationsQuery(PageQuery):
    """Which notifications are wanted."""

    is_read: Annotated[bool | None, Field(description="Only those that were read, or were not.")] = None


class Fact(BaseModel):
    """A sentence under its heading."""

    heading: str
    text: str


class Link(BaseModel):
    """Where there is more, or where to answer."""

    label: str
    url: str


class Part(BaseModel):
    """One event in words."""

    thread_id: UUID = Field(description="The matter; what is told of it later has the same.")
    topic: str
    kind: str
    severity: str | None
    target_ids: list[str]
    title: str
    facts: list[Fact]
    links: list[Link]


class Notification(BaseModel):
    """A message in the app, or word that a subscription was stopped or one of its messages given up."""

    notification_id: UUID
    kind: Literal["alert", "subscription_stopped", "message_given_up"]
    subscription_id: UUID
    told_at: AwareDatetime
    read_at: AwareDatetime | None
    title: str
    parts: list[Part] = Field(description="The events that are told together; none where none were.")


class NotificationAnswer(BaseModel):
    """One notification."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": EXAMPLE}]})

    data: Notification


class NotificationList(BaseModel):
    """The account's notifications, newest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"data": [EXAMPLE], "unread_count": 1, "next_cursor": None}]}
    )

    data: list[Notification]
    unread_count: int = Field(description="Of all, whatever was asked for.")
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")


class ReadAnswer(BaseModel):
    """How many were marked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"read_count": 3}]})

    read_count: int
