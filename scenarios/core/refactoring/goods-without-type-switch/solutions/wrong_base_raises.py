# score: 9.5 - what no branch answers raises in the base class
class Item:
    def __init__(self, data):
        self.data = data

    def price(self):
        return self.data["cents"] * self.data.get("count", 1)

    def tax(self):
        return self.price() * 19 // 100

    def weight(self):
        raise TypeError

    def label(self):
        return self.data.get("name", self.data["kind"])


class Book(Item):
    def tax(self):
        return self.price() * 7 // 100

    def weight(self):
        return self.data.get("grams", 300)


class Ebook(Book):
    """Weighs what a book weighs."""

    def tax(self):
        return self.price() * 19 // 100

    def label(self):
        return f"{super().label()} (file)"


class Voucher(Item):
    def price(self):
        return -self.data["cents"]

    def tax(self):
        return 0

    def weight(self):
        return 5


class Bundle(Item):
    wrapping = 0

    def __init__(self, data):
        super().__init__(data)
        self.parts = [make(part) for part in data["parts"]]

    def price(self):
        total = sum(part.price() for part in self.parts) + self.wrapping
        return total * 9 // 10 if len(self.parts) > 2 else total

    def tax(self):
        return sum(part.tax() for part in self.parts)

    def weight(self):
        return sum(part.weight() for part in self.parts) + 40

    def label(self):
        return f"{super().label()}: " + ", ".join(part.label() for part in self.parts)


class Giftbox(Bundle):
    """A bundle by price and weight; tax and label are those of a single item."""

    wrapping = {{wrap.cents}}
    tax = Item.tax
    label = Item.label


KINDS = {"book": Book, "{{file}}": Ebook, "voucher": Voucher, "bundle": Bundle, "{{box}}": Giftbox}


def make(data):
    return KINDS.get(data["kind"], Item)(data)


def invoice(rows):
    items = [make(row) for row in rows]
    return [[item.label(), item.price(), item.tax(), item.weight()] for item in items]
