# score: 4.5 - fetches the whole table and filters it in Python, where NULL, sorting and wildcards are others
from store import Store


def fits(row, place, names, text, least, pinned):
    if pinned and row[3]:
        return True
    if place != "{{every}}" and row[2] != place:
        return False
    if names is not None and row[1] not in names:
        return False
    if text and text.lower() not in (row[1] or "").lower():
        return False
    return least is None or row[4] >= float(least)


def find(stock, {{place}}="{{every}}", names=None, text=None, least=None, pinned=False, order="id", limit=None):
    column = order.lstrip("-")
    if column not in ("id", "name", "worth"):
        raise ValueError("unknown order")
    rows = stock.run("SELECT id, name, {{place}}, pinned, cents * pieces FROM {{table}} ORDER BY id")
    found = [[row[0], row[1], row[4]] for row in rows if fits(row, {{place}}, names, text, least, pinned)]
    found.sort(key=lambda row: row[("id", "name", "worth").index(column)], reverse=order.startswith("-"))
    return found[: int(limit)] if limit else found


def search(rows, query, audit=False):
    stock = Store(rows)
    found = find(stock, **query)
    return stock.audit if audit else found
