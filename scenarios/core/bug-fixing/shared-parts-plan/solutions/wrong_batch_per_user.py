# score: 5.5 - one stock for all users, but each user's demand is rounded to batches of its own
import math


def build_plan(order, parts):
    plan = {}
    stock = {name: part.get("stock", 0) for name, part in parts.items()}

    def check(name, path):
        if name in path:
            raise ValueError(f"{name} contains itself")
        for needed in parts.get(name, {}).get("needs", {}):
            check(needed, [*path, name])

    def add(name, quantity):
        part = parts.get(name, {})
        taken = min(stock.get(name, 0), quantity)
        stock[name] = stock.get(name, 0) - taken
        rest = quantity - taken
        if rest == 0:
            return
        pieces = math.ceil(rest / (1 - part.get("scrap", 0) / 100))
        batch = part.get("batch", 1)
        made = math.ceil(pieces / batch) * batch
        plan[name] = plan.get(name, 0) + made
        for needed, each in part.get("needs", {}).items():
            add(needed, each * made)

    for name in order:
        check(name, [])
    for name, quantity in order.items():
        add(name, quantity)
    return plan
