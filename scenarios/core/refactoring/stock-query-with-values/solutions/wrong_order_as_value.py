# score: 8.5 - sorts by a value, which is the same for all rows, and limits with a 0 that meant no limit
from store import Store

ORDERS = ("id", "name", "worth")


def number(value):
    """A text from a URL would be compared as a text."""
    return float(value) if isinstance(value, str) else value


def conditions(place, names, text, least):
    """Pairs of a condition and the values of its question marks."""
    if place is None:
        yield "{{place}} IS NULL", []
    elif place != "{{every}}":
        yield "{{place}} = ?", [place]
    if names is not None:
        yield f"name IN ({', '.join('?' * len(names))})", names
    if text:
        yield "name LIKE ?", [f"%{text}%"]
    if least is not None:
        yield "cents * pieces >= ?", [number(least)]


def ordering(order):
    column = order.lstrip("-")
    if column not in ORDERS:
        raise ValueError("unknown order")
    return column, "DESC" if order.startswith("-") else "ASC"


def find(stock, {{place}}="{{every}}", names=None, text=None, least=None, pinned=False, order="id", limit=None):
    column, direction = ordering(order)
    parts = list(conditions({{place}}, names, text, least))
    where = " AND ".join(condition for condition, _ in parts) or "TRUE"
    values = [value for _, given in parts for value in given]
    sql = f"SELECT id, name, cents * pieces AS worth FROM {{table}} WHERE ({where})"
    if pinned:
        sql += " OR pinned"
    sql += f" ORDER BY ? {direction}, id"
    values.append(column)
    if limit is not None:
        sql += " LIMIT ?"
        values.append(int(limit))
    return stock.run(sql, values)


def search(rows, query, audit=False):
    stock = Store(rows)
    found = find(stock, **query)
    return stock.audit if audit else found
