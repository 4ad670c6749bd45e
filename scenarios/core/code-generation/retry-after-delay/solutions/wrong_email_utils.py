# score: 8 - trusts email.utils and int(), which accept more than HTTP does
from email.utils import parsedate_to_datetime
from datetime import timezone


def retry_delay_s(header: str | None, now: float) -> float:
    if not header or not header.strip():
        return {{bounds.fallback}}
    value = header.strip()
    if value.isdigit():
        return min(int(value), {{bounds.cap}})
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return {{bounds.fallback}}
    if when.tzinfo is None:
        when = when.replace(tzinfo=timezone.utc)
    return min(max(when.timestamp() - now, 0), {{bounds.cap}})
