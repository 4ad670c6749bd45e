# score: 7.5 - the settings are made and taken apart again for the functions below, in the old door
from typing import NamedTuple

WITHOUT_CENTS = ("{{bare}}", "KRW")


class TagSettings(NamedTuple):
    currency: str = "EUR"
    places: int = 2
    thousands: str = ","
    width: int = 24
    fill: str = "{{fill.sign}}"
    signed: bool = False


def digits(amount, currency, places, thousands, signed):
    whole, rest = divmod(abs(amount), 10**places)
    text = f"{whole:,}".replace(",", thousands)
    if places > 0:
        text += f".{rest:0{places}d}"
    if amount < 0:
        text = "-" + text
    elif signed and amount > 0:
        text = "+" + text
    return f"{text} {currency}" if currency else text


def line(name, amount, currency, places, thousands, width, fill, signed):
    text = digits(amount, currency, places, thousands, signed)
    gap = max(width - len(name) - len(text), 1)
    return name + (fill * gap)[:gap] + text


def tag(name, amount, settings, notes):
    s = settings
    text = line(name, amount, s.currency, s.places, s.thousands, s.width, s.fill, s.signed)
    if s.width and len(text) > s.width:
        notes.append(f"{name}: {len(text) - s.width} too wide")
    return {"text": text, "notes": notes}


def price_tag(
    name, amount, currency="EUR", places=2, thousands=",", width=24, fill="{{fill.sign}}", signed=False, notes=None
):
    if notes is None:
        notes = []
    if fill == "":
        raise ValueError("nothing to fill with")
    if amount is None:
        notes.append(f"{name}: {{gone}}")
        amount = 0
    if currency in WITHOUT_CENTS and places == 2:
        places = 0
    return tag(name, amount, TagSettings(currency, places, thousands, width, fill, signed), notes)


def shelf(rows):
    common = []
    tags = [price_tag(*values, **options) for values, options in rows]
    for values, options in rows:
        price_tag(*values, **options, notes=common)
    return {"tags": tags, "common": common}
