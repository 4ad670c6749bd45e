# score: 6 - whatever Kahn's algorithm leaves over is taken for one cycle, the blocked services included
def plan_rollout(needs: dict[str, list[str]]) -> dict:
    graph, missing = {}, {}
    for name, declared in needs.items():
        graph[name] = set()
        for need in declared:
            target = need.rstrip("{{mark}}")
            if target in needs:
                graph[name].add(target)
            elif not need.endswith("{{mark}}"):
                missing.setdefault(name, set()).add(target)
    waves, done = [], set()
    while True:
        wave = sorted(n for n in graph if n not in done and n not in missing and graph[n] <= done)
        if not wave:
            break
        waves.append(wave)
        done.update(wave)
    leftovers = sorted(n for n in graph if n not in done and n not in missing)
    return {
        "waves": waves,
        "missing": {name: sorted(names) for name, names in missing.items()},
        "cycles": [leftovers] if leftovers else [],
        "blocked": [],
    }
