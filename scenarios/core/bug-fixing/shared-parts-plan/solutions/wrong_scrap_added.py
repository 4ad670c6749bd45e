# score: 7 - adds the percentage to the rest, and complains of circles that the order does not reach
import math
from graphlib import CycleError, TopologicalSorter


def build_plan(order, parts):
    users = {name: set() for name in [*order, *parts]}
    for name, part in parts.items():
        for needed in part.get("needs", {}):
            users.setdefault(needed, set()).add(name)
    try:
        names = list(TopologicalSorter(users).static_order())
    except CycleError as error:
        raise ValueError(f"circle: {error.args[1]}") from error
    demand = dict(order)
    plan = {}
    for name in names:
        part = parts.get(name, {})
        rest = demand.get(name, 0) - part.get("stock", 0)
        if rest <= 0:
            continue
        pieces = math.ceil(rest * (100 + part.get("scrap", 0)) / 100)
        batch = part.get("batch", 1)
        plan[name] = math.ceil(pieces / batch) * batch
        for needed, each in part.get("needs", {}).items():
            demand[needed] = demand.get(needed, 0) + each * plan[name]
    return plan
