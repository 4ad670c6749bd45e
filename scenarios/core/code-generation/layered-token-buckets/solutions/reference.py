# score: 10
def replay_limits(limits: list[list[int]], requests: list[list]) -> list[list]:
    # A bucket's level is counted in parts of a token: `every_ms` parts are one, and `refill` parts flow in each millisecond.
    seen_at, levels = {}, {}
    results, now = [], None
    for time_ms, caller, cost in requests:
        now = time_ms if now is None else max(now, time_ms)
        old = levels.get(caller) or [capacity * every for capacity, _, every in limits]
        passed = now - seen_at.get(caller, now)
        level = [
            min(capacity * every, amount + passed * refill)
            for amount, (capacity, refill, every) in zip(old, limits)
        ]
        seen_at[caller], levels[caller] = now, level
        lacking = [cost * every - amount for amount, (_, _, every) in zip(level, limits)]
        if any(cost > capacity for capacity, _, _ in limits):
            results.append(["{{say.never}}"])
        elif max(lacking) > 0:
            waits = [-(-lack // refill) for lack, (_, refill, _) in zip(lacking, limits)]
            results.append(["{{say.later}}", max(waits)])
        else:
            levels[caller] = [amount - cost * every for amount, (_, _, every) in zip(level, limits)]
            left = min(amount // every for amount, (_, _, every) in zip(levels[caller], limits))
            results.append(["{{say.ok}}", left])
    return results
