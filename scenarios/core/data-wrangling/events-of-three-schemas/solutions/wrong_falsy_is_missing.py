# score: 6 - takes 0 for missing, lets the last event win whatever its version, floats for cents
import json


def read_events(text: str) -> dict:
    events = {}
    skipped = 0
    for line in text.splitlines():
        line = line.strip()
        if not line:
            continue
        try:
            data = json.loads(line)
            version = data.get("v", 1)
        except (ValueError, AttributeError):
            skipped += 1
            continue
        if version not in (1, 2, 3) or (version == 3 and not isinstance(data.get("{{key.envelope}}"), list)):
            skipped += 1
            continue
        shared = data.get("{{key.shared}}") if version == 3 else None
        for item in data["{{key.envelope}}"] if version == 3 else [data]:
            try:
                user = item["{{key.user}}"] if version == 1 else item["{{key.user}}"]["id"]
                kind = item["event" if version == 1 else "type"].strip().lower()
                ts = item["ts"]
                if not isinstance(item["id"], str) or not item["id"] or not user or not kind or isinstance(ts, (str, bool)):
                    raise ValueError
                if isinstance(user, bool):
                    raise ValueError
                if version != 1 and not isinstance(ts, int):
                    raise ValueError
                if version == 3:
                    cents = item.get("cents")
                    if cents is not None and type(cents) is not int:
                        raise ValueError
                else:
                    price = item.get("{{app.price}}")
                    if isinstance(price, bool):
                        raise ValueError
                    cents = int(float(str(price).replace(",", ".")) * 100) if price else None
                events[item["id"]] = {
                    "id": item["id"],
                    "user": int(user),
                    "type": kind,
                    "ms": round(ts * 1000) if version == 1 else ts,
                    "cents": cents,
                    "{{key.shared}}": item.get("{{key.shared}}") or shared,
                }
            except (KeyError, TypeError, ValueError, AttributeError):
                skipped += 1
    return {"events": list(events.values()), "skipped": skipped}
