# score: 10
import json
import re
from decimal import Decimal


class Unusable(Exception):
    pass


def demand(condition):
    if not condition:
        raise Unusable


def is_number(value, *kinds):
    return isinstance(value, kinds) and not isinstance(value, bool)


def user_of(value):
    if isinstance(value, str):
        demand(re.fullmatch(r"[0-9]+", value))
        return int(value)
    demand(is_number(value, int))
    return value


def amount_of(value):
    if value is None:
        return None
    if isinstance(value, str):
        demand(re.fullmatch(r"\s*-?[0-9]+(?:[.,][0-9]{1,2})?\s*", value))
        return int(Decimal(value.strip().replace(",", ".")) * 100)
    demand(is_number(value, int, float))
    return int(round(Decimal(str(value)) * 100))


def event_of(raw, version, shared):
    demand(isinstance(raw, dict))
    key, user, kind, time = raw.get("id"), raw.get("{{key.user}}"), raw.get("event" if version == 1 else "type"), raw.get("ts")
    demand(isinstance(key, str) and key)
    demand(isinstance(kind, str) and kind.strip())
    if version > 1:
        demand(isinstance(user, dict))
        user = user.get("id")
    demand(is_number(time, int, float) if version == 1 else is_number(time, int))
    if version == 3:
        cents = raw.get("cents")
        demand(cents is None or is_number(cents, int))
    else:
        cents = amount_of(raw.get("{{app.price}}"))
    own = raw.get("{{key.shared}}")
    return {
        "id": key,
        "user": user_of(user),
        "type": kind.strip().lower(),
        "ms": round(time * 1000) if version == 1 else time,
        "cents": cents,
        "{{key.shared}}": shared if own is None else own,
    }


def raw_events(line):
    """Version, event and what holds for its whole line; None for what is no event."""
    try:
        data = json.loads(line)
    except ValueError:
        return [(0, None, None)]
    version = data.get("v", 1) if isinstance(data, dict) else None
    if not is_number(version, int) or version not in (1, 2, 3):
        return [(0, None, None)]
    if version < 3:
        return [(version, data, None)]
    events = data.get("{{key.envelope}}")
    if not isinstance(events, list):
        return [(0, None, None)]
    return [(3, event, data.get("{{key.shared}}")) for event in events]


def read_events(text: str) -> dict:
    kept = {}
    skipped = 0
    for line in text.split("\n"):
        if not line.strip():
            continue
        for version, raw, shared in raw_events(line):
            try:
                event = event_of(raw, version, shared)
            except Unusable:
                skipped += 1
                continue
            if event["id"] not in kept or version >= kept[event["id"]][0]:
                kept[event["id"]] = (version, event)
    return {"events": [event for _, event in kept.values()], "skipped": skipped}
