# score: 10
import courier


def post(device, text, delay={{wait}}, retries=0):
    """The number of the message, -1 when it is refused; the delay is in milliseconds."""
    try:
        receipt = courier.dispatch(str(text), device, attempts=retries + 1, delay=max(delay, 0) / 1000)
    except courier.Refused:
        return -1
    return receipt.number


def sent():
    return [
        [item["device"], item["text"], round(item["delay"] * 1000), item["attempts"] - 1] for item in courier.drain()
    ]


def remind(order, now):
    return post(order["device"], f"{{word}}: {order['id']}", order["due"] - now, order.get("retries", 2))


def ask(order):
    number = post(order["device"], order["question"])
    if number == -1:
        number = post("{{front}}", f"call for {order['id']}", retries=1)
    return number


def notify(orders, now):
    courier.open_journal()
    numbers = [ask(order) if "question" in order else remind(order, now) for order in orders]
    refused = [order["id"] for order, number in zip(orders, numbers) if number < 0]
    notes = [post(order["device"], order["note"]) for order in orders if "note" in order]
    return {"numbers": numbers, "refused": refused, "notes": notes, "journal": sent()}
