# score: 10
from collections import OrderedDict


def replay(capacity: int, ttl_s: int, operations: list[list]) -> list:
    by_use: OrderedDict[str, object] = OrderedDict()
    by_age: OrderedDict[str, int] = OrderedDict()

    def forget(key):
        del by_use[key], by_age[key]

    def write(now, key, value):
        evicted = None
        if capacity == 0:
            return None
        if key in by_use:
            forget(key)
        elif len(by_use) == capacity:
            evicted = next(iter(by_use))
            forget(evicted)
        by_use[key], by_age[key] = value, now
        return evicted

    def read(now, key):
        if key not in by_use:
            return ["miss"]
        by_use.move_to_end(key)
        return ["hit", by_use[key]]

    def drop(now, key):
        was_live = key in by_use
        if was_live:
            forget(key)
        return was_live

    def count(now):
        return len(by_use)

    verbs = {"{{verb.write}}": write, "{{verb.read}}": read, "{{verb.drop}}": drop, "{{verb.count}}": count}
    results = []
    for now, verb, *rest in operations:
        while by_age and now - next(iter(by_age.values())) >= ttl_s:
            forget(next(iter(by_age)))
        results.append(verbs[verb](now, *rest))
    return results
