from datetime import datetime, timedelta


class RuleError(ValueError):
    """A rule that no schedule can follow."""


def next_run(rule, after):
    minutes = [minute_of(text) for text in rule["at"]]
    weekdays = list(rule.get("weekdays") or range(7))
    monthdays = list(rule.get("monthdays") or range(1, 32))
    require(minutes and 0 <= min(weekdays) and max(weekdays) <= 6)
    require(all(number == -1 or 0 < number < 32 for number in monthdays))
    midnight = datetime(after.year, after.month, after.day)
    days = [midnight + timedelta(days=number) for number in range({{horizon}} + 1)]
    wanted = [day for day in days if day.weekday() in weekdays and {day.day, back(day)} & set(monthdays)]
    runs = [day + timedelta(minutes=minute) for day in wanted for minute in minutes if day.date() not in skipped(rule)]
    return min((run for run in runs if run > after), default=None)


def back(day):
    """-1 for the last day of a month, else 0."""
    return -1 if (day + timedelta(days=1)).day == 1 else 0


def skipped(rule):
    return set(rule.get("{{skip}}", []))


def minute_of(text):
    hour, colon, minute = text.partition(":")
    require(text.isascii() and colon and len(hour) == len(minute) == 2 and (hour + minute).isdigit())
    require(int(hour) < 24 and int(minute) < 60)
    return int(hour) * 60 + int(minute)


def require(holds):
    if not holds:
        raise RuleError
