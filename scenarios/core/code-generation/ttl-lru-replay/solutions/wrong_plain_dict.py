# score: 2 - a dict that neither expires nor evicts
def replay(capacity: int, ttl_s: int, operations: list[list]) -> list:
    store = {}
    results = []
    for operation in operations:
        verb, arguments = operation[1], operation[2:]
        if verb == "{{verb.write}}":
            store[arguments[0]] = arguments[1]
            results.append(None)
        elif verb == "{{verb.read}}":
            results.append(["hit", store[arguments[0]]] if arguments[0] in store else ["miss"])
        elif verb == "{{verb.drop}}":
            results.append(store.pop(arguments[0], None) is not None)
        else:
            results.append(len(store))
    return results
