# score: 9 - takes whatever int() takes for a limit, blanks, signs, underscores and digits of other scripts
SORTABLE = ("{{desk.day}}", "{{desk.rank}}", "id")
DEFAULT_LIMIT = {{cap.default}}
MAX_LIMIT = {{cap.most}}


def build_search(owner, query):
    params = [owner]
    sql = "SELECT id, {{desk.words}} FROM {{desk.table}} WHERE {{desk.owner}} = ?"
    statuses = [s.strip() for s in (query.get("status") or "").split(",")]
    statuses = [s for s in statuses if s]
    if statuses:
        sql += " AND status IN (" + ", ".join(["?"] * len(statuses)) + ")"
        params.extend(statuses)
    if query.get("since"):
        sql += " AND {{desk.day}} >= ?"
        params.append(query["since"])
    if query.get("q"):
        text = query["q"]
        for special in "!%_":
            text = text.replace(special, "!" + special)
        sql += " AND {{desk.words}} LIKE ? ESCAPE '!'"
        params.append(f"%{text}%")
    sort = query.get("sort") or "-{{desk.day}}"
    descending = sort.startswith("-")
    column = sort[1:] if descending else sort
    if column not in SORTABLE:
        raise ValueError(f"cannot sort by {column!r}")
    sql += f" ORDER BY {column} {'DESC' if descending else 'ASC'}, id"
    limit = int(query.get("limit") or DEFAULT_LIMIT)
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"limit out of range: {limit}")
    sql += " LIMIT ?"
    params.append(limit)
    return sql, params
