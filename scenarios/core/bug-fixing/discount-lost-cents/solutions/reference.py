# score: 10
EXCLUDED = "{{excluded}}"


def split_discount(discount, lines):
    if discount < 0:
        raise ValueError(f"a discount is 0 or more, not {discount}")
    prices = [line["cents"] if line["kind"] != EXCLUDED and line["cents"] > 0 else 0 for line in lines]
    total = sum(prices)
    if total == 0:
        return [0] * len(lines)
    discount = min(discount, total)
    shares = [discount * price // total for price in prices]
    order = sorted(range(len(prices)), key=lambda index: (-(discount * prices[index] % total), -prices[index], index))
    for index in order[: discount - sum(shares)]:
        shares[index] += 1
    return shares
