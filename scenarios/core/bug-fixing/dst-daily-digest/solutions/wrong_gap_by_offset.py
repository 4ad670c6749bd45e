# score: 8 - lets the library read a time inside a gap, so 02:30 goes out at 03:30 and may go out again
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo


def next_digest_at(now: str, hour: int, minute: int, zone: str) -> str:
    rules = ZoneInfo(zone)
    moment = datetime.fromisoformat(now).astimezone(timezone.utc)
    day = moment.astimezone(rules).date()
    while True:
        candidate = datetime.combine(day, time(hour, minute), rules).astimezone(timezone.utc)
        if candidate > moment:
            return candidate.strftime("%Y-%m-%dT%H:%M:%SZ")
        day += timedelta(days=1)
