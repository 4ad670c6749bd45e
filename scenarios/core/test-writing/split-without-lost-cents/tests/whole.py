class SplitError(ValueError):
    def __str__(self):
        return "this can't be split"


def split_amount(total, weights):
    names = sorted(weights, reverse=True)
    whole = sum(weights[name] for name in names)
    if not whole or min(weights.values()) < 0:
        raise SplitError
    shares, rests = {}, []
    for name in names:
        shares[name], rest = divmod(abs(total) * weights[name], whole)
        rests.append((rest, name))
    open_cents = abs(total) - sum(shares.values())
    while open_cents:
        most = max(rest for rest, _ in rests)
        chosen = min(name for rest, name in rests if rest == most)
        shares[chosen] += 1
        rests.remove((most, chosen))
        open_cents -= 1
    if total < 0:
        return {name: -share for name, share in shares.items()}
    return shares
