# score: 3.5 - tries the forms in turn, takes both dates with slashes and dots as day first, forgets the local offset and milliseconds
from datetime import datetime, timezone

FORMS = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %I:%M:%S %p")


def to_utc(stamps: list[str]) -> list[str | None]:
    result = []
    for stamp in stamps:
        stamp = stamp.strip()
        moment = None
        if stamp.isdigit():
            moment = datetime.fromtimestamp(int(stamp[:10]), timezone.utc)
        for form in FORMS:
            try:
                moment = datetime.strptime(stamp, form)
                break
            except ValueError:
                continue
        if moment is not None and moment.tzinfo is not None:
            moment = moment.astimezone(timezone.utc)
        result.append(moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None)
    return result
