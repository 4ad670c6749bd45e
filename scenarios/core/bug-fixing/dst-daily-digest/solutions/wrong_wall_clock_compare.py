# score: 7.5 - compares wall-clock times, which go back once a year, and keeps the fold of now
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo


def next_digest_at(now: str, hour: int, minute: int, zone: str) -> str:
    local = datetime.fromisoformat(now).astimezone(ZoneInfo(zone))
    candidate = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if candidate <= local:
        candidate += timedelta(days=1)
    return candidate.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
