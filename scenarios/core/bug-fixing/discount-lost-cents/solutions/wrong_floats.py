# score: 8.5 - computes exact shares as floats and does not cap the discount
import math


def split_discount(discount, lines):
    if discount < 0:
        raise ValueError("discount must not be negative")
    active = [i for i, line in enumerate(lines) if line["kind"] != "{{excluded}}" and line["cents"] > 0]
    shares = [0] * len(lines)
    total = sum(lines[i]["cents"] for i in active)
    if total == 0:
        return shares
    exact = {i: discount * lines[i]["cents"] / total for i in active}
    for i in active:
        shares[i] = math.floor(exact[i])
    missing = discount - sum(shares)
    ranked = sorted(active, key=lambda i: (-(exact[i] - shares[i]), -lines[i]["cents"], i))
    for i in ranked[:missing]:
        shares[i] += 1
    return shares
