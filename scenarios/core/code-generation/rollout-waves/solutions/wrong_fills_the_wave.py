# score: 4 - adds to a wave what has become ready in the same pass, and treats optional needs as mandatory
def plan_rollout(needs: dict[str, list[str]]) -> dict:
    clean = {name: {need.replace("{{mark}}", "") for need in declared} for name, declared in needs.items()}
    missing = {name: sorted(d for d in deps if d not in needs) for name, deps in clean.items()}
    missing = {name: deps for name, deps in missing.items() if deps}
    waves, started = [], set()
    pending = sorted(name for name in needs if name not in missing)
    while pending:
        wave = []
        for name in pending:
            if clean[name] <= started:
                wave.append(name)
                started.add(name)
        if not wave:
            break
        waves.append(wave)
        pending = [name for name in pending if name not in started]
    cycles = []
    blocked = []
    for name in pending:
        mutual = sorted([name] + [other for other in pending if name in clean[other] and other in clean[name]])
        if len(mutual) > 1:
            if mutual not in cycles:
                cycles.append(mutual)
        else:
            blocked.append(name)
    return {"waves": waves, "missing": missing, "cycles": cycles, "blocked": blocked}
