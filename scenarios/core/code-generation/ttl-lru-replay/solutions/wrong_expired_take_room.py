# score: 8.5 - looks at expiry only when a key is read, so dead entries take room; fails on capacity 0
from collections import OrderedDict


def replay(capacity: int, ttl_s: int, operations: list[list]) -> list:
    cache = OrderedDict()
    results = []
    for now, verb, *rest in operations:
        live = bool(rest) and rest[0] in cache and now - cache[rest[0]][1] < ttl_s
        if verb == "{{verb.write}}":
            key, value = rest
            evicted = None
            if not live and len(cache) >= capacity and key not in cache:
                evicted, _ = cache.popitem(last=False)
            cache[key] = (value, now)
            cache.move_to_end(key)
            results.append(evicted)
        elif verb == "{{verb.read}}":
            if live:
                cache.move_to_end(rest[0])
            results.append(["hit", cache[rest[0]][0]] if live else ["miss"])
        elif verb == "{{verb.drop}}":
            if live:
                del cache[rest[0]]
            results.append(live)
        else:
            results.append(sum(now - written < ttl_s for _, written in cache.values()))
    return results
