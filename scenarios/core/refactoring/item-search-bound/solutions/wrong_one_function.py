# score: 6.6667 - everything is bound, in one long function
from stock import observed

ANY = object()
SORTS = {"oldest": "year, id", "{{latest}}": "year DESC, id", "name": "{{column.name}} COLLATE NOCASE, id"}


def search(connection, text=None, prefix=None, {{column.owner}}=ANY, years=None, sort="oldest", limit=None):
    sql = "SELECT id FROM items WHERE gone = 0"
    params = []
    if text:
        sql += " AND {{column.name}} LIKE ?"
        params.append("%" + text + "%")
    if prefix is not None:
        start = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        sql += " AND code LIKE ? ESCAPE '\\'"
        params.append(start + "%")
    if {{column.owner}} is None:
        sql += " AND {{column.owner}} IS NULL"
    elif {{column.owner}} is not ANY:
        sql += " AND {{column.owner}} = ?"
        params.append({{column.owner}})
    if years:
        sql += " AND year IN (" + ", ".join("?" for _ in years) + ")"
        params.extend(years)
    sql += " ORDER BY " + SORTS[sort]
    if limit is not None:
        sql += " LIMIT ?"
        params.append(limit)
    return connection.execute(sql, params)


def replay(searches, words=()):
    return observed(search, searches, words)
