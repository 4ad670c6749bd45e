# score: 10
from stock import observed

ANY = object()
SORTS = {"oldest": "year, id", "{{latest}}": "year DESC, id", "name": "{{column.name}} COLLATE NOCASE, id"}


def literal(text):
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def conditions(text, prefix, {{column.owner}}, years):
    """Pairs of SQL and the values of its question marks."""
    if text:
        yield "{{column.name}} LIKE ?", [f"%{text}%"]
    if prefix is not None:
        yield "code LIKE ? ESCAPE '\\'", [literal(prefix) + "%"]
    if {{column.owner}} is None:
        yield "{{column.owner}} IS NULL", []
    elif {{column.owner}} is not ANY:
        yield "{{column.owner}} = ?", [{{column.owner}}]
    if years is not None:
        yield f"year IN ({', '.join('?' * len(years))})", [int(year) for year in years]


def search(connection, text=None, prefix=None, {{column.owner}}=ANY, years=None, sort="oldest", limit=None):
    where, params = ["gone = 0"], []
    for condition, values in conditions(text, prefix, {{column.owner}}, years):
        where.append(condition)
        params += values
    sql = f"SELECT id FROM items WHERE {' AND '.join(where)} ORDER BY {SORTS[sort]}"
    if limit is not None:
        sql += " LIMIT ?"
        params.append(int(limit))
    return connection.execute(sql, params)


def replay(searches, words=()):
    return observed(search, searches, words)
