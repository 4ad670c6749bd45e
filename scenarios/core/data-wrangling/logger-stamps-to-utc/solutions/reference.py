# score: 10
import re
from datetime import datetime, timedelta, timezone

ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
UNIX = re.compile(r"(\d{10})(?:\d{3})?", re.ASCII)
LOCAL = re.compile(r"\d\d\.\d\d\.\d{4} \d\d:\d\d(:\d\d)?", re.ASCII)
TWELVE = re.compile(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d [AP]M", re.ASCII)
EPOCH = datetime(1970, 1, 1)


def moment(text):
    if match := ISO.fullmatch(text):
        when = datetime.strptime(f"{match[1]} {match[2]}", "%Y-%m-%d %H:%M:%S")
        if match[3] == "Z":
            return when
        offset = timedelta(hours=int(match[3][1:3]), minutes=int(match[3][4:6]))
        return when - offset if match[3][0] == "+" else when + offset
    if match := UNIX.fullmatch(text):
        return EPOCH + timedelta(seconds=int(match[1]))
    if match := LOCAL.fullmatch(text):
        form = "%d.%m.%Y %H:%M:%S" if match[1] else "%d.%m.%Y %H:%M"
        return datetime.strptime(text, form) - timedelta(minutes={{site.minutes}})
    if TWELVE.fullmatch(text):
        return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p")
    return None


def to_utc(stamps: list[str]) -> list[str | None]:
    result = []
    for stamp in stamps:
        try:
            when = moment(stamp.strip())
        except ValueError:
            when = None
        result.append(when and when.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return result
