# score: 5 - knows one date form only, forgets the cap for dates, takes signs and fractions
from datetime import datetime, timezone


def retry_delay_s(header: str | None, now: float) -> float:
    if header is None:
        return {{bounds.fallback}}
    try:
        return min(max(float(header), 0), {{bounds.cap}})
    except ValueError:
        pass
    try:
        when = datetime.strptime(header.strip(), "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=timezone.utc)
    except ValueError:
        return {{bounds.fallback}}
    return max(when.timestamp() - now, 0)
