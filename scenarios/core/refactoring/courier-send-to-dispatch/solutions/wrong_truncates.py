# score: 9.5 - cuts the milliseconds off that floats miss by a hair
from courier import Refused, dispatch, drain, open_journal


def _dispatch(device, text, delay_ms={{wait}}, retries=0):
    try:
        return dispatch(text=str(text), device=device, attempts=1 + retries, delay=max(0, delay_ms) / 1000).number
    except Refused:
        return -1


def _old_form(entry):
    return [entry["device"], entry["text"], int(entry["delay"] * 1000), entry["attempts"] - 1]


def remind(order, now):
    return _dispatch(order["device"], f"{{word}}: {order['id']}", order["due"] - now, order.get("retries", 2))


def ask(order):
    number = _dispatch(order["device"], order["question"])
    if number == -1:
        number = _dispatch("{{front}}", "call for " + str(order["id"]), retries=1)
    return number


def notify(orders, now):
    open_journal()
    numbers, refused = [], []
    for order in orders:
        number = ask(order) if "question" in order else remind(order, now)
        if number < 0:
            refused.append(order["id"])
        numbers.append(number)
    notes = [_dispatch(order["device"], order["note"]) for order in orders if "note" in order]
    return {"numbers": numbers, "refused": refused, "notes": notes, "journal": [_old_form(entry) for entry in drain()]}
