# score: 9.5 - takes every gap to start at a full hour
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo


def send_at(day, hour, minute, zone):
    wall = datetime.combine(day, time(hour, minute), zone)
    instant = wall.astimezone(timezone.utc)
    if instant.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        instant = datetime.combine(day, time(hour), zone).astimezone(timezone.utc)
    return instant


def next_digest_at(now: str, hour: int, minute: int, zone: str) -> str:
    rules = ZoneInfo(zone)
    moment = datetime.fromisoformat(now).astimezone(timezone.utc)
    day = moment.astimezone(rules).date()
    candidate = send_at(day, hour, minute, rules)
    if candidate <= moment:
        candidate = send_at(day + timedelta(days=1), hour, minute, rules)
    return candidate.strftime("%Y-%m-%dT%H:%M:%SZ")
