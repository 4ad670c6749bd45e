# score: 9.5 - looks at the amount before the date, so another reason is given where both are wrong
WINDOW = {"{{window.shop}}": {{window.days}}, "{{strict}}": 0, "*": 21}


def _result(state, steps, cents=0):
    return {"state": state, "cents": cents, "steps": steps + ["closed"]}


def _book(order, cents):
    order["refunded"] = order.get("refunded", 0) + cents
    if order["refunded"] == order["cents"]:
        order["state"] = "refunded"


def _age(order, request):
    if "day" not in request or "day" not in order:
        return 0
    return request["day"] - order["day"]


def _late(order, request, age, limit):
    steps = ["found", f"late by {age - limit}"]
    if request.get("goodwill"):
        order.setdefault("notes", []).append(f"asked after {age}")
        return _result("for the manager", steps)
    return _result("too late", steps)


def decide(order, request):
    if order is None:
        return _result("unknown order", [])
    if order["state"] not in ("paid", "shipped"):
        return _result("not paid", ["found"])
    left = order["cents"] - order.get("refunded", 0)
    wanted = request.get("cents", left)
    if wanted > left:
        return _result("too much", ["found"])
    age, limit = _age(order, request), WINDOW.get(order.get("shop"), WINDOW["*"])
    if age > limit:
        return _late(order, request, age, limit)
    return _pay(order, request, wanted)


def _pay(order, request, wanted):
    is_shipped = order["state"] == "shipped"
    steps = ["found", "{{step}}"] if is_shipped else ["found"]
    if is_shipped and not request.get("returned"):
        return _result("waiting", steps)
    _book(order, wanted)
    return _result("granted", steps, wanted)


def replay(order, requests):
    answers = [decide(order, request) for request in requests]
    return {"answers": answers, "order": order}
