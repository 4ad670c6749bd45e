# score: 10
def plan_rollout(needs: dict[str, list[str]]) -> dict:
    wanted, missing = {}, {}
    for name, declared in needs.items():
        mandatory = {need for need in declared if not need.endswith("{{mark}}")}
        every = {need.removesuffix("{{mark}}") for need in declared}
        wanted[name] = every & needs.keys()
        if mandatory - needs.keys():
            missing[name] = sorted(mandatory - needs.keys())

    def reached_from(name):
        seen, waiting = set(), list(wanted[name])
        while waiting:
            need = waiting.pop()
            if need not in seen:
                seen.add(need)
                waiting.extend(wanted[need])
        return seen

    reach = {name: reached_from(name) for name in needs}
    groups = {
        tuple(sorted({name} | {other for other in reach[name] if name in reach[other]}))
        for name in needs
        if name in reach[name]
    }
    broken = missing.keys() | {name for group in groups for name in group}
    blocked = {name for name in needs if name not in broken and reach[name] & broken}
    waves, rest = [], needs.keys() - broken - blocked
    while rest:
        wave = sorted(name for name in rest if not wanted[name] & rest)
        waves.append(wave)
        rest -= set(wave)
    return {
        "waves": waves,
        "missing": missing,
        "cycles": [list(group) for group in sorted(groups)],
        "blocked": sorted(blocked),
    }
