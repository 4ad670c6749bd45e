# score: 4.5 - binds the values, strips the minus signs, and leaves wildcards, blanks and the limit as they came
SORTABLE = ("{{desk.day}}", "{{desk.rank}}", "id")
DEFAULT_LIMIT = {{cap.default}}
MAX_LIMIT = {{cap.most}}


def build_search(owner, query):
    sql = "SELECT id, {{desk.words}} FROM {{desk.table}} WHERE {{desk.owner}} = ?"
    params = [owner]
    if query.get("status"):
        statuses = query["status"].split(",")
        sql += f" AND status IN ({', '.join('?' for _ in statuses)})"
        params.extend(statuses)
    if query.get("since"):
        sql += " AND {{desk.day}} >= ?"
        params.append(query["since"])
    if query.get("q"):
        sql += " AND {{desk.words}} LIKE ? ESCAPE '!'"
        params.append(f"%{query['q']}%")
    sort = query.get("sort") or "-{{desk.day}}"
    if sort.lstrip("-") not in SORTABLE:
        raise ValueError("unknown sort")
    sql += f" ORDER BY {sort.lstrip('-')} {'DESC' if sort[0] == '-' else 'ASC'}, id LIMIT ?"
    params.append(min(int(query.get("limit") or DEFAULT_LIMIT), MAX_LIMIT))
    return sql, params
