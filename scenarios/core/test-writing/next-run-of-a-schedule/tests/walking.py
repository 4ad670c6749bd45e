import re
from calendar import monthrange
from datetime import datetime, time, timedelta

HORIZON = {{horizon}}


def next_run(rule, after):
    times = sorted(clock(text) for text in rule["at"])
    weekdays, monthdays = rule.get("weekdays"), rule.get("monthdays")
    if not times or not set(weekdays or ()) <= set(range(7)) or not set(monthdays or ()) <= {-1, *range(1, 32)}:
        raise ValueError("a rule without times, or with a day that no week or month has")
    for days in range(HORIZON + 1):
        day = after.date() + timedelta(days=days)
        last = monthrange(day.year, day.month)[1]
        is_right = [
            not weekdays or day.weekday() in weekdays,
            not monthdays or day.day in monthdays or (-1 in monthdays and day.day == last),
        ]
        if not all(is_right) or day in rule.get("{{skip}}", ()):
            continue
        for at in times:
            moment = datetime.combine(day, at)
            if moment > after:
                return moment
    return None


def clock(text):
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}", text):
        raise ValueError(f"no time: {text!r}")
    return time(int(text[:2]), int(text[3:]))
