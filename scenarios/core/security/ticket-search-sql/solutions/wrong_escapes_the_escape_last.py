# score: 5.5 - escapes the escape character last and so twice, drops every leading minus, takes what isdigit takes
SORTABLE = ("{{desk.day}}", "{{desk.rank}}", "id")
DEFAULT_LIMIT = {{cap.default}}
MAX_LIMIT = {{cap.most}}


def build_search(owner, query):
    sql = "SELECT id, {{desk.words}} FROM {{desk.table}} WHERE {{desk.owner}} = ?"
    params = [owner]
    if query.get("status"):
        statuses = [part.strip() for part in query["status"].split(",") if part.strip()]
        if statuses:
            sql += f" AND status IN ({', '.join('?' * len(statuses))})"
            params.extend(statuses)
    if query.get("since"):
        sql += " AND {{desk.day}} >= ?"
        params.append(query["since"])
    if query.get("q"):
        escaped = query["q"].replace("%", "!%").replace("_", "!_").replace("!", "!!")
        sql += " AND {{desk.words}} LIKE ? ESCAPE '!'"
        params.append(f"%{escaped}%")
    sort = query.get("sort") or "-{{desk.day}}"
    column = sort.lstrip("-")
    if column not in SORTABLE:
        raise ValueError("bad sort")
    sql += f" ORDER BY {column} {'DESC' if sort[0] == '-' else 'ASC'}, id"
    limit = query.get("limit") or str(DEFAULT_LIMIT)
    if not limit.isdigit() or not 1 <= int(limit) <= MAX_LIMIT:
        raise ValueError("bad limit")
    sql += " LIMIT ?"
    params.append(int(limit))
    return sql, params
