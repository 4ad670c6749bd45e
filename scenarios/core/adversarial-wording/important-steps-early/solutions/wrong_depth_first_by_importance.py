# score: 7.5 - sorts the direct needs by importance, so an important step that is needed only indirectly comes late
def runbook(steps):
    needs = {step["name"]: step["needs"] for step in steps}
    rank = {name: place for place, name in enumerate(needs)}
    order, open_steps = [], set()

    def put(name):
        if name in order:
            return
        if name in open_steps:
            raise ValueError("circle")
        open_steps.add(name)
        for need in sorted({need for need in needs[name] if need in rank}, key=rank.get):
            put(need)
        order.append(name)

    for step in steps:
        put(step["name"])
    return order
