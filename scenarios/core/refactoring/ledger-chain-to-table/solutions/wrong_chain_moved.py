# score: 6.5 - the chain stands in another function now
def classify(event, kind, amount):
    if kind == "charge":
        return "sales", amount, "paid"
    if kind == "refund" and event.get("reason") == "{{reason}}":
        return "losses", -amount, "{{reason}}"
    if kind == "refund":
        return "sales", -amount, event.get("reason", "no reason")
    if kind == "fee":
        return "fees", -abs(amount), event.get("plan") or "standard"
    if kind == "tip":
        return "tips", amount, event["staff"]
    if kind == "share":
        return "partners", -(amount // event["parties"]), "share"
    if kind == "memo":
        return "memo", 0, event["text"]
    if kind in ("{{bank.one}}", "{{bank.two}}"):
        return "bank", -amount, kind
    if kind == "adjustment":
        return "sales", amount, event.get("by", "system")
    return "suspense", amount, f"unknown {kind}"


def entry(event):
    kind = event.get("kind")
    if kind is None:
        raise ValueError("an event without a kind")
    if str(kind).startswith("{{trial}}"):
        return None
    account, value, note = classify(event, kind, event.get("amount", 0))
    if value == 0 and account not in ("fees", "memo"):
        return None
    return {"account": account, "value": value, "note": note}
