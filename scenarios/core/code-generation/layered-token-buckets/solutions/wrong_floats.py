# score: 8.5 - levels are floating-point numbers, and each caller has a clock of its own
import math


class Bucket:
    def __init__(self, capacity, refill, every_ms, now):
        self.capacity = capacity
        self.rate = refill / every_ms
        self.tokens = float(capacity)
        self.updated = now

    def advance(self, now):
        if now > self.updated:
            self.tokens = min(self.capacity, self.tokens + (now - self.updated) * self.rate)
            self.updated = now

    def wait_ms(self, cost):
        return max(0, math.ceil((cost - self.tokens) / self.rate))


def replay_limits(limits: list[list[int]], requests: list[list]) -> list[list]:
    callers = {}
    results = []
    for now, caller, cost in requests:
        if caller not in callers:
            callers[caller] = [Bucket(*limit, now) for limit in limits]
        buckets = callers[caller]
        for bucket in buckets:
            bucket.advance(now)
        if any(cost > bucket.capacity for bucket in buckets):
            results.append(["{{say.never}}"])
            continue
        if all(bucket.tokens >= cost for bucket in buckets):
            for bucket in buckets:
                bucket.tokens -= cost
            results.append(["{{say.ok}}", math.floor(min(bucket.tokens for bucket in buckets))])
        else:
            results.append(["{{say.later}}", max(bucket.wait_ms(cost) for bucket in buckets)])
    return results
