# score: 1 - numbers the rows that it gives, not those that it has skipped, and does everything in one function
from itertools import islice

from feed import Feed


def newest(source, groups=None, skip=0, limit=None):
    seen = set()
    given = 0
    for number in range(len(source)):
        if limit and given >= limit:
            return
        for row in source.page(number):
            if row["state"] == "{{state}}" or (groups and row["{{group}}"] not in groups):
                continue
            if row["id"] in seen:
                continue
            seen.add(row["id"])
            if len(seen) <= skip:
                continue
            given += 1
            yield {"rank": given, "id": row["id"], "title": row["title"].strip() or "{{untitled}}"}
            if given == limit:
                return


def answer(pages, query, show=None):
    source = Feed(pages)
    try:
        found = newest(source, **query)
    except ValueError as error:
        return {"error": str(error), "reads": source.reads}
    rows = list(islice(found, show))
    return {"rows": rows, "reads": source.reads}
