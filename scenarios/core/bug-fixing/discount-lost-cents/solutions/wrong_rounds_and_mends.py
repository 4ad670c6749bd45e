# score: 4 - rounds half to even and puts the difference on the first line, and returned items still count
def split_discount(discount, lines):
    if discount < 0:
        raise ValueError("discount must not be negative")
    prices = [line["cents"] if line["kind"] != "{{excluded}}" else 0 for line in lines]
    total = sum(prices)
    if total <= 0:
        return [0] * len(lines)
    shares = [round(discount * price / total) for price in prices]
    shares[0] += discount - sum(shares)
    return shares
