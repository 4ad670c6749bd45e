# score: 10
KEPT_AT_ZERO = {"fees", "memo"}


def amount(event):
    return event.get("amount", 0)


def refund(event):
    if event.get("reason") == "{{reason}}":
        return "losses", -amount(event), "{{reason}}"
    return "sales", -amount(event), event.get("reason", "no reason")


def to_bank(event):
    return "bank", -amount(event), event["kind"]


RULES = {
    "charge": lambda event: ("sales", amount(event), "paid"),
    "refund": refund,
    "fee": lambda event: ("fees", -abs(amount(event)), event.get("plan") or "standard"),
    "tip": lambda event: ("tips", amount(event), event["staff"]),
    "share": lambda event: ("partners", -(amount(event) // event["parties"]), "share"),
    "memo": lambda event: ("memo", 0, event["text"]),
    "{{bank.one}}": to_bank,
    "{{bank.two}}": to_bank,
    "adjustment": lambda event: ("sales", amount(event), event.get("by", "system")),
}


def of_no_rule(event):
    kind = event.get("kind")
    if kind is None:
        raise ValueError("an event without a kind")
    if str(kind).startswith("{{trial}}"):
        return None
    return "suspense", amount(event), f"unknown {kind}"


def rule_for(kind):
    return RULES.get(kind, of_no_rule) if isinstance(kind, str) else of_no_rule


def entry(event):
    booked = rule_for(event.get("kind"))(event)
    if booked is None:
        return None
    account, value, note = booked
    if value == 0 and account not in KEPT_AT_ZERO:
        return None
    return {"account": account, "value": value, "note": note}
