# score: 5 - methods now, but those of the base class, which still ask for the type
class Item:
    def __init__(self, data):
        self.data = data

    def price(self):
        if isinstance(self, Voucher):
            return -self.data["cents"]
        elif isinstance(self, Bundle):
            total = sum(part.price() for part in self.parts)
            if type(self) is Giftbox:
                total += {{wrap.cents}}
            return total * 9 // 10 if len(self.parts) > 2 else total
        else:
            return self.data["cents"] * self.data.get("count", 1)

    def tax(self):
        if type(self) is Book:
            return self.price() * 7 // 100
        elif isinstance(self, Voucher):
            return 0
        elif type(self) is Bundle:
            return sum(part.tax() for part in self.parts)
        else:
            return self.price() * 19 // 100

    def weight(self):
        if isinstance(self, Book):
            return self.data.get("grams", 300)
        elif isinstance(self, Ebook):
            return 0
        elif isinstance(self, Bundle):
            return sum(part.weight() for part in self.parts) + 40
        elif isinstance(self, Voucher):
            return 5

    def label(self):
        name = self.data.get("name", self.data["kind"])
        if isinstance(self, Ebook):
            return f"{name} (file)"
        elif type(self) is Bundle:
            return f"{name}: " + ", ".join(part.label() for part in self.parts)
        return name


class Book(Item):
    pass


class Ebook(Book):
    pass


class Voucher(Item):
    pass


class Bundle(Item):
    def __init__(self, data):
        super().__init__(data)
        self.parts = [make(part) for part in data["parts"]]


class Giftbox(Bundle):
    pass


KINDS = {"book": Book, "{{file}}": Ebook, "voucher": Voucher, "bundle": Bundle, "{{box}}": Giftbox}


def make(data):
    return KINDS.get(data["kind"], Item)(data)


def invoice(rows):
    items = [make(row) for row in rows]
    return [[item.label(), item.price(), item.tax(), item.weight()] for item in items]
