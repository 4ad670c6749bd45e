# score: 7 - reads the 12-hour clock with %H, so that PM changes nothing, and requires no fixed count of digits
import re
from datetime import datetime, timedelta, timezone

FORMS = [
    ("%Y-%m-%dT%H:%M:%S%z", None),
    ("%Y-%m-%dT%H:%M:%S.%f%z", None),
    ("%d.%m.%Y %H:%M", timezone(timedelta(minutes={{site.minutes}}))),
    ("%d.%m.%Y %H:%M:%S", timezone(timedelta(minutes={{site.minutes}}))),
    ("%m/%d/%Y %H:%M:%S %p", timezone.utc),
]


def to_utc(stamps: list[str]) -> list[str | None]:
    out = []
    for stamp in stamps:
        text = stamp.strip()
        when = None
        if re.fullmatch(r"\d{10}", text):
            when = datetime.fromtimestamp(int(text), timezone.utc)
        elif re.fullmatch(r"\d{13}", text):
            when = datetime.fromtimestamp(int(text) / 1000, timezone.utc)
        else:
            if re.match(r"\d{4}-\d\d-\d\d ", text):
                text = text.replace(" ", "T", 1)
            for form, zone in FORMS:
                try:
                    when = datetime.strptime(text, form)
                except ValueError:
                    continue
                if zone is not None:
                    when = when.replace(tzinfo=zone)
                break
        out.append(None if when is None else when.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))
    return out
