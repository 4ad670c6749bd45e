# score: 8.5 - computes with aware times and takes the zone off the texts only: fractions and offsets come out otherwise
import calendar
import logging
from datetime import datetime, timedelta, timezone

import plant

log = logging.getLogger("{{logger}}")
UTC = timezone.utc


def text_of(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def permit(record: dict, now: datetime) -> dict:
    start = datetime.fromtimestamp(record["start"], UTC)
    end = start + timedelta(hours={{hours.default}})
    if record.get("until"):
        end = datetime.fromisoformat(record["until"])
        end = end.replace(tzinfo=UTC) if end.tzinfo is None else end.astimezone(UTC)
    if end < start:
        log.warning("permit %s ends before it starts", record["id"])
        end = start
    return {
        "id": record["id"],
        "start": text_of(start),
        "end": text_of(end),
        "shown": text_of(end).replace("T", " "),
        "folder": f"{start:%Y/%m/%d}",
        "expires": calendar.timegm(end.utctimetuple()),
        "valid": start <= now < end,
        "seen": [text_of(datetime.fromtimestamp(seconds, UTC)) for seconds in record.get("seen", [])],
    }


def permits(records: list[dict], now: float | None = None) -> dict:
    moment = datetime.now(UTC) if now is None else datetime.fromtimestamp(now, UTC)
    found = [permit(record, moment) for record in records]
    if not any(item["valid"] for item in found):
        log.warning("no permit is valid")
    return {"permits": found, "log": plant.heard()}
