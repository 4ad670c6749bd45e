# score: 9 - takes the empty list of a caller for no list, so that its notes are lost
from typing import NamedTuple

WITHOUT_CENTS = ("{{bare}}", "KRW")


class Settings(NamedTuple):
    currency: str | None = "EUR"
    places: int = 2
    thousands: str = ","
    width: int = 24
    fill: str = "{{fill.sign}}"
    signed: bool = False

    @property
    def shown_places(self):
        return 0 if self.currency in WITHOUT_CENTS and self.places == 2 else self.places


def digits(amount, settings):
    places = settings.shown_places
    whole, rest = divmod(abs(amount), 10**places)
    text = f"{whole:,}".replace(",", settings.thousands)
    if places > 0:
        text += f".{rest:0{places}d}"
    if amount < 0:
        text = "-" + text
    elif settings.signed and amount > 0:
        text = "+" + text
    return f"{text} {settings.currency}" if settings.currency else text


def line(name, amount, settings):
    text = digits(amount, settings)
    gap = max(settings.width - len(name) - len(text), 1)
    return name + (settings.fill * gap)[:gap] + text


def tag(name, amount, settings, notes=None):
    notes = notes or []
    if settings.fill == "":
        raise ValueError("nothing to fill with")
    if amount is None:
        notes.append(f"{name}: {{gone}}")
        amount = 0
    text = line(name, amount, settings)
    if settings.width and len(text) > settings.width:
        notes.append(f"{name}: {len(text) - settings.width} too wide")
    return {"text": text, "notes": notes}


def price_tag(
    name, amount, currency="EUR", places=2, thousands=",", width=24, fill="{{fill.sign}}", signed=False, notes=None
):
    return tag(name, amount, Settings(currency, places, thousands, width, fill, signed), notes)


def shelf(rows):
    common = []
    tags = [price_tag(*values, **options) for values, options in rows]
    for values, options in rows:
        price_tag(*values, **options, notes=common)
    return {"tags": tags, "common": common}
