# score: 7.5 - refuses unknown kinds before the first job is looked at, needs a kind that can be hashed
from counter import told


class Small:
    def __init__(self, job, count):
        self.job, self.count = job, count
        self.sheets = self.needed()
        self.cents = self.price()

    def needed(self):
        return self.count // 24 + 1

    def price(self):
        return 150 * self.sheets + 405

    def tax(self):
        return self.cents * 19 // 100

    def label(self):
        return f"{self.count} {self.job['kind']}s"

    def days_after(self, days):
        return days + 1


class Card(Small):
    def needed(self):
        return -(-self.count // 8)

    def tax(self):
        return -(-self.cents * 19 // 100)

    def days_after(self, days):
        return max(days, 3) if self.sheets > 20 else days


class Flat(Small):
    def needed(self):
        return self.count

    def price(self):
        return 900 * self.sheets

    def label(self):
        size = self.job.get("size")
        return f"{super().label()} {size}" if size else super().label()

    def days_after(self, days):
        return max(days, 1)


class Book(Small):
    def needed(self):
        return self.count * -(-self.job["pages"] // 4)

    def price(self):
        return 30 * self.sheets + 250 * self.count

    def tax(self):
        return self.cents * 7 // 100

    def label(self):
        return f"{self.count} x {self.job['pages']} pages"

    def days_after(self, days):
        return max(days, 5)


KINDS = {"{{flat}}": Flat, "card": Card, "{{small}}": Small, "book": Book}


def printed(job):
    """None for a job of which nothing is wanted."""
    kind, count = job["kind"], job.get("count", 1)
    if not count:
        return None
    return KINDS[kind](job, count)


def refuse_unknown(jobs):
    for job in jobs:
        if job["kind"] not in KINDS:
            raise ValueError(f"we do not print {job['kind']}")


def quote(jobs):
    refuse_unknown(jobs)
    lines, total, days = [], 0, 0
    for item in filter(None, map(printed, jobs)):
        lines.append({"label": item.label(), "cents": item.cents, "tax": item.tax()})
        total += item.cents + item.tax()
        days = item.days_after(days)
    return {"lines": lines, "total": total, "days": days}


def answer(jobs):
    return told(quote, jobs)
