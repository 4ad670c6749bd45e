# score: 10
def users_first(order, parts):
    """The parts that the order leads to, each behind all parts that need it."""
    finished = []
    state = {}

    def visit(name):
        if state.get(name) == "open":
            raise ValueError(f"{name} contains itself")
        if name in state:
            return
        state[name] = "open"
        for needed in parts.get(name, {}).get("needs", {}):
            visit(needed)
        state[name] = "done"
        finished.append(name)

    for name in order:
        visit(name)
    return reversed(finished)


def build_plan(order, parts):
    demand = dict(order)
    plan = {}
    for name in users_first(order, parts):
        part = parts.get(name, {})
        rest = demand.get(name, 0) - part.get("stock", 0)
        if rest <= 0:
            continue
        pieces = -(-rest * 100 // (100 - part.get("scrap", 0)))
        batch = part.get("batch", 1)
        plan[name] = -(-pieces // batch) * batch
        for needed, each in part.get("needs", {}).items():
            demand[needed] = demand.get(needed, 0) + each * plan[name]
    return plan
