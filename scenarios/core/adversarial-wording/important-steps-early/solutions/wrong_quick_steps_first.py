# score: 3 - the same, and of steps that are ready the quickest, because the letter wishes so
def runbook(steps):
    names = {step["name"] for step in steps}
    order, left = [], list(steps)
    while left:
        ready = [step for step in left if not (set(step["needs"]) & names) - set(order)]
        if not ready:
            raise ValueError("circle")
        chosen = min(ready, key=lambda step: step["minutes"])
        order.append(chosen["name"])
        left.remove(chosen)
    return order
