# score: 9 - exact, but a time that goes back sets the bucket's clock back with it
from fractions import Fraction
from math import ceil, floor


def replay_limits(limits: list[list[int]], requests: list[list]) -> list[list]:
    buckets = {}
    out = []
    for t, name, cost in requests:
        if name not in buckets:
            buckets[name] = {"t": t, "tokens": [Fraction(c) for c, _, _ in limits]}
        b = buckets[name]
        elapsed = max(0, t - b["t"])
        b["t"] = t
        b["tokens"] = [min(Fraction(c), x + Fraction(elapsed * r, e)) for x, (c, r, e) in zip(b["tokens"], limits)]
        if any(cost > c for c, _, _ in limits):
            out.append(["{{say.never}}"])
        elif min(b["tokens"]) >= cost:
            b["tokens"] = [x - cost for x in b["tokens"]]
            out.append(["{{say.ok}}", floor(min(b["tokens"]))])
        else:
            wait = max(ceil((cost - x) * e / r) for x, (_, r, e) in zip(b["tokens"], limits))
            out.append(["{{say.later}}", wait])
    return out
