"""The route of events over HTTP.

Not here: SQL (queries.py), shapes (schemas.py), and the same over a WebSocket (live.py).
"""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.requests import HTTPConnection
from fastapi.responses import Response

from api.errors import (
    DATABASE_UNAVAILABLE,
    INVALID_PARAMETER,
    MARTS_UNAVAILABLE,
    QUERY_TIMEOUT,
    TOO_MANY_LISTENERS,
    TOO_MANY_REQUESTS,
    TOO_MANY_STREAMS,
    documented,
)
from api.realtime.access import admit
from api.realtime.feed import CurrentFeed
from api.realtime.schemas import EventNumber, EventsQuery
from api.realtime.stream import MEDIA_TYPE, EventStream

EXAMPLE = """retry: 3000
id: 4210

id: 4211
event: hours.published
data: {"event_number":4211,"topic":"hours","kind":"published","subject":"","simulated":true,…}

: heartbeat
id: 4211

"""

router = APIRouter(
    prefix="/v1/events",
    tags=["events"],
    responses=documented(
        INVALID_PARAMETER,
        DATABASE_UNAVAILABLE,
        QUERY_TIMEOUT,
        MARTS_UNAVAILABLE,
        TOO_MANY_LISTENERS,
        TOO_MANY_REQUESTS,
        TOO_MANY_STREAMS,
    ),
)


@router.get(
    "",
    summary="What happens, as it happens",
    response_class=Response,
    responses={
        200: {
            "description": "Server-Sent Events without an end.",
            "content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": EXAMPLE}},
        }
    },
)
async def list_events(
    query: Annotated[EventsQuery, Query()],
    connection: HTTPConnection,
    feed: CurrentFeed,
    last_event_id: Annotated[
        EventNumber | None,
        Header(alias="Last-Event-ID", description="Go on behind this event; browsers send it by themselves."),
    ] = None,
) -> Response:
    """Hours that were published, leaderboards that changed, anomalies that were raised or ended.

    An event is named `topic.kind` and is told once, in the order of `event_number`; `Last-Event-ID` goes on behind one
    without loss. `reset` says that what was missed lies too far back: read the tables, and go on from its number. `end`
    says why the server ends the stream. A comment every 15 seconds shows that it lives.
    """
    listener = admit(connection, feed)
    return EventStream(feed, query.topics, query.last_event_id if last_event_id is None else last_event_id, listener)
