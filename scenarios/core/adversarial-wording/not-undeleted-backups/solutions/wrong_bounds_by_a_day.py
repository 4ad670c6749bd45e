# score: 8 - ends a hold a day early, and takes the first of several of the same day for the newest
from datetime import date


def doomed({{kind.things}}, retired, today):
    day = date.fromisoformat(today)
    if day.weekday() >= 5:
        return []
    newest = {}
    for item in {{kind.things}}:
        if item.get("verified") and not item.get("corrupt"):
            best = newest.get(item["{{kind.owner}}"])
            if best is None or item["taken"] > best["taken"]:
                newest[item["{{kind.owner}}"]] = item
    gone = []
    for item in {{kind.things}}:
        age = (day - date.fromisoformat(item["taken"])).days
        sound = not item.get("corrupt")
        protected = age < {{young.days}} and not item.get("scratch") and sound
        protected = protected or bool(item.get("label") and item.get("verified") and sound)
        if item["{{kind.owner}}"] in retired and age > {{short.days}}:
            protected = False
        if newest.get(item["{{kind.owner}}"]) is item or (item.get("hold_until") or "") > today:
            protected = True
        if not protected:
            gone.append(item)
    return [item["name"] for item in sorted(gone, key=lambda item: item["taken"])]
