# score: 10
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo


def sending_time(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    """The UTC time of the digest of one local day."""
    first = datetime.combine(day, time(hour, minute), zone)
    instant = first.astimezone(timezone.utc)
    if instant.astimezone(zone).replace(tzinfo=None) == first.replace(tzinfo=None):
        return instant
    # A wall-clock time in a gap: fold=0 reads it with the offset before the jump, so the jump lies shortly before.
    start = instant - timedelta(days=1)
    old_offset = start.astimezone(zone).utcoffset()
    before, after = 0, 24 * 60 * 60
    while after - before > 1:
        middle = (before + after) // 2
        if (start + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return start + timedelta(seconds=after)


def next_digest_at(now: str, hour: int, minute: int, zone: str) -> str:
    rules = ZoneInfo(zone)
    moment = datetime.fromisoformat(now).astimezone(timezone.utc)
    day = moment.astimezone(rules).date()
    candidate = sending_time(day, hour, minute, rules)
    if candidate <= moment:
        candidate = sending_time(day + timedelta(days=1), hour, minute, rules)
    return candidate.strftime("%Y-%m-%dT%H:%M:%SZ")
