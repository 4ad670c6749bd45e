# score: 10
import re

SORTABLE = ("{{desk.day}}", "{{desk.rank}}", "id")
DEFAULT_LIMIT = {{cap.default}}
MAX_LIMIT = {{cap.most}}


def build_search(owner, query):
    sql = "SELECT id, {{desk.words}} FROM {{desk.table}} WHERE {{desk.owner}} = ?"
    params = [owner]
    statuses = [status.strip() for status in query.get("status", "").split(",") if status.strip()]
    if statuses:
        sql += f" AND status IN ({', '.join('?' for _ in statuses)})"
        params += statuses
    if query.get("since"):
        sql += " AND {{desk.day}} >= ?"
        params.append(query["since"])
    if query.get("q"):
        sql += " AND {{desk.words}} LIKE ? ESCAPE '!'"
        params.append("%" + re.sub(r"([%_!])", r"!\1", query["q"]) + "%")
    sql += f" ORDER BY {order_of(query.get('sort') or '-{{desk.day}}')}, id LIMIT ?"
    params.append(limit_of(query.get("limit")))
    return sql, params


def order_of(sort):
    column = sort.removeprefix("-")
    if column not in SORTABLE:
        raise ValueError("unknown sort")
    return f"{column} {'DESC' if sort.startswith('-') else 'ASC'}"


def limit_of(text):
    if not text:
        return DEFAULT_LIMIT
    if not re.fullmatch("[0-9]+", text) or not 1 <= int(text) <= MAX_LIMIT:
        raise ValueError("bad limit")
    return int(text)
