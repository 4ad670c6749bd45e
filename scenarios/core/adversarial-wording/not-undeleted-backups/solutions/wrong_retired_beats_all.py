# score: 7.5 - lets what is retired and what is corrupt go, though it is the newest or on hold
from datetime import date


def doomed({{kind.things}}, retired, today):
    day = date.fromisoformat(today)
    if day.weekday() >= 5:
        return []
    good = [item for item in {{kind.things}} if item.get("verified") and not item.get("corrupt")]
    newest = {}
    for item in sorted(good, key=lambda item: item["taken"]):
        newest[item["{{kind.owner}}"]] = item["name"]
    gone = []
    for item in sorted({{kind.things}}, key=lambda item: item["taken"]):
        age = (day - date.fromisoformat(item["taken"])).days
        if item.get("corrupt") or (item["{{kind.owner}}"] in retired and age > {{short.days}}):
            gone.append(item["name"])
            continue
        young = age < {{young.days}} and not item.get("scratch")
        labelled = item.get("label") and item.get("verified")
        held = item.get("hold_until") and item["hold_until"] >= today
        if not (young or labelled or held or item["name"] in newest.values()):
            gone.append(item["name"])
    return gone
