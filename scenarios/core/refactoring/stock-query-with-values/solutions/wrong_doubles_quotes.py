# score: 6.5 - doubles the quotes, so that the values still stand in the text
from store import Store


def quoted(value):
    return "'" + str(value).replace("'", "''") + "'"


def find(stock, {{place}}="{{every}}", names=None, text=None, least=None, pinned=False, order="id", limit=None):
    if order.lstrip("-") not in ("id", "name", "worth"):
        raise ValueError("unknown order")
    sql = "SELECT id, name, cents * pieces AS worth FROM {{table}} WHERE 1 = 1"
    if {{place}} is None:
        sql += " AND {{place}} IS NULL"
    elif {{place}} != "{{every}}":
        sql += f" AND {{place}} = {quoted({{place}})}"
    if names is not None:
        sql += f" AND name IN ({', '.join(map(quoted, names))})"
    if text:
        sql += " AND name LIKE " + quoted(f"%{text}%")
    if least is not None:
        sql += f" AND cents * pieces >= {float(least)}"
    if pinned:
        sql += " OR pinned = 1"
    sql += f" ORDER BY {order.lstrip('-')}"
    if order.startswith("-"):
        sql += " DESC"
    sql += ", id"
    if limit:
        sql += f" LIMIT {int(limit)}"
    return stock.run(sql)


def search(rows, query, audit=False):
    stock = Store(rows)
    found = find(stock, **query)
    return stock.audit if audit else found
