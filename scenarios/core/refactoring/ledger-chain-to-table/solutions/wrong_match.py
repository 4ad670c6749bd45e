# score: 5 - a match statement is the same chain in other words
def entry(event):
    kind = event.get("kind")
    amount = event.get("amount", 0)
    match kind:
        case "charge":
            row = "sales", amount, "paid"
        case "refund" if event.get("reason") == "{{reason}}":
            row = "losses", -amount, "{{reason}}"
        case "refund":
            row = "sales", -amount, event.get("reason", "no reason")
        case "fee":
            row = "fees", -abs(amount), event.get("plan") or "standard"
        case "tip":
            row = "tips", amount, event["staff"]
        case "share":
            row = "partners", -(amount // event["parties"]), "share"
        case "memo":
            row = "memo", 0, event["text"]
        case "{{bank.one}}" | "{{bank.two}}":
            row = "bank", -amount, kind
        case "adjustment":
            row = "sales", amount, event.get("by", "system")
        case None:
            raise ValueError("an event without a kind")
        case _ if str(kind).startswith("{{trial}}"):
            return None
        case _:
            row = "suspense", amount, f"unknown {kind}"
    account, value, note = row
    if value == 0 and account not in ("fees", "memo"):
        return None
    return {"account": account, "value": value, "note": note}
