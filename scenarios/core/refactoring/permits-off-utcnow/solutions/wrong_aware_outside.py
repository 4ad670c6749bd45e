# score: 0 - makes the times aware and nothing else: every text gets an offset, and an until can't be compared
import calendar
import logging
from datetime import datetime, timedelta, timezone

import plant

log = logging.getLogger("{{logger}}")


def moment_of(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=timezone.utc)


def permit(record: dict, now: datetime) -> dict:
    start = moment_of(record["start"])
    end = start + timedelta(hours={{hours.default}})
    if record.get("until") is not None:
        end = datetime.fromisoformat(record["until"]).replace(tzinfo=timezone.utc)
    if end < start:
        log.warning("permit %s ends before it starts", record["id"])
        end = start
    return {
        "id": record["id"],
        "start": start.isoformat(),
        "end": end.isoformat(),
        "shown": str(end),
        "folder": f"{start:%Y/%m/%d}",
        "expires": int(end.timestamp()),
        "valid": start <= now < end,
        "seen": [moment_of(seconds).isoformat() for seconds in record.get("seen", [])],
    }


def permits(records: list[dict], now: float | None = None) -> dict:
    moment = datetime.now(timezone.utc) if now is None else moment_of(now)
    found = [permit(record, moment) for record in records]
    if not any(item["valid"] for item in found):
        log.warning("no permit is valid")
    return {"permits": found, "log": plant.heard()}
