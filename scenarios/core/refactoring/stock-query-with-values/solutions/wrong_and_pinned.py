# score: 8 - joins what is pinned as one more condition, looks for an empty text and escapes the wildcards
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
    if text is not None:
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        yield "name LIKE ? ESCAPE ?", [f"%{escaped}%", "\\"]
    if least is not None:
        yield "cents * pieces >= ?", [number(least)]


def ordering(order):
    column = order.lstrip("-")
    if column not in ORDERS:
        raise ValueError("unknown order")
    return f"{column} DESC, id" if order.startswith("-") else f"{column}, id"


def find(stock, {{place}}="{{every}}", names=None, text=None, least=None, pinned=False, order="id", limit=None):
    by = ordering(order)
    parts = list(conditions({{place}}, names, text, least))
    where = " AND ".join(condition for condition, _ in parts) or "TRUE"
    values = [value for _, given in parts for value in given]
    sql = f"SELECT id, name, cents * pieces AS worth FROM {{table}} WHERE {where}"
    if pinned:
        sql += " AND pinned"
    sql += f" ORDER BY {by}"
    if limit:
        sql += " LIMIT ?"
        values.append(int(limit))
    return stock.run(sql, values)


def search(rows, query, audit=False):
    stock = Store(rows)
    found = find(stock, **query)
    return stock.audit if audit else found
