from fractions import Fraction


def split_amount(total, weights):
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight is negative")
    whole = sum(weights.values())
    if whole == 0:
        raise ValueError("nobody has a weight")
    sign = -1 if total < 0 else 1
    exact = {name: Fraction(abs(total)) * weight / whole for name, weight in weights.items()}
    shares = {name: int(share) for name, share in exact.items()}
    left = abs(total) - sum(shares.values())
    order = sorted(weights, key=lambda name: (shares[name] - exact[name], name))
    for name in order[:left]:
        shares[name] += 1
    return {name: sign * share for name, share in shares.items()}
