# score: 10
import calendar
import logging
import time
from datetime import datetime, timedelta, timezone

import plant

log = logging.getLogger("{{logger}}")


def naive_utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def permit(record: dict, now: datetime) -> dict:
    start = naive_utc(record["start"])
    end = start + timedelta(hours={{hours.default}})
    if record.get("until") is not None:
        end = datetime.fromisoformat(record["until"])
    if end < start:
        log.warning("permit %s ends before it starts", record["id"])
        end = start
    return {
        "id": record["id"],
        "start": start.isoformat(),
        "end": end.isoformat(),
        "shown": str(end),
        "folder": f"{start:%Y/%m/%d}",
        "expires": calendar.timegm(end.utctimetuple()),
        "valid": start <= now < end,
        "seen": [moment.isoformat() for moment in map(naive_utc, record.get("seen", []))],
    }


def permits(records: list[dict], now: float | None = None) -> dict:
    moment = naive_utc(time.time() if now is None else now)
    found = [permit(record, moment) for record in records]
    if not any(item["valid"] for item in found):
        log.warning("no permit is valid")
    return {"permits": found, "log": plant.heard()}
