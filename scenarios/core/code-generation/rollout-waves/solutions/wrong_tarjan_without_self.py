# score: 9.5 - strongly connected components of more than one service only; one that needs itself is blocked
def plan_rollout(needs: dict[str, list[str]]) -> dict:
    graph = {}
    missing = {}
    for name, declared in needs.items():
        graph[name] = []
        for need in declared:
            optional = need.endswith("{{mark}}")
            target = need[:-1] if optional else need
            if target in needs:
                graph[name].append(target)
            elif not optional and target not in missing.setdefault(name, []):
                missing[name].append(target)
    missing = {name: sorted(targets) for name, targets in missing.items() if targets}

    index, low, stack, groups = {}, {}, [], []

    def connect(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in graph[node]:
            if target not in index:
                connect(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            group = []
            while True:
                member = stack.pop()
                group.append(member)
                if member == node:
                    break
            if len(group) > 1:
                groups.append(sorted(group))

    for node in graph:
        if node not in index:
            connect(node)

    broken = set(missing) | {name for group in groups for name in group}
    waves, placed = [], set()
    remaining = set(needs) - broken
    while True:
        wave = sorted(name for name in remaining if all(target in placed for target in graph[name]))
        if not wave:
            break
        waves.append(wave)
        placed.update(wave)
        remaining -= set(wave)
    return {"waves": waves, "missing": missing, "cycles": sorted(groups), "blocked": sorted(remaining)}
