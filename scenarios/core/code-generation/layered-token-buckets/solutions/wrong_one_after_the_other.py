# score: 2 - asks bucket by bucket: tokens of the first are gone when the second refuses, refill by the full period
import math


def replay_limits(limits: list[list[int]], requests: list[list]) -> list[list]:
    tokens = {}
    last = {}
    results = []
    for t, caller, cost in requests:
        verdict = None
        left = []
        for i, (capacity, refill, every_ms) in enumerate(limits):
            key = (caller, i)
            level = tokens.get(key, capacity) + (t - last.get(key, t)) // every_ms * refill
            level = min(level, capacity)
            last[key] = t
            if cost > capacity:
                verdict = ["{{say.never}}"]
            elif level < cost:
                verdict = ["{{say.later}}", math.ceil((cost - level) / refill * every_ms)]
            else:
                level -= cost
                left.append(int(level))
            tokens[key] = level
            if verdict:
                break
        results.append(verdict or ["{{say.ok}}", min(left)])
    return results
