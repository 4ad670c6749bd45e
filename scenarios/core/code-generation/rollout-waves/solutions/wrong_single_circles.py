# score: 8.5 - depth-first search that reports each circle it closes, so circles with a common service stay apart
def plan_rollout(needs: dict[str, list[str]]) -> dict:
    deps, missing = {}, {}
    for service, declared in needs.items():
        deps[service] = sorted({d.rstrip("{{mark}}") for d in declared} & set(needs))
        absent = {d for d in declared if not d.endswith("{{mark}}") and d not in needs}
        if absent:
            missing[service] = sorted(absent)

    cycles = set()
    state = {}
    path = []

    def visit(service):
        state[service] = "open"
        path.append(service)
        for dep in deps[service]:
            if state.get(dep) == "open":
                cycles.add(tuple(sorted(path[path.index(dep):])))
            elif dep not in state:
                visit(dep)
        path.pop()
        state[service] = "closed"

    for service in sorted(needs):
        if service not in state:
            visit(service)

    bad = set(missing) | {s for cycle in cycles for s in cycle}
    blocked = set()
    changed = True
    while changed:
        changed = False
        for service in needs:
            if service not in bad and service not in blocked and any(d in bad or d in blocked for d in deps[service]):
                blocked.add(service)
                changed = True

    level = {}

    def wave_of(service):
        if service not in level:
            level[service] = 1 + max((wave_of(d) for d in deps[service]), default=-1)
        return level[service]

    waves = []
    for service in sorted(s for s in needs if s not in bad and s not in blocked):
        number = wave_of(service)
        while len(waves) <= number:
            waves.append([])
        waves[number].append(service)
    return {
        "waves": waves,
        "missing": missing,
        "cycles": sorted(list(c) for c in cycles),
        "blocked": sorted(blocked),
    }
