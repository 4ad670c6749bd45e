# score: 6 - every delivery starts the window anew, and an event without an id is an event with the id None
def verdicts(deliveries: list[dict], window_s: int = {{window.s}}) -> list[str]:
    remembered = {}
    result = []
    for delivery in deliveries:
        key = (delivery["{{provider.account}}"], delivery.get("{{provider.event}}"))
        body = {k: v for k, v in delivery["body"].items() if k != "{{provider.retry}}"}
        entry = remembered.get(key)
        if entry is not None and delivery["at"] - entry["at"] < window_s:
            entry["at"] = delivery["at"]
            result.append("skip" if body == entry["body"] else "conflict")
            continue
        result.append("process")
        if delivery["handled"]:
            remembered[key] = {"at": delivery["at"], "body": body}
    return result
