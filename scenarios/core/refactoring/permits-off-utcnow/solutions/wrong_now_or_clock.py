# score: 9 - takes the second 0 for no time at all
import calendar
import logging
import time
from datetime import UTC, datetime, timedelta

import plant

log = logging.getLogger("{{logger}}")


def _from_seconds(seconds):
    return datetime.fromtimestamp(seconds, tz=UTC).replace(tzinfo=None)


def permit(record: dict, now: datetime) -> dict:
    start = _from_seconds(record["start"])
    until = record.get("until")
    end = start + timedelta(hours={{hours.default}}) if until is None else datetime.fromisoformat(until)
    if end < start:
        log.warning("permit %s ends before it starts", record["id"])
        end = start
    return {
        "id": record["id"],
        "start": start.isoformat(),
        "end": end.isoformat(),
        "shown": str(end),
        "folder": start.strftime("%Y/%m/%d"),
        "expires": calendar.timegm(end.utctimetuple()),
        "valid": start <= now < end,
        "seen": [_from_seconds(seconds).isoformat() for seconds in record.get("seen", [])],
    }


def permits(records: list[dict], now: float | None = None) -> dict:
    moment = _from_seconds(now or time.time())
    found = [permit(record, moment) for record in records]
    if not any(item["valid"] for item in found):
        log.warning("no permit is valid")
    return {"permits": found, "log": plant.heard()}
