# score: 10
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
    seen = []
    for row in rows:
        if row["id"] not in seen:
            seen.append(row["id"])
            yield row


def shaped(rows):
    for rank, row in zip(count(1), rows):
        yield {"rank": rank, "id": row["id"], "title": row["title"].strip() or "{{untitled}}"}


def newest(source, groups=None, skip=0, limit=None):
    if skip < 0:
        raise ValueError("skip is 0 or more")
    found = shaped(unique(wanted(rows_of(source), groups)))
    if limit is None:
        return islice(found, skip, None)
    if limit < 0:
        return all_but_last(found, skip, -limit)
    return islice(found, skip, skip + limit) if limit else iter(())


def all_but_last(rows, skip, last):
    yield from list(rows)[skip:][:-last]


def answer(pages, query, show=None):
    source = Feed(pages)
    try:
        found = newest(source, **query)
    except ValueError as error:
        return {"error": str(error), "reads": source.reads}
    rows = list(islice(found, show))
    return {"rows": rows, "reads": source.reads}
