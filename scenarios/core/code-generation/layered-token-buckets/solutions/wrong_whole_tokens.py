# score: 5.5 - adds whole tokens only and forgets the rest of the time
def replay_limits(limits: list[list[int]], requests: list[list]) -> list[list]:
    state = {}
    results = []
    clock = 0
    for t, name, cost in requests:
        clock = max(clock, t)
        buckets = state.setdefault(name, [[capacity, clock] for capacity, _, _ in limits])
        for bucket, (capacity, refill, every) in zip(buckets, limits):
            gained = (clock - bucket[1]) * refill // every
            bucket[0] = min(capacity, bucket[0] + gained)
            bucket[1] = clock
        if any(cost > capacity for capacity, _, _ in limits):
            results.append(["{{say.never}}"])
        elif all(bucket[0] >= cost for bucket in buckets):
            for bucket in buckets:
                bucket[0] -= cost
            results.append(["{{say.ok}}", min(bucket[0] for bucket in buckets)])
        else:
            waits = [
                -(-(cost - bucket[0]) * every // refill)
                for bucket, (_, refill, every) in zip(buckets, limits)
                if bucket[0] < cost
            ]
            results.append(["{{say.later}}", max(waits)])
    return results
