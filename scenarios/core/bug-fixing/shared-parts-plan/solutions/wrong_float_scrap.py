# score: 9.5 - divides by a float, which makes a piece too many now and then
import math
from graphlib import CycleError, TopologicalSorter


def build_plan(order, parts):
    def needs_of(name):
        return parts.get(name, {}).get("needs", {})

    graph, pending = {}, list(order)
    while pending:
        name = pending.pop()
        if name not in graph:
            graph[name] = set(needs_of(name))
            pending.extend(graph[name])
    try:
        names = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ValueError("a part contains itself") from error
    demand = dict(order)
    plan = {}
    for name in reversed(names):
        part = parts.get(name, {})
        rest = max(demand.get(name, 0) - part.get("stock", 0), 0)
        if not rest:
            continue
        pieces = math.ceil(rest / (1 - part.get("scrap", 0) / 100))
        batch = part.get("batch", 1)
        plan[name] = -(-pieces // batch) * batch
        for needed, each in needs_of(name).items():
            demand[needed] = demand.get(needed, 0) + each * plan[name]
    return plan
