# score: 7 - notes and calls at the front get the new defaults, what is late or no text raises
import courier


def deliver(device, text, **options):
    try:
        return courier.dispatch(text, device, **options).number
    except courier.Refused:
        return -1


def remind(order, now):
    delay = (order["due"] - now) / 1000
    attempts = order.get("retries", 2) + 1
    try:
        text = f"{{word}}: {order['id']}"
        return courier.dispatch(text, order["device"], attempts=attempts, delay=delay).number
    except courier.Refused:
        return -1


def ask(order):
    number = deliver(order["device"], order["question"], attempts=1, delay={{wait}} / 1000)
    if number == -1:
        number = deliver("{{front}}", f"call for {order['id']}", attempts=2)
    return number


def notify(orders, now):
    courier.open_journal()
    numbers = [ask(order) if "question" in order else remind(order, now) for order in orders]
    refused = [order["id"] for order, number in zip(orders, numbers) if number < 0]
    notes = [deliver(order["device"], order["note"]) for order in orders if "note" in order]
    journal = [
        [entry["device"], entry["text"], round(entry["delay"] * 1000), entry["attempts"] - 1]
        for entry in courier.drain()
    ]
    return {"numbers": numbers, "refused": refused, "notes": notes, "journal": journal}
