# score: 8 - the counter of the retries makes every repetition a conflict, and a conflict replaces what is remembered
def verdicts(deliveries: list[dict], window_s: int = {{window.s}}) -> list[str]:
    remembered = {}
    result = []
    for delivery in deliveries:
        event = delivery.get("{{provider.event}}")
        if event is None:
            result.append("process")
            continue
        key = (delivery["{{provider.account}}"], event)
        if key in remembered:
            when, body = remembered[key]
            if delivery["at"] - when < window_s:
                if body == delivery["body"]:
                    result.append("skip")
                else:
                    result.append("conflict")
                    remembered[key] = (when, delivery["body"])
                continue
        result.append("process")
        if delivery["handled"]:
            remembered[key] = (delivery["at"], delivery["body"])
    return result
