# score: 7 - falls back to defaults instead of refusing, and leaves an empty list of statuses in the SQL
import re

SORTABLE = ("{{desk.day}}", "{{desk.rank}}", "id")
DEFAULT_LIMIT = {{cap.default}}
MAX_LIMIT = {{cap.most}}


def build_search(owner, query):
    sql = "SELECT id, {{desk.words}} FROM {{desk.table}} WHERE {{desk.owner}} = ?"
    params = [owner]
    if query.get("status"):
        listed = [item.strip() for item in query["status"].split(",") if item.strip()]
        sql += f" AND status IN ({', '.join('?' for _ in listed)})"
        params.extend(listed)
    if query.get("since"):
        sql += " AND {{desk.day}} >= ?"
        params.append(query["since"])
    if query.get("q"):
        sql += " AND {{desk.words}} LIKE ? ESCAPE '!'"
        params.append("%" + re.sub("[%_!]", lambda match: "!" + match.group(), query["q"]) + "%")
    sort = query.get("sort") or "-{{desk.day}}"
    if sort.lstrip("-") not in SORTABLE:
        sort = "-{{desk.day}}"
    sql += f" ORDER BY {sort.lstrip('-')} {'DESC' if sort[0] == '-' else 'ASC'}, id"
    try:
        limit = int(query.get("limit") or DEFAULT_LIMIT)
    except ValueError:
        limit = DEFAULT_LIMIT
    sql += " LIMIT ?"
    params.append(max(1, min(limit, MAX_LIMIT)))
    return sql, params
