# score: 9 - strptime puts 70 into the last century, and int() refuses 5,000 digits
from datetime import datetime, timezone

FORMATS = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")


def retry_delay_s(header: str | None, now: float) -> float:
    value = (header or "").strip()
    if value.isascii() and value.isdigit():
        return min(int(value), {{bounds.cap}})
    for form in FORMATS:
        try:
            when = datetime.strptime(value, form).replace(tzinfo=timezone.utc)
        except ValueError:
            continue
        return min(max(when.timestamp() - now, 0), {{bounds.cap}})
    return {{bounds.fallback}}
