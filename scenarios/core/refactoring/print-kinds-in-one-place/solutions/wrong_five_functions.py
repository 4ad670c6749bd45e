# score: 8.0 - a function for each of the five chains, the chains are still there
from counter import told


def sheets_of(job, kind, count):
    if kind == "{{flat}}":
        return count
    if kind == "card":
        return -(-count // 8)
    if kind == "{{small}}":
        return count // 24 + 1
    if kind == "book":
        return count * -(-job["pages"] // 4)
    raise ValueError(f"we do not print {kind}")


def cents_of(kind, count, sheets):
    if kind == "{{flat}}":
        return 900 * sheets
    if kind == "book":
        return 30 * sheets + 250 * count
    return 150 * sheets + 405


def tax_of(kind, cents):
    if kind == "book":
        return cents * 7 // 100
    if kind == "card":
        return -(-cents * 19 // 100)
    return cents * 19 // 100


def label_of(job, kind, count):
    if kind == "book":
        return f"{count} x {job['pages']} pages"
    if kind == "{{flat}}" and job.get("size"):
        return f"{count} {kind}s {job['size']}"
    return f"{count} {kind}s"


def days_of(kind, sheets, days):
    if kind == "{{small}}":
        return days + 1
    if kind == "book":
        return max(days, 5)
    if kind == "{{flat}}":
        return max(days, 1)
    return max(days, 3) if sheets > 20 else days


def quote(jobs):
    lines, total, days = [], 0, 0
    for job in jobs:
        kind, count = job["kind"], job.get("count", 1)
        if not count:
            continue
        sheets = sheets_of(job, kind, count)
        cents = cents_of(kind, count, sheets)
        tax = tax_of(kind, cents)
        days = days_of(kind, sheets, days)
        total += cents + tax
        lines.append({"label": label_of(job, kind, count), "cents": cents, "tax": tax})
    return {"lines": lines, "total": total, "days": days}


def answer(jobs):
    return told(quote, jobs)
