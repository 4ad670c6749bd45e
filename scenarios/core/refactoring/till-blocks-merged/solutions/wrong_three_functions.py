# score: 8 - three functions instead of three blocks: the copies are still there
def close_card(sales):
    total = 0
    count = 0
    top = None
    best = None
    first = None
    for sale in sales:
        if sale["by"] != "{{way.card}}" or sale.get("void"):
            continue
        cents = sale["cents"]
        sale["fee"] = -(-cents * {{fee.permille}} // 1000)
        cents -= sale["fee"]
        total += cents
        count += 1
        if best is None or cents > best:
            top, best = sale["id"], cents
        if first is None:
            first = sale["hour"]
    return {"total": total, "count": count, "top": top, "first": first}


def close_bank(sales):
    total = 0
    count = 0
    top = None
    best = None
    first = None
    for sale in sales:
        if sale["hour"] > {{close.at}}:
            break
        if sale["by"] != "{{way.bank}}" or sale.get("void"):
            continue
        total += sale["cents"]
        count += 1
        if best is None or sale["cents"] >= best:
            top, best = sale["id"], sale["cents"]
        if first is None:
            first = sale["hour"]
    return {"total": total - total * 3 // 1000, "count": count, "top": top, "first": first}


def close_cash(sales):
    total = 0
    count = 0
    top = None
    best = None
    first = None
    for sale in sales:
        if sale["by"] != "{{way.cash}}":
            continue
        cents = 0 if sale.get("void") else 10 * round(sale["cents"] / 10)
        total += cents
        count += 1
        if best is None or cents > best:
            top, best = sale["id"], cents
        if first is None:
            first = sale["hour"]
    return {"total": total, "count": count, "top": top, "first": first}


def close_day(sales):
    report = {"lines": sales, "{{way.card}}": close_card(sales)}
    bank = close_bank(sales)
    if bank["count"]:
        report["{{way.bank}}"] = bank
    report["{{way.cash}}"] = close_cash(sales)
    return report
