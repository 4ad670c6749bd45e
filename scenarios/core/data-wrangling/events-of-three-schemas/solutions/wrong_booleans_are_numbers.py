# score: 8 - takes true for a number, cuts milliseconds of binary fractions
import json
from decimal import Decimal, InvalidOperation


def to_cents(value):
    if value is None:
        return None
    amount = Decimal(str(value).strip().replace(",", "."))
    return int((amount * 100).to_integral_value())


def convert(event, version, shared):
    if not isinstance(event, dict):
        raise ValueError("not an object")
    if not isinstance(event.get("id"), str) or not event["id"]:
        raise ValueError("id")
    user = event.get("{{key.user}}")
    if version >= 2:
        if not isinstance(user, dict):
            raise ValueError("user")
        user = user.get("id")
    if not isinstance(user, (int, str)) or (isinstance(user, str) and not user.isdigit()):
        raise ValueError("user")
    kind = event.get("event" if version == 1 else "type")
    if not isinstance(kind, str) or not kind.strip():
        raise ValueError("type")
    ts = event.get("ts")
    if version == 1:
        if not isinstance(ts, (int, float)):
            raise ValueError("ts")
        ms = int(ts * 1000)
    else:
        if not isinstance(ts, int):
            raise ValueError("ts")
        ms = ts
    if version == 3:
        cents = event.get("cents")
        if cents is not None and not isinstance(cents, int):
            raise ValueError("cents")
    else:
        cents = to_cents(event.get("{{app.price}}"))
    own = event.get("{{key.shared}}")
    return {
        "id": event["id"],
        "user": int(user),
        "type": kind.strip().lower(),
        "ms": ms,
        "cents": cents,
        "{{key.shared}}": own if own is not None else shared,
    }


def read_events(text: str) -> dict:
    events, versions, skipped = {}, {}, 0
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            skipped += 1
            continue
        version = record.get("v", 1) if isinstance(record, dict) else None
        if version not in (1, 2, 3):
            skipped += 1
            continue
        items, shared = [record], None
        if version == 3:
            items, shared = record.get("{{key.envelope}}"), record.get("{{key.shared}}")
            if not isinstance(items, list):
                skipped += 1
                continue
        for item in items:
            try:
                event = convert(item, version, shared)
            except (ValueError, InvalidOperation):
                skipped += 1
                continue
            if event["id"] in events and versions[event["id"]] > version:
                continue
            events[event["id"]] = event
            versions[event["id"]] = version
    return {"events": list(events.values()), "skipped": skipped}
