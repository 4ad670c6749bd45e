# score: 8 - fills in with `or` and 0: an amount or a window of 0 is taken for none, one missing day for day 0
WINDOW = {"{{window.shop}}": {{window.days}}, "{{strict}}": 0, "*": 21}
PAYABLE = ("paid", "shipped")


def _answer(state, steps, cents=0):
    steps.append("closed")
    return {"state": state, "cents": cents, "steps": steps}


def _reject_late(order, request, steps, age, limit):
    steps.append(f"late by {age - limit}")
    if request.get("goodwill"):
        order.setdefault("notes", []).append(f"asked after {age}")
        return _answer("for the manager", steps)
    return _answer("too late", steps)


def _needs_parcel(order, request, steps):
    if order["state"] != "shipped":
        return False
    steps.append("{{step}}")
    return not request.get("returned")


def _pay(order, request, steps):
    refunded = order.get("refunded") or 0
    left = order["cents"] - refunded
    wanted = request.get("cents") or left
    if wanted > left:
        return _answer("too much", steps)
    if _needs_parcel(order, request, steps):
        return _answer("waiting", steps)
    order["refunded"] = refunded + wanted
    if order["refunded"] == order["cents"]:
        order["state"] = "refunded"
    return _answer("granted", steps, wanted)


def decide(order, request):
    steps = []
    if order is None:
        return _answer("unknown order", steps)
    steps.append("found")
    if order["state"] not in PAYABLE:
        return _answer("not paid", steps)
    limit = WINDOW.get(order.get("shop")) or WINDOW["*"]
    age = request.get("day", 0) - order.get("day", 0)
    if age > limit:
        return _reject_late(order, request, steps, age, limit)
    return _pay(order, request, steps)


def replay(order, requests):
    answers = [decide(order, request) for request in requests]
    return {"answers": answers, "order": order}
