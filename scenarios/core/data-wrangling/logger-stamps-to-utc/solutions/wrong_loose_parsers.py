# score: 8.5 - trusts fromisoformat and strptime, which accept single digits, bare dates and missing offsets
from datetime import datetime, timedelta, timezone

LOCAL = timezone(timedelta(minutes={{site.minutes}}))


def parse(text):
    if text.isdigit() and len(text) in (10, 13):
        seconds = int(text) if len(text) == 10 else int(text) // 1000
        return datetime.fromtimestamp(seconds, timezone.utc)
    for form in ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=LOCAL)
        except ValueError:
            pass
    try:
        return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=timezone.utc)
    except ValueError:
        pass
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=timezone.utc)


def to_utc(stamps: list[str]) -> list[str | None]:
    result = []
    for stamp in stamps:
        when = parse(stamp.strip())
        result.append(when.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if when else None)
    return result
