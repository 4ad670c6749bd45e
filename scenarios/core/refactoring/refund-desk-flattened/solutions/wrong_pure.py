# score: 1 - works on a copy of the order, so nothing that it changes is seen by others
WINDOW = {"{{window.shop}}": {{window.days}}, "{{strict}}": 0, "*": 21}


def answer(state, steps, cents=0):
    return {"state": state, "cents": cents, "steps": [*steps, "closed"]}


def age_of(order, request):
    return request["day"] - order["day"] if "day" in request and "day" in order else 0


def late(order, request, age, limit):
    steps = ["found", f"late by {age - limit}"]
    if not request.get("goodwill"):
        return answer("too late", steps)
    order.setdefault("notes", []).append(f"asked after {age}")
    return answer("for the manager", steps)


def grant(order, cents):
    order["refunded"] = order.get("refunded", 0) + cents
    if order["refunded"] == order["cents"]:
        order["state"] = "refunded"


def in_time(order, request):
    left = order["cents"] - order.get("refunded", 0)
    wanted = request.get("cents", left)
    if wanted > left:
        return answer("too much", ["found"])
    steps = ["found", "{{step}}"] if order["state"] == "shipped" else ["found"]
    if order["state"] == "shipped" and not request.get("returned"):
        return answer("waiting", steps)
    grant(order, wanted)
    return answer("granted", steps, wanted)


def decide(order, request):
    if order is None:
        return answer("unknown order", [])
    order = {**order}
    if order["state"] not in ("paid", "shipped"):
        return answer("not paid", ["found"])
    limit = WINDOW.get(order.get("shop"), WINDOW["*"])
    age = age_of(order, request)
    return late(order, request, age, limit) if age > limit else in_time(order, request)


def replay(order, requests):
    answers = [decide(order, request) for request in requests]
    return {"answers": answers, "order": order}
