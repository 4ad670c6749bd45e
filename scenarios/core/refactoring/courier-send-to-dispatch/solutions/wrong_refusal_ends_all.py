# score: 8.5 - a refusal ends the notes, and what is no text raises
import courier


def remind(order, now):
    text, attempts = f"{{word}}: {order['id']}", order.get("retries", 2) + 1
    return courier.dispatch(text, order["device"], attempts=attempts, delay=max(order["due"] - now, 0) / 1000)


def ask(order):
    try:
        return courier.dispatch(order["question"], order["device"], attempts=1, delay={{wait}} / 1000)
    except courier.Refused:
        text = f"call for {order['id']}"
        return courier.dispatch(text, "{{front}}", attempts=2, delay={{wait}} / 1000)


def notify(orders, now):
    courier.open_journal()
    numbers, refused, notes = [], [], []
    for order in orders:
        try:
            receipt = ask(order) if "question" in order else remind(order, now)
            numbers.append(receipt.number)
        except courier.Refused:
            refused.append(order["id"])
            numbers.append(-1)
    try:
        for order in orders:
            if "note" in order:
                receipt = courier.dispatch(order["note"], order["device"], attempts=1, delay={{wait}} / 1000)
                notes.append(receipt.number)
    except courier.Refused:
        notes.append(-1)
    journal = [
        [entry["device"], entry["text"], round(entry["delay"] * 1000), entry["attempts"] - 1]
        for entry in courier.drain()
    ]
    return {"numbers": numbers, "refused": refused, "notes": notes, "journal": journal}
