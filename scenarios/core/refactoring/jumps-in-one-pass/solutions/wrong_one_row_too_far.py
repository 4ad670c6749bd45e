# score: 8.0 - asks for the limit when the next row is already there, so that it reads on
from itertools import chain, islice, pairwise

from feed import watched

STEP = 5


def readings(lines):
    place = None
    for text in map(str.strip, lines):
        if text.startswith("["):
            place = text.strip("[]")
        elif text and not text.startswith("{{mark}}"):
            meter, value = text.split("{{sep}}")
            yield {"place": place, "meter": meter.strip(), "value": int(value)}


def changes(found):
    last = {}
    for reading in found:
        key, value = (reading["place"], reading["meter"]), reading["value"]
        if last.get(key) != value:
            yield {**reading, "by": value - last.get(key, value)}
        last[key] = value


def jumps(found):
    for change, after in pairwise(chain(found, [None])):
        if abs(change["by"]) >= STEP and not is_undone(change, after):
            yield change


def is_undone(change, after):
    if after is None or after["by"] != -change["by"]:
        return False
    return (after["place"], after["meter"]) == (change["place"], change["meter"])


def first(lines, limit=None):
    rows = []
    if limit == 0:
        return rows
    for jump in jumps(changes(readings(lines))):
        if limit is not None and len(rows) >= limit:
            break
        rows.append({"no": len(rows) + 1, **jump})
    return rows


def replay(lines, limit=None):
    return watched(first, lines, limit)
