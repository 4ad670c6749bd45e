# score: 6.5 - pulls what the next important step needs before it, in the order in which it is written down
def runbook(steps):
    needs = {step["name"]: step["needs"] for step in steps}
    order, open_steps = [], set()

    def put(name):
        if name in order or name not in needs:
            return
        if name in open_steps:
            raise ValueError("circle")
        open_steps.add(name)
        for need in needs[name]:
            put(need)
        order.append(name)

    for step in steps:
        put(step["name"])
    return order
