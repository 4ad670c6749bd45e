# score: 9 - of equal fractions the earlier line gets the cent, whatever it costs
def split_discount(discount, lines):
    if discount < 0:
        raise ValueError("discount must not be negative")
    prices = [0 if line["kind"] == "{{excluded}}" else max(line["cents"], 0) for line in lines]
    total = sum(prices)
    if not total:
        return [0 for _ in lines]
    discount = min(discount, total)
    shares, losses = [], []
    for price in prices:
        share, lost = divmod(discount * price, total)
        shares.append(share)
        losses.append(lost)
    missing = discount - sum(shares)
    for index in sorted(range(len(lines)), key=lambda i: losses[i], reverse=True)[:missing]:
        shares[index] += 1
    return shares
