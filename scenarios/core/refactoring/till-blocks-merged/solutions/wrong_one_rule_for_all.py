# score: 7 - one loop for all three: voids are always skipped, late sales filtered, ties go to the first, and no way is left out
from dataclasses import dataclass


@dataclass
class Till:
    total: int = 0
    count: int = 0
    top: str = None
    best: int = None
    first: int = None

    def add(self, sale, cents):
        self.total += cents
        self.count += 1
        if self.best is None or cents > self.best:
            self.top, self.best = sale["id"], cents
        if self.first is None:
            self.first = sale["hour"]

    def summary(self):
        return {"total": self.total, "count": self.count, "top": self.top, "first": self.first}


def net(sale):
    cents = sale["cents"]
    if sale["by"] == "{{way.card}}":
        sale["fee"] = -(-cents * {{fee.permille}} // 1000)
        return cents - sale["fee"]
    return 10 * round(cents / 10) if sale["by"] == "{{way.cash}}" else cents


def close_day(sales):
    tills = {"{{way.card}}": Till(), "{{way.bank}}": Till(), "{{way.cash}}": Till()}
    for sale in sales:
        is_late = sale["by"] == "{{way.bank}}" and sale["hour"] > {{close.at}}
        if sale["by"] in tills and not sale.get("void") and not is_late:
            tills[sale["by"]].add(sale, net(sale))
    bank = tills["{{way.bank}}"]
    bank.total -= bank.total * 3 // 1000
    return {"lines": sales, **{way: till.summary() for way, till in tills.items()}}
