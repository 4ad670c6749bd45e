# score: 5 - moves the calls that stand there and misses the function that is passed on; the old journal is still flushed
from courier import Refused, dispatch, flush, open_journal, send


def deliver(text, device, retries=0, delay={{wait}}):
    try:
        return dispatch(text, device, retries + 1, max(delay, 0) / 1000).number
    except Refused:
        return -1


def remind(order, now):
    return deliver(f"{{word}}: {order['id']}", order["device"], order.get("retries", 2), order["due"] - now)


def ask(order):
    number = deliver(str(order["question"]), order["device"])
    if number == -1:
        number = deliver("call for " + str(order["id"]), "{{front}}", retries=1)
    return number


def notify(orders, now):
    open_journal()
    numbers, refused = [], []
    for order in orders:
        number = ask(order) if "question" in order else remind(order, now)
        if number < 0:
            refused.append(order["id"])
        numbers.append(number)
    noted = [order for order in orders if "note" in order]
    notes = list(map(send, [order["device"] for order in noted], [order["note"] for order in noted]))
    return {"numbers": numbers, "refused": refused, "notes": notes, "journal": flush()}
