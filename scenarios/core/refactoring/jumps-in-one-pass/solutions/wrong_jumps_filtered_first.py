# score: 7.0 - filters the jumps and then compares with the next jump, not with the next change
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
    far = (change for change in found if abs(change["by"]) >= STEP)
    for change, after in pairwise(chain(far, [None])):
        if not is_undone(change, after):
            yield change


def is_undone(change, after):
    if after is None or after["by"] != -change["by"]:
        return False
    return (after["place"], after["meter"]) == (change["place"], change["meter"])


def first(lines, limit=None):
    found = islice(jumps(changes(readings(lines))), limit)
    return [{"no": number, **jump} for number, jump in enumerate(found, 1)]


def replay(lines, limit=None):
    return watched(first, lines, limit)
