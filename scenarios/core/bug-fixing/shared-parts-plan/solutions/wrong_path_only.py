# score: 4 - knows a circle from a shared part, but plans for each user alone, with the whole stock for each
def build_plan(order, parts):
    plan = {}

    def add(name, quantity, path):
        if name in path:
            raise ValueError(f"{name} contains itself")
        part = parts.get(name, {})
        rest = quantity - part.get("stock", 0)
        if rest <= 0:
            return
        made = -(-rest * 100 // (100 - part.get("scrap", 0)))
        batch = part.get("batch", 1)
        made = -(-made // batch) * batch
        plan[name] = plan.get(name, 0) + made
        for needed, each in part.get("needs", {}).items():
            add(needed, each * made, path | {name})

    for name, quantity in order.items():
        add(name, quantity, frozenset())
    return plan
