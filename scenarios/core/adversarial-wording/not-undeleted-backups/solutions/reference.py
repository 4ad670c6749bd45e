# score: 10
from datetime import date

SATURDAY = 5


def is_verified(item):
    return item.get("verified", False) and not item.get("corrupt", False)


def newest_verified(items):
    newest = {}
    for index, item in enumerate(items):
        if is_verified(item):
            known = newest.get(item["{{kind.owner}}"], ("", -1))
            newest[item["{{kind.owner}}"]] = max(known, (item["taken"], index))
    return {index for _, index in newest.values()}


def is_protected(item, retired, today):
    """By one of the rules 2, 3, 4 and 6."""
    if (item.get("hold_until") or "") >= today:
        return True
    age = (date.fromisoformat(today) - date.fromisoformat(item["taken"])).days
    if item["{{kind.owner}}"] in retired and age > {{short.days}}:
        return False
    is_young = age < {{young.days}} and not item.get("scratch", False) and not item.get("corrupt", False)
    return is_young or (bool(item.get("label")) and is_verified(item))


def doomed({{kind.things}}, retired, today):
    if date.fromisoformat(today).weekday() >= SATURDAY:
        return []
    newest = newest_verified({{kind.things}})
    gone = [
        item
        for index, item in enumerate({{kind.things}})
        if index not in newest and not is_protected(item, retired, today)
    ]
    return [item["name"] for item in sorted(gone, key=lambda item: item["taken"])]
