# score: 8.5 - returns early, but one function still decides everything
WINDOW = {"{{window.shop}}": {{window.days}}, "{{strict}}": 0, "*": 21}


def answer(state, steps, cents=0):
    return {"state": state, "cents": cents, "steps": [*steps, "closed"]}


def decide(order, request):
    if order is None:
        return answer("unknown order", [])
    steps = ["found"]
    if order["state"] not in ("paid", "shipped"):
        return answer("not paid", steps)
    limit = WINDOW.get(order.get("shop"), WINDOW["*"])
    age = request["day"] - order["day"] if "day" in request and "day" in order else 0
    if age > limit:
        steps.append(f"late by {age - limit}")
        if request.get("goodwill"):
            order.setdefault("notes", []).append(f"asked after {age}")
            return answer("for the manager", steps)
        return answer("too late", steps)
    left = order["cents"] - order.get("refunded", 0)
    wanted = request.get("cents", left)
    if wanted > left:
        return answer("too much", steps)
    if order["state"] == "shipped":
        steps.append("{{step}}")
        if not request.get("returned"):
            return answer("waiting", steps)
    order["refunded"] = order.get("refunded", 0) + wanted
    if order["refunded"] == order["cents"]:
        order["state"] = "refunded"
    return answer("granted", steps, wanted)


def replay(order, requests):
    answers = [decide(order, request) for request in requests]
    return {"answers": answers, "order": order}
