# score: 6 - a hit renews the entry's life, an entry lives one second too long, None is taken for a miss
from collections import OrderedDict


def replay(capacity: int, ttl_s: int, operations: list[list]) -> list:
    cache = OrderedDict()
    results = []
    for operation in operations:
        now, verb = operation[0], operation[1]
        for key in [k for k, (_, written) in cache.items() if now - written > ttl_s]:
            del cache[key]
        if verb == "{{verb.write}}":
            key, value = operation[2], operation[3]
            evicted = None
            if key in cache:
                del cache[key]
            elif capacity and len(cache) >= capacity:
                evicted = cache.popitem(last=False)[0]
            if capacity:
                cache[key] = (value, now)
            results.append(evicted)
        elif verb == "{{verb.read}}":
            value = cache.get(operation[2], (None, 0))[0]
            if value is None:
                results.append(["miss"])
            else:
                cache[operation[2]] = (value, now)
                cache.move_to_end(operation[2])
                results.append(["hit", value])
        elif verb == "{{verb.drop}}":
            results.append(cache.pop(operation[2], None) is not None)
        else:
            results.append(len(cache))
    return results
