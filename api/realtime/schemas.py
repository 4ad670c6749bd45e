"""The shape of events and of what may be asked of them.

Not here: where they come from (queries.py), nor the ways on which they are sent (stream.py, live.py).
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from api.envelope import SimulatedLabel

Topic = Literal["hours", "leaderboard", "anomalies"]
TOPICS: tuple[Topic, ...] = ("hours", "leaderboard", "anomalies")

EventNumber = Annotated[int, Field(ge=0, le=2**63 - 1)]


class HoursContent(BaseModel):
    """Hours whose numbers are new. `planned_count` and the others are over all of them."""

    first_benchmark_hour: AwareDatetime
    last_benchmark_hour: AwareDatetime = Field(description="Included.")
    as_of: AwareDatetime | None = Field(description="The newest measurement that the published tables rest on.")
    planned_count: int
    answered_count: int = Field(description="Answered on time.")
    scored_count: int


class Standing(BaseModel):
    """One model's place by score. An interval that overlaps another's does not mean that the two are equal."""

    position: int = Field(description="Place in the list from 1, the unscored last.")
    target_id: str
    label: str
    score_mean: float | None
    score_ci95_lower: float | None
    score_ci95_upper: float | None
    rank_ci95_lower: int | None = Field(description="Best rank that the data leave open; null when it can't be told.")
    rank_ci95_upper: int | None
    scored_count: int
    scenario_count: int
    is_simulated: bool
    is_preliminary: bool


class Move(BaseModel):
    """A model whose position is another than before."""

    target_id: str
    position: int | None = Field(description="Null when it is no longer there.")
    previous_position: int | None = Field(description="Null when it was not there.")


class LeaderboardContent(BaseModel):
    """The standings of a suite's newest version in the last seven days, all families together."""

    suite: str
    suite_version: int
    family: str
    window_name: str
    window_start: AwareDatetime
    window_end: AwareDatetime = Field(description="Exclusive.")
    as_of: AwareDatetime | None
    entries: list[Standing] = Field(description="Best first.")
    moves: list[Move] = Field(description="Since the event before; none where that was of another suite version.")


class AnomalyContent(BaseModel):
    """An anomaly as it stands: levels before and after in the metric's unit, with their 95% intervals."""

    anomaly_id: UUID
    target_id: str
    label: str
    provider: str
    suite: str
    suite_version: int | None = None
    metric: str
    direction: str
    is_worse: bool
    state: str
    severity: str
    is_final: bool
    raised_hour: AwareDatetime
    onset_hour: AwareDatetime
    onset_earliest_hour: AwareDatetime
    onset_latest_hour: AwareDatetime
    resolved_hour: AwareDatetime | None
    accepted_hour: AwareDatetime | None
    before_value: float
    before_ci95_lower: float
    before_ci95_upper: float
    after_value: float
    after_ci95_lower: float
    after_ci95_upper: float
    before_answer_count: int | None = None
    after_answer_count: int | None = None
    effect: float
    effect_ci95_lower: float
    effect_ci95_upper: float
    detectable_effect: float
    responsible_scenarios: list[dict[str, Any]]
    cause: str
    evidence: list[dict[str, Any]]


class _Event(BaseModel):
    event_number: EventNumber = Field(description="Place in the order of events: what `Last-Event-ID` takes.")
    subject: str = Field(description="Suite or anomaly that it is about; empty where it is of none in particular.")
    simulated: SimulatedLabel = Field(description="Whether it rests on simulated models: all, none or some.")
    recorded_at: AwareDatetime


class HoursEvent(_Event):
    """Hours were published: `published` when one of them is newer than all before, else `revised`."""

    topic: Literal["hours"]
    kind: Literal["published", "revised"]
    content: HoursContent


class LeaderboardEvent(_Event):
    """A leaderboard has other standings."""

    topic: Literal["leaderboard"]
    kind: Literal["changed"]
    content: LeaderboardContent


class AnomalyEvent(_Event):
    """An anomaly was raised, is known better, or ended."""

    topic: Literal["anomalies"]
    kind: Literal["raised", "revised", "resolved", "accepted", "retracted"]
    content: AnomalyContent


AnyEvent = Annotated[HoursEvent | LeaderboardEvent | AnomalyEvent, Field(discriminator="topic")]
EVENT: TypeAdapter[HoursEvent | LeaderboardEvent | AnomalyEvent] = TypeAdapter(AnyEvent)

EXAMPLE: dict[str, Any] = {
    "event_number": 4211,
    "topic": "hours",
    "kind": "published",
    "subject": "",
    "simulated": True,
    "recorded_at": "2026-11-23T21:04:31Z",
    "content": {
        "first_benchmark_hour": "2026-11-23T20:00:00Z",
        "last_benchmark_hour": "2026-11-23T20:00:00Z",
        "as_of": "2026-11-23T21:04:12Z",
        "planned_count": 72,
        "answered_count": 70,
        "scored_count": 70,
    },
}


class EventsQuery(BaseModel):
    """What is wanted of the events."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topics: Annotated[
        list[Topic], Field(min_length=1, max_length=len(TOPICS), description="Only events of these; all by default.")
    ] = list(TOPICS)
    last_event_id: Annotated[
        EventNumber | None,
        Field(description="Go on behind this event, as the header `Last-Event-ID` does, which wins."),
    ] = None


class Subscribe(BaseModel):
    """What a client says first over a WebSocket, and again when it wishes for other topics."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["subscribe"]
    topics: Annotated[list[Topic], Field(min_length=1, max_length=len(TOPICS))] = list(TOPICS)
    last_event_id: EventNumber | None = None


class Ping(BaseModel):
    """What a client may say at any time over a WebSocket, to hear a `pong`."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["ping"]


AnySaid = Annotated[Subscribe | Ping, Field(discriminator="type")]
SAID: TypeAdapter[Subscribe | Ping] = TypeAdapter(AnySaid)
"""What a client may say over a WebSocket."""
