# score: 6.5 - takes the first of a day for the newest, and forgets rule 7, the order and the weekend
from datetime import date


def doomed({{kind.things}}, retired, today):
    newest = {}
    for item in {{kind.things}}:
        if item.get("verified"):
            best = newest.get(item["{{kind.owner}}"])
            if best is None or item["taken"] > best["taken"]:
                newest[item["{{kind.owner}}"]] = item
    gone = []
    for item in {{kind.things}}:
        age = (date.fromisoformat(today) - date.fromisoformat(item["taken"])).days
        protected = age < {{young.days}} and not item.get("scratch")
        protected = protected or bool(item.get("label") and item.get("verified"))
        if item["{{kind.owner}}"] in retired and age > {{short.days}}:
            protected = False
        if newest.get(item["{{kind.owner}}"]) is item or (item.get("hold_until") or "") >= today:
            protected = True
        if not protected:
            gone.append(item["name"])
    return gone
