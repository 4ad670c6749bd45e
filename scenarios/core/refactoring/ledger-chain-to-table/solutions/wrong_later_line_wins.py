# score: 9 - the table has a line for each branch, and the later line of a kind overwrites the earlier one
def _amount(event):
    return event.get("amount", 0)


def _refund(event):
    reason = event.get("reason", "no reason")
    account = "losses" if reason == "{{reason}}" else "sales"
    return account, -_amount(event), reason


HANDLERS = {
    "charge": lambda e: ("sales", _amount(e), "paid"),
    "refund": _refund,
    "fee": lambda e: ("fees", -abs(_amount(e)), e.get("plan") or "standard"),
    "tip": lambda e: ("tips", _amount(e), e["staff"]),
    "share": lambda e: ("partners", -(_amount(e) // e["parties"]), "share"),
    "memo": lambda e: ("memo", 0, e["text"]),
    "{{bank.one}}": lambda e: ("bank", -_amount(e), "{{bank.one}}"),
    "adjustment": lambda e: ("sales", _amount(e), e.get("by", "system")),
    "{{bank.two}}": lambda e: ("clearing", _amount(e), "moved"),
}


def _fallback(event):
    kind = event.get("kind")
    if kind is None:
        raise ValueError("an event without a kind")
    if str(kind).startswith("{{trial}}"):
        return None
    return "suspense", _amount(event), f"unknown {kind}"


def entry(event):
    kind = event.get("kind")
    handler = HANDLERS.get(kind, _fallback) if isinstance(kind, str) else _fallback
    result = handler(event)
    if result is None:
        return None
    account, value, note = result
    if value == 0 and account not in ("fees", "memo"):
        return None
    return {"account": account, "value": value, "note": note}
