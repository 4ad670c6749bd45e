# score: 4.5 - loses count of the negations: unverified ones with a label stay, young ones of retired places go
from datetime import date


def doomed({{kind.things}}, retired, today):
    if date.fromisoformat(today).weekday() >= 5:
        return []
    newest = {}
    for item in {{kind.things}}:
        if item.get("verified") and not item.get("corrupt"):
            best = newest.get(item["{{kind.owner}}"])
            if best is None or item["taken"] >= best["taken"]:
                newest[item["{{kind.owner}}"]] = item
    gone = []
    for item in {{kind.things}}:
        age = (date.fromisoformat(today) - date.fromisoformat(item["taken"])).days
        protected = age <= {{young.days}} and not item.get("scratch")
        if item.get("label") and not item.get("verified"):
            protected = True
        if item["{{kind.owner}}"] in retired and age <= {{short.days}}:
            protected = False
        if newest.get(item["{{kind.owner}}"]) is item:
            protected = True
        if item.get("corrupt"):
            protected = False
        if item.get("hold_until") and item["hold_until"] > today:
            protected = True
        if not protected:
            gone.append(item)
    return [item["name"] for item in sorted(gone, key=lambda item: item["taken"])]
