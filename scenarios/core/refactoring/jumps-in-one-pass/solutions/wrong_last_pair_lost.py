# score: 0.5 - looks at pairs of neighbours, the last change is in none as the first
from itertools import islice, pairwise

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
    for change, after in pairwise(found):
        if abs(change["by"]) >= STEP and not is_undone(change, after):
            yield change


def is_undone(change, after):
    if after["by"] != -change["by"]:
        return False
    return (after["place"], after["meter"]) == (change["place"], change["meter"])


def first(lines, limit=None):
    found = islice(jumps(changes(readings(lines))), limit)
    return [{"no": number, **jump} for number, jump in enumerate(found, 1)]


def replay(lines, limit=None):
    return watched(first, lines, limit)
