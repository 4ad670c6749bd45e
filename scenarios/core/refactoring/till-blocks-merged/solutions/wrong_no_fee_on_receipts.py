# score: 1 - computes the fee without writing it into the sale, so that the receipts lack it
from itertools import takewhile
from operator import ge, gt


def summary(amounts, beats):
    """`amounts` are pairs of a sale and its cents; `beats` says when a later one takes the top."""
    total = count = 0
    top = best = first = None
    for sale, cents in amounts:
        total += cents
        count += 1
        if best is None or beats(cents, best):
            top, best = sale["id"], cents
        if first is None:
            first = sale["hour"]
    return {"total": total, "count": count, "top": top, "first": first}


def of_way(sales, way):
    return (sale for sale in sales if sale["by"] == way)


def without_voids(sales):
    return (sale for sale in sales if not sale.get("void"))


def after_fee(sale):
    return sale["cents"] + (-sale["cents"] * {{fee.permille}} // 1000)


def rounded(sale):
    return 0 if sale.get("void") else 10 * round(sale["cents"] / 10)


def close_day(sales):
    in_time = takewhile(lambda sale: sale["hour"] <= {{close.at}}, sales)
    cards = ((sale, after_fee(sale)) for sale in without_voids(of_way(sales, "{{way.card}}")))
    bank = summary(((sale, sale["cents"]) for sale in without_voids(of_way(in_time, "{{way.bank}}"))), ge)
    report = {"lines": sales, "{{way.card}}": summary(cards, gt)}
    if bank["count"]:
        bank["total"] -= bank["total"] * 3 // 1000
        report["{{way.bank}}"] = bank
    report["{{way.cash}}"] = summary(((sale, rounded(sale)) for sale in of_way(sales, "{{way.cash}}")), gt)
    return report
