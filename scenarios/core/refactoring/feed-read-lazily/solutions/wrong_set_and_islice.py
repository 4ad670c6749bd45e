# score: 8.5 - keeps the ids in a set and hands a negative limit to islice
from itertools import count, islice

from feed import Feed


def rows_of(source):
    for number in range(len(source)):
        yield from source.page(number)


def wanted(rows, groups):
    for row in rows:
        if row["state"] != "{{state}}" and (groups is None or row["{{group}}"] in groups):
            yield row


def unique(rows):
    seen = set()
    for row in rows:
        if row["id"] not in seen:
            seen.add(row["id"])
            yield row


def shaped(rows):
    for rank, row in zip(count(1), rows):
        yield {"rank": rank, "id": row["id"], "title": row["title"].strip() or "{{untitled}}"}


def newest(source, groups=None, skip=0, limit=None):
    if skip < 0:
        raise ValueError("skip is 0 or more")
    found = shaped(unique(wanted(rows_of(source), groups)))
    if limit == 0:
        return iter(())
    return islice(found, skip, None if limit is None else skip + limit)


def answer(pages, query, show=None):
    source = Feed(pages)
    try:
        found = newest(source, **query)
    except ValueError as error:
        return {"error": str(error), "reads": source.reads}
    rows = list(islice(found, show))
    return {"rows": rows, "reads": source.reads}
