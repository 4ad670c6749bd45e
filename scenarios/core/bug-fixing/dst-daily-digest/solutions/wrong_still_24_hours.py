# score: 4 - corrects the comparison, still adds 24 hours
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo


def next_digest_at(now: str, hour: int, minute: int, zone: str) -> str:
    moment = datetime.fromisoformat(now).astimezone(timezone.utc)
    local = moment.astimezone(ZoneInfo(zone))
    candidate = local.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(timezone.utc)
    if candidate <= moment:
        candidate += timedelta(hours=24)
    return candidate.strftime("%Y-%m-%dT%H:%M:%SZ")
