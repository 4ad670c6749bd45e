# score: 9 - leaves out each late sale where the first one ended the list
def _summarise(sales, amount, last_wins=False):
    total, top, best = 0, None, None
    for sale in sales:
        cents = amount(sale)
        total += cents
        if best is None or cents > best or (last_wins and cents == best):
            top, best = sale["id"], cents
    first = sales[0]["hour"] if sales else None
    return {"total": total, "count": len(sales), "top": top, "first": first}


def _card_amount(sale):
    sale["fee"] = -(-sale["cents"] * {{fee.permille}} // 1000)
    return sale["cents"] - sale["fee"]


def _bank_amount(sale):
    return sale["cents"]


def _cash_amount(sale):
    return 0 if sale.get("void") else 10 * round(sale["cents"] / 10)


def _by(sales, way):
    return [sale for sale in sales if sale["by"] == way]


def _valid(sales):
    return [sale for sale in sales if not sale.get("void")]


def close_day(sales):
    report = {"lines": sales}
    report["{{way.card}}"] = _summarise(_valid(_by(sales, "{{way.card}}")), _card_amount)
    in_time = [sale for sale in _valid(_by(sales, "{{way.bank}}")) if sale["hour"] <= {{close.at}}]
    if in_time:
        bank = _summarise(in_time, _bank_amount, last_wins=True)
        bank["total"] -= bank["total"] * 3 // 1000
        report["{{way.bank}}"] = bank
    report["{{way.cash}}"] = _summarise(_by(sales, "{{way.cash}}"), _cash_amount)
    return report
