# score: 5.5 - evicts in order of writing and never looks at expiry when it counts or evicts
def replay(capacity: int, ttl_s: int, operations: list[list]) -> list:
    cache = {}
    results = []
    for operation in operations:
        now, verb = operation[:2]
        if verb == "{{verb.write}}":
            evicted = None
            if operation[2] not in cache and len(cache) >= capacity:
                evicted = next(iter(cache), None)
                cache.pop(evicted, None)
            cache[operation[2]] = (operation[3], now)
            results.append(evicted)
        elif verb == "{{verb.read}}":
            entry = cache.get(operation[2])
            results.append(["hit", entry[0]] if entry and now - entry[1] < ttl_s else ["miss"])
        elif verb == "{{verb.drop}}":
            results.append(cache.pop(operation[2], None) is not None)
        else:
            results.append(len(cache))
    return results
