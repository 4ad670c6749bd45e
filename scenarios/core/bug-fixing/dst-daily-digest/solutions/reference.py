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
    after = instant
    before = instant - timedelta(days=1)
    old_offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return (after + timedelta(milliseconds=500)).replace(microsecond=0) if after.microsecond else after


def next_digest_at(now: str, hour: int, minute: int, zone: str) -> str:
    rules = ZoneInfo(zone)
    moment = datetime.fromisoformat(now).astimezone(timezone.utc)
    day = moment.astimezone(rules).date()
    candidate = sending_time(day, hour, minute, rules)
    if candidate <= moment:
        candidate = sending_time(day + timedelta(days=1), hour, minute, rules)
    return candidate.strftime("%Y-%m-%dT%H:%M:%SZ")
