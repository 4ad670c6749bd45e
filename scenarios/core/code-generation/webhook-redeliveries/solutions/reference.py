# score: 10
def verdicts(deliveries: list[dict], window_s: int = {{window.s}}) -> list[str]:
    remembered = {}
    result = []
    for delivery in deliveries:
        event = delivery.get("{{provider.event}}")
        if not event:
            result.append("process")
            continue
        key = (delivery["{{provider.account}}"], event)
        body = {name: value for name, value in delivery["body"].items() if name != "{{provider.retry}}"}
        known = remembered.get(key)
        if known and delivery["at"] - known[0] < window_s:
            result.append("skip" if body == known[1] else "conflict")
            continue
        result.append("process")
        remembered.pop(key, None)
        if delivery["handled"]:
            remembered[key] = (delivery["at"], body)
    return result
