# score: 6.5 - misses the function that is passed on and not called, and the method of loggers
import calendar
import logging
from datetime import datetime, timedelta, timezone

import plant

log = logging.getLogger("{{logger}}")


def permit(record: dict, now: datetime) -> dict:
    start = datetime.fromtimestamp(record["start"], timezone.utc).replace(tzinfo=None)
    end = start + timedelta(hours={{hours.default}})
    if record.get("until") is not None:
        end = datetime.fromisoformat(record["until"])
    if end < start:
        log.warn("permit %s ends before it starts", record["id"])
        end = start
    return {
        "id": record["id"],
        "start": start.isoformat(),
        "end": end.isoformat(),
        "shown": str(end),
        "folder": f"{start:%Y/%m/%d}",
        "expires": calendar.timegm(end.utctimetuple()),
        "valid": start <= now < end,
        "seen": [moment.isoformat() for moment in map(datetime.utcfromtimestamp, record.get("seen", []))],
    }


def permits(records: list[dict], now: float | None = None) -> dict:
    if now is None:
        moment = datetime.now(timezone.utc).replace(tzinfo=None)
    else:
        moment = datetime.fromtimestamp(now, timezone.utc).replace(tzinfo=None)
    found = [permit(record, moment) for record in records]
    if not any(item["valid"] for item in found):
        log.warn("no permit is valid")
    return {"permits": found, "log": plant.heard()}
