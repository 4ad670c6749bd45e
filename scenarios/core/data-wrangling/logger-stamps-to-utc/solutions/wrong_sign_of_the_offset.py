# score: 6.5 - adds the offset of the site instead of taking it away, and rounds milliseconds
import re
from datetime import datetime, timedelta, timezone


def convert(text):
    if re.fullmatch(r"\d{10}", text):
        return datetime.fromtimestamp(int(text), timezone.utc)
    if re.fullmatch(r"\d{13}", text):
        return datetime.fromtimestamp(round(int(text) / 1000), timezone.utc)
    if re.fullmatch(r"\d\d\.\d\d\.\d{4} \d\d:\d\d", text):
        return datetime.strptime(text, "%d.%m.%Y %H:%M") + timedelta(minutes={{site.minutes}})
    if re.fullmatch(r"\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d", text):
        return datetime.strptime(text, "%d.%m.%Y %H:%M:%S") + timedelta(minutes={{site.minutes}})
    if re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d [AP]M", text):
        return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p")
    if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", text):
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)
    return None


def to_utc(stamps: list[str]) -> list[str | None]:
    result = []
    for stamp in stamps:
        try:
            moment = convert(stamp.strip())
        except ValueError:
            moment = None
        result.append(moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None)
    return result
