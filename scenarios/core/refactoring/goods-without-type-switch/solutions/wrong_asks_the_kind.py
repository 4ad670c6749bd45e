# score: 6.5 - compares the kind, a text, where the type was asked for: the same chains
class Item:
    def __init__(self, data):
        self.data = data
        self.kind = data["kind"]
        self.parts = [Item(part) for part in data["parts"]] if self.kind in ("bundle", "{{box}}") else []

    def price(self):
        if self.kind == "voucher":
            return -self.data["cents"]
        if self.kind in ("bundle", "{{box}}"):
            total = sum(part.price() for part in self.parts)
            if self.kind == "{{box}}":
                total += {{wrap.cents}}
            return total * 9 // 10 if len(self.parts) > 2 else total
        return self.data["cents"] * self.data.get("count", 1)

    def tax(self):
        if self.kind == "book":
            return self.price() * 7 // 100
        if self.kind == "voucher":
            return 0
        if self.kind == "bundle":
            return sum(part.tax() for part in self.parts)
        return self.price() * 19 // 100

    def weight(self):
        if self.kind in ("book", "{{file}}"):
            return self.data.get("grams", 300)
        if self.kind in ("bundle", "{{box}}"):
            return sum(part.weight() for part in self.parts) + 40
        if self.kind == "voucher":
            return 5

    def label(self):
        name = self.data.get("name", self.kind)
        if self.kind == "{{file}}":
            return f"{name} (file)"
        if self.kind == "bundle":
            return f"{name}: " + ", ".join(part.label() for part in self.parts)
        return name


def invoice(rows):
    items = [Item(row) for row in rows]
    return [[item.label(), item.price(), item.tax(), item.weight()] for item in items]
