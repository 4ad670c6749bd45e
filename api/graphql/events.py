"""Events as a GraphQL subscription.

Not here: where they come from (api.realtime).
"""

from collections.abc import AsyncIterator
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from api.errors import STREAM_ENDED, ProblemError
from api.graphql.context import Context
from api.graphql.problems import checked
from api.graphql.types import Long, Moment, Simulated
from api.realtime.access import admit
from api.realtime.feed import End, Reset
from api.realtime.hub import END_REASONS, Event
from api.realtime.schemas import EVENT, TOPICS, EventsQuery


@strawberry.type(description="One change of the published tables.")
class PublishedEvent:
    event_number: Long = strawberry.field(description="Place in the order of events: what `last_event_id` takes.")
    topic: str = strawberry.field(description="`hours`, `leaderboard` or `anomalies`.")
    kind: str
    subject: str = strawberry.field(description="Suite or anomaly that it is about; empty where it is of none.")
    simulated: Simulated
    recorded_at: Moment
    content: JSON = strawberry.field(description="The hours, the standings with their moves, or the anomaly.")


@strawberry.type(description="An event, or word that what was missed can't be told.")
class EventMessage:
    event_number: Long = strawberry.field(description="What was told up to now.")
    event: PublishedEvent | None = strawberry.field(description="Null after a reset: read the data anew.")


async def follow_events(
    info: strawberry.Info[Context, None],
    topics: Annotated[list[str], strawberry.argument(description="Only events of these.")] = list(TOPICS),  # noqa: B006
    last_event_id: Annotated[Long | None, strawberry.argument(description="Go on behind this event.")] = None,
) -> AsyncIterator[EventMessage]:
    wanted = checked(EventsQuery, {"topics": topics, "last_event_id": last_event_id})
    feed = info.context.feed
    listener = admit(info.context.connection, feed)
    async with feed.client(wanted.topics, wanted.last_event_id, listener) as client:
        async for message in feed.messages(client):
            if isinstance(message, End):
                raise ProblemError(STREAM_ENDED, f"{message.reason}: {END_REASONS[message.reason]}")
            if isinstance(message, Reset):
                yield EventMessage(event_number=Long(message.position), event=None)
            if isinstance(message, Event):
                yield EventMessage(event_number=Long(message.number), event=_published(message))


def _published(event: Event) -> PublishedEvent:
    told = EVENT.validate_json(event.text)
    return PublishedEvent(
        event_number=Long(told.event_number),
        topic=told.topic,
        kind=told.kind,
        subject=told.subject,
        simulated=Simulated(told.simulated),
        recorded_at=Moment(told.recorded_at),
        content=JSON(told.content.model_dump(mode="json")),
    )
