# score: 10
def runbook(steps):
    """Fills the list from its end: the least important step that nothing left over needs stands last."""
    known = {step["name"] for step in steps}
    needs = {step["name"]: set(step["needs"]) & known for step in steps}
    left = [step["name"] for step in steps]
    backwards = []
    while left:
        needed = set().union(*(needs[name] for name in left))
        free = [name for name in left if name not in needed]
        if not free:
            raise ValueError("the steps need one another in a circle")
        left.remove(free[-1])
        backwards.append(free[-1])
    return backwards[::-1]
