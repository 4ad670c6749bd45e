# score: 7.5 - computes the rows of all kinds for each event, takes an empty reason for none, needs a kind that can be hashed
def rows(event, kind, amount):
    is_bad = event.get("reason") == "{{reason}}"
    number = amount if isinstance(amount, (int, float)) else 0
    return {
        "charge": ("sales", amount, "paid"),
        "refund": ("losses" if is_bad else "sales", -number, event.get("reason") or "no reason"),
        "fee": ("fees", -abs(number), event.get("plan") or "standard"),
        "tip": ("tips", amount, event.get("staff")),
        "share": ("partners", -(number // event.get("parties", 1)), "share"),
        "memo": ("memo", 0, event.get("text")),
        "{{bank.one}}": ("bank", -number, kind),
        "{{bank.two}}": ("bank", -number, kind),
        "adjustment": ("sales", amount, event.get("by", "system")),
    }


def entry(event):
    kind, amount = event.get("kind"), event.get("amount", 0)
    if kind is None:
        raise ValueError("an event without a kind")
    if str(kind).startswith("{{trial}}"):
        return None
    account, value, note = rows(event, kind, amount).get(kind, ("suspense", amount, f"unknown {kind}"))
    if value == 0 and account not in ("fees", "memo"):
        return None
    return {"account": account, "value": value, "note": note}
