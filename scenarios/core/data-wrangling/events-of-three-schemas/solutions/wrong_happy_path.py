# score: 3 - trusts the events once their line is JSON, and never sees a second event of an id
import json


def read_events(text: str) -> dict:
    events, seen, skipped = [], set(), 0
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except json.JSONDecodeError:
            skipped += 1
            continue
        version = data.get("v", 1)
        for item in data["{{key.envelope}}"] if version == 3 else [data]:
            if item["id"] in seen:
                continue
            seen.add(item["id"])
            if version == 3:
                cents = item.get("cents")
            else:
                price = item.get("{{app.price}}")
                cents = None if price is None else round(float(str(price).replace(",", ".")) * 100)
            events.append(
                {
                    "id": item["id"],
                    "user": int(item["{{key.user}}"] if version == 1 else item["{{key.user}}"]["id"]),
                    "type": (item["event"] if version == 1 else item["type"]).lower(),
                    "ms": int(item["ts"] * 1000) if version == 1 else item["ts"],
                    "cents": cents,
                    "{{key.shared}}": item.get("{{key.shared}}", data.get("{{key.shared}}")),
                }
            )
    return {"events": events, "skipped": skipped}
