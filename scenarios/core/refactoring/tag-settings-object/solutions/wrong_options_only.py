# score: 3 - the old door takes its settings by name only
from typing import NamedTuple

WITHOUT_CENTS = ("{{bare}}", "KRW")


class Settings(NamedTuple):
    currency: str = "EUR"
    places: int = 2
    thousands: str = ","
    width: int = 24
    fill: str = "{{fill.sign}}"
    signed: bool = False
    notes: list | None = None


def digits(amount, settings):
    places = 0 if settings.currency in WITHOUT_CENTS and settings.places == 2 else settings.places
    whole, rest = divmod(abs(amount), 10**places)
    text = f"{whole:,}".replace(",", settings.thousands)
    if places > 0:
        text += f".{rest:0{places}d}"
    sign = "-" if amount < 0 else "+" if settings.signed and amount > 0 else ""
    return f"{sign}{text} {settings.currency}" if settings.currency else sign + text


def line(name, amount, settings):
    text = digits(amount, settings)
    gap = max(settings.width - len(name) - len(text), 1)
    return name + (settings.fill * gap)[:gap] + text


def tag(name, amount, settings):
    notes = [] if settings.notes is None else settings.notes
    if settings.fill == "":
        raise ValueError("nothing to fill with")
    if amount is None:
        notes.append(f"{name}: {{gone}}")
        amount = 0
    text = line(name, amount, settings)
    if settings.width and len(text) > settings.width:
        notes.append(f"{name}: {len(text) - settings.width} too wide")
    return {"text": text, "notes": notes}


def price_tag(name, amount, **options):
    return tag(name, amount, Settings(**options))


def shelf(rows):
    common = []
    tags = [price_tag(*values, **options) for values, options in rows]
    for values, options in rows:
        price_tag(*values, **options, notes=common)
    return {"tags": tags, "common": common}
