# score: 5 - takes the conditions out of the nest but still leaves by exceptions, in one function that decides everything
WINDOW = {"{{window.shop}}": {{window.days}}, "{{strict}}": 0, "*": 21}


class Stop(Exception):
    pass


def decide(order, request):
    steps, cents = [], 0
    try:
        if order is None:
            raise Stop("unknown order")
        steps.append("found")
        if order["state"] not in ("paid", "shipped"):
            raise Stop("not paid")
        limit = WINDOW.get(order.get("shop"), WINDOW["*"])
        age = request["day"] - order["day"] if "day" in request and "day" in order else 0
        if age > limit:
            steps.append(f"late by {age - limit}")
            if request.get("goodwill"):
                order.setdefault("notes", []).append(f"asked after {age}")
                raise Stop("for the manager")
            raise Stop("too late")
        left = order["cents"] - order.get("refunded", 0)
        wanted = request.get("cents", left)
        if wanted > left:
            raise Stop("too much")
        if order["state"] == "shipped":
            steps.append("{{step}}")
            if not request.get("returned"):
                raise Stop("waiting")
        cents = wanted
        order["refunded"] = order.get("refunded", 0) + wanted
        if order["refunded"] == order["cents"]:
            order["state"] = "refunded"
        raise Stop("granted")
    except Stop as stop:
        return {"state": str(stop), "cents": cents, "steps": steps + ["closed"]}


def replay(order, requests):
    answers = [decide(order, request) for request in requests]
    return {"answers": answers, "order": order}
