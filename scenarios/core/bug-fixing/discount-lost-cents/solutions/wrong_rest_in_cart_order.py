# score: 6 - hands the missing cents out from the first line on
def split_discount(discount, lines):
    if discount < 0:
        raise ValueError("discount must not be negative")
    active = [i for i, line in enumerate(lines) if line["kind"] != "{{excluded}}" and line["cents"] > 0]
    shares = [0] * len(lines)
    total = sum(lines[i]["cents"] for i in active)
    if total == 0:
        return shares
    discount = min(discount, total)
    for i in active:
        shares[i] = discount * lines[i]["cents"] // total
    for i in active[: discount - sum(shares)]:
        shares[i] += 1
    return shares
