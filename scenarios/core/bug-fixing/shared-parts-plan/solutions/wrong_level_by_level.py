# score: 8 - works level by level from the order, so a part that is needed further down too is planned too early
def reaches_itself(name, parts, path=()):
    if name in path:
        return True
    return any(reaches_itself(needed, parts, (*path, name)) for needed in parts.get(name, {}).get("needs", {}))


def build_plan(order, parts):
    for name in order:
        if reaches_itself(name, parts):
            raise ValueError(f"{name} leads into a circle")
    plan = {}
    stock = {name: part.get("stock", 0) for name, part in parts.items()}
    level = dict(order)
    while level:
        below = {}
        for name, quantity in level.items():
            part = parts.get(name, {})
            taken = min(quantity, stock.get(name, 0))
            stock[name] = stock.get(name, 0) - taken
            if quantity == taken:
                continue
            pieces = -(-(quantity - taken) * 100 // (100 - part.get("scrap", 0)))
            batch = part.get("batch", 1)
            made = -(-pieces // batch) * batch
            plan[name] = plan.get(name, 0) + made
            for needed, each in part.get("needs", {}).items():
                below[needed] = below.get(needed, 0) + made * each
        level = below
    return plan
