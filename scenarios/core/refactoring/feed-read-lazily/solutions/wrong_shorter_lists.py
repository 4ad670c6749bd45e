# score: 6 - shorter functions, but each still builds its list
from itertools import islice

from feed import Feed


def rows_of(source):
    return [row for number in range(len(source)) for row in source.page(number)]


def is_wanted(row, groups):
    return row["state"] != "{{state}}" and (groups is None or row["{{group}}"] in groups)


def unique(rows):
    seen, kept = [], []
    for row in rows:
        if row["id"] not in seen:
            seen.append(row["id"])
            kept.append(row)
    return kept


def shaped(rank, row):
    return {"rank": rank, "id": row["id"], "title": row["title"].strip() or "{{untitled}}"}


def newest(source, groups=None, skip=0, limit=None):
    if skip < 0:
        raise ValueError("skip is 0 or more")
    wanted = unique([row for row in rows_of(source) if is_wanted(row, groups)])
    return [shaped(rank, row) for rank, row in enumerate(wanted, 1)][skip:][:limit]


def answer(pages, query, show=None):
    source = Feed(pages)
    try:
        found = newest(source, **query)
    except ValueError as error:
        return {"error": str(error), "reads": source.reads}
    rows = list(islice(found, show))
    return {"rows": rows, "reads": source.reads}
