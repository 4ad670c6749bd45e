# score: 2.5 - a set of ids: no account, no window, no body
def verdicts(deliveries: list[dict], window_s: int = {{window.s}}) -> list[str]:
    seen = set()
    result = []
    for delivery in deliveries:
        event = delivery.get("{{provider.event}}")
        if event and event in seen:
            result.append("skip")
            continue
        result.append("process")
        if event and delivery["handled"]:
            seen.add(event)
    return result
