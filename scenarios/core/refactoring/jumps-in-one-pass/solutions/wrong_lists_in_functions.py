# score: 7.5 - small functions that still make lists of everything
from itertools import chain, islice, pairwise

from feed import watched

STEP = 5


def readings(lines):
    place, found = None, []
    for text in map(str.strip, lines):
        if text.startswith("["):
            place = text.strip("[]")
        elif text and not text.startswith("{{mark}}"):
            meter, value = text.split("{{sep}}")
            found.append({"place": place, "meter": meter.strip(), "value": int(value)})
    return found


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
    found = jumps(changes(readings(lines)))
    return [{"no": number, **jump} for number, jump in enumerate(found, 1)][:limit]


def replay(lines, limit=None):
    return watched(first, lines, limit)
