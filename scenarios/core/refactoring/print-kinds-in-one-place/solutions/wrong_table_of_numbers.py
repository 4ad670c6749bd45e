# score: 2.5 - a table of numbers, which the sheets and days of some kinds do not fit, a KeyError for what is unknown
from math import ceil, floor

from counter import told

KINDS = {
    "{{flat}}": {"per": 1, "sheet": 900, "fixed": 0, "tax": 19, "round": floor, "days": 1},
    "card": {"per": 8, "sheet": 150, "fixed": 405, "tax": 19, "round": ceil, "days": 0},
    "{{small}}": {"per": 24, "sheet": 150, "fixed": 405, "tax": 19, "round": round, "days": 1},
    "book": {"per": 4, "sheet": 30, "fixed": 0, "tax": 7, "round": floor, "days": 5},
}


def sheets_of(job, rule, count):
    if job["kind"] == "book":
        return count * -(-job["pages"] // rule["per"])
    return -(-count // rule["per"])


def label_of(job, count):
    if job["kind"] == "book":
        return f"{count} x {job['pages']} pages"
    return f"{count} {job['kind']}s {job.get('size', '')}".strip()


def line(job):
    rule, count = KINDS[job["kind"]], job.get("count", 1)
    fixed = 250 * count if job["kind"] == "book" else rule["fixed"]
    cents = rule["sheet"] * sheets_of(job, rule, count) + fixed
    return {"label": label_of(job, count), "cents": cents, "tax": rule["round"](cents * rule["tax"] / 100)}


def quote(jobs):
    wanted = [job for job in jobs if job.get("count", 1)]
    lines = [line(job) for job in wanted]
    days = max((KINDS[job["kind"]]["days"] for job in wanted), default=0)
    return {"lines": lines, "total": sum(item["cents"] + item["tax"] for item in lines), "days": days}


def answer(jobs):
    return told(quote, jobs)
