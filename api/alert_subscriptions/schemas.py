"""The shape of alert subscriptions and of their tests.

Not here: where they come from (queries.py), nor the ways of sending (destinations.py).
"""

from datetime import time
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema

from api.alert_subscriptions.destinations import Destination, ShownDestination
from api.pagination import PageQuery
from api.parameters import ListedId

Topic = Literal["anomalies", "prices", "lifecycle", "budget", "pipeline"]
Metric = Literal["quality", "latency", "ttft", "cost", "errors"]
Severity = Literal["minor", "moderate", "major", "critical"]
Direction = Literal["worse", "better", "any"]
Status = Literal["active", "muted", "disabled", "stopped"]

SubscriptionId = Annotated[UUID, Path(description="The subscription's id.")]
TestId = Annotated[UUID, Path(description="The test's id.")]
ClockTime = Annotated[
    time, WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d(:\d\d(\.\d+)?)?$", "examples": ["08:00:00"]})
]
"""Of a day in the subscription's time zone; `format: time` would be one with an offset."""
Names = Annotated[list[ListedId], Field(max_length=100)]
Bound = Annotated[float | None, Field(allow_inf_nan=False)]

WANTED_EXAMPLE: dict[str, Any] = {
    "name": "Atlas got worse",
    "topics": ["anomalies"],
    "target_ids": ["sim-atlas"],
    "metrics": ["quality"],
    "least_severity": "moderate",
    "has_simulated": True,
    "destination": {"channel": "webhook", "url": "https://hooks.example.org/aibaas"},
}
EXAMPLE: dict[str, Any] = {
    "subscription_id": "1d8b2f9e-0c53-4a3e-9a44-0d6f5b8a7c21",
    "name": "Atlas got worse",
    "topics": ["anomalies"],
    "target_ids": ["sim-atlas"],
    "families": [],
    "providers": [],
    "metrics": ["quality"],
    "least_severity": "moderate",
    "direction": "worse",
    "value_floor": None,
    "value_ceiling": None,
    "has_simulated": True,
    "quiet_from": None,
    "quiet_until": None,
    "time_zone": "UTC",
    "is_digest": False,
    "digest_at": "08:00:00",
    "remind_after_hours": None,
    "destination": {"channel": "webhook", "host": "hooks.example.org"},
    "status": "active",
    "reason": None,
    "muted_until": None,
    "stopped_at": None,
    "given_up_at": None,
    "failure": None,
    "created_at": "2026-11-23T21:04:12Z",
}
TEST_EXAMPLE: dict[str, Any] = {
    "test_id": "9f3c6f0a-5d4e-4f0b-8a8a-6f7d3c2b1a90",
    "subscription_id": "1d8b2f9e-0c53-4a3e-9a44-0d6f5b8a7c21",
    "requested_at": "2026-11-23T21:05:00Z",
    "status": "sent",
    "attempt_count": 1,
    "reason": None,
    "finished_at": "2026-11-23T21:05:21Z",
    "retry_at": None,
}


class SubscriptionFields(BaseModel):
    """What is to be told, and when."""

    name: str = Field(
        default="alerts", min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$", description="What you know it by."
    )
    topics: list[Topic] = Field(
        default=["anomalies"],
        min_length=1,
        max_length=5,
        description="`budget` and `pipeline` are the operator's own: they need the scope `operator`.",
    )
    target_ids: Names = Field(
        default=[],
        description="With families and providers: what any of the three names is meant; all three empty: everything.",
    )
    families: Names = Field(
        default=[],
        description="Families of the scenarios that a change is due to: all of the suite if it is of the whole model.",
    )
    providers: Names = []
    metrics: list[Metric] = Field(default=[], max_length=5, description="Empty: all.")
    least_severity: Severity = "minor"
    direction: Direction = Field(
        default="worse",
        description="Of anomalies: only to the user's harm (less quality, more of all else), only to the good, or any.",
    )
    value_floor: Bound = Field(
        default=None,
        description="With one metric: told only when its new level is below this, or above value_ceiling, at once or "
        "as it turns out later; in points, ms, USD an answer, or a share.",
    )
    value_ceiling: Bound = None
    has_simulated: bool = Field(default=False, description="Simulated models too.")
    quiet_from: ClockTime | None = Field(
        default=None, description="What happens from then until quiet_until is one message at the end."
    )
    quiet_until: ClockTime | None = None
    time_zone: str = Field(
        default="UTC", max_length=64, description="Of the clock times, as in the IANA's list.", examples=["Europe/Rome"]
    )
    is_digest: bool = Field(default=False, description="One message a day, at digest_at.")
    digest_at: ClockTime = time(8)
    remind_after_hours: float | None = Field(
        default=None, ge=1, le=8760, description="How often it is said again while open; null: never."
    )


class NewSubscription(SubscriptionFields):
    """A subscription that is to be made."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [WANTED_EXAMPLE]})

    destination: Destination


class SubscriptionChange(SubscriptionFields):
    """What is to be different; what is not named stays as it is."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"least_severity": "major", "is_enabled": True}]}
    )

    destination: Destination | None = Field(default=None, description="Another way; null: as it is.")
    is_enabled: bool = Field(
        default=True, description="`true` also begins again what was stopped because it could not be delivered."
    )


class Mute(BaseModel):
    """For how long nothing is told."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"until": "2026-12-01T08:00:00Z"}]}
    )

    until: AwareDatetime


class Subscription(SubscriptionFields):
    """A subscription, without what is secret about its way."""

    subscription_id: UUID
    destination: ShownDestination
    status: Status = Field(description="`stopped`: it could not be delivered, see reason.")
    reason: str | None = Field(description="Why it is disabled or stopped.")
    muted_until: AwareDatetime | None
    stopped_at: AwareDatetime | None
    given_up_at: AwareDatetime | None = Field(
        description="When the newest message was given up after its last attempt; null once a later one has arrived."
    )
    failure: str | None = Field(description="Why it was given up.")
    created_at: AwareDatetime


class MadeSubscription(Subscription):
    """A subscription as it is now, with the secret that was made for it, once."""

    signing_secret: str | None = Field(
        description="What a receiver verifies webhooks with, where none was sent; it can't be shown again."
    )


class SubscriptionsQuery(PageQuery):
    """Which part of the list is wanted."""


class SubscriptionAnswer(BaseModel):
    """One subscription."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": EXAMPLE}]})

    data: Subscription


class MadeSubscriptionAnswer(BaseModel):
    """One subscription that was made or changed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"data": {**EXAMPLE, "signing_secret": "whsec_c2VjcmV0LW9mLXRoZS13ZWJob29rLWV4YW1wbGU="}}]
        }
    )

    data: MadeSubscription


class SubscriptionList(BaseModel):
    """The account's subscriptions, oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": [EXAMPLE], "next_cursor": None}]})

    data: list[Subscription]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")


class SubscriptionTest(BaseModel):
    """A message without news, sent to see whether alerts arrive."""

    test_id: UUID
    subscription_id: UUID
    requested_at: AwareDatetime
    status: Literal["waiting", "sent", "failed", "refused"] = Field(
        description="`waiting` for the pipeline, which looks every half minute; `failed` is tried again at retry_at, "
        "if there is one; `refused` stops the subscription."
    )
    attempt_count: int
    reason: str | None
    finished_at: AwareDatetime | None
    retry_at: AwareDatetime | None


class SubscriptionTestAnswer(BaseModel):
    """One test."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": TEST_EXAMPLE}]})

    data: SubscriptionTest
