# score: 7 - notes the event before the handler runs, so that a failed one is never tried again; keeps it a second too long
def verdicts(deliveries: list[dict], window_s: int = {{window.s}}) -> list[str]:
    seen = {}
    result = []
    for delivery in deliveries:
        event_id = delivery.get("{{provider.event}}")
        if not event_id:
            result.append("process")
            continue
        key = (delivery["{{provider.account}}"], event_id)
        body = dict(delivery["body"])
        body.pop("{{provider.retry}}", None)
        if key in seen and delivery["at"] - seen[key][0] <= window_s:
            result.append("skip" if seen[key][1] == body else "conflict")
        else:
            seen[key] = (delivery["at"], body)
            result.append("process")
    return result
