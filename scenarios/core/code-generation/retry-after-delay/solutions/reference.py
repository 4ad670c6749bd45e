# score: 10
import re
from datetime import datetime, timezone

FALLBACK_S = {{bounds.fallback}}
CAP_S = {{bounds.cap}}
MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
MONTH = "(?P<month>" + "|".join(MONTHS) + ")"
CLOCK = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
FORMS = [
    re.compile(rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?P<day>[0-9]{{2}}) {MONTH} (?P<year>[0-9]{{4}}) {CLOCK} GMT"),
    re.compile(
        r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday), "
        rf"(?P<day>[0-9]{{2}})-{MONTH}-(?P<year>[0-9]{{2}}) {CLOCK} GMT"
    ),
    re.compile(rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) {MONTH} (?P<day>[ 0-9][0-9]) {CLOCK} (?P<year>[0-9]{{4}})"),
]


def moment_of(match: re.Match, now: float) -> float:
    year = int(match["year"])
    if len(match["year"]) == 2:
        this_year = datetime.fromtimestamp(now, timezone.utc).year
        year += this_year - this_year % 100
        if year > this_year + 50:
            year -= 100
    clock = (int(match[name]) for name in ("hour", "minute", "second"))
    return datetime(year, MONTHS[match["month"]], int(match["day"]), *clock, tzinfo=timezone.utc).timestamp()


def retry_delay_s(header: str | None, now: float) -> float:
    value = (header or "").strip()
    if re.fullmatch("[0-9]+", value):
        return CAP_S if len(value.lstrip("0")) > 9 else min(int(value), CAP_S)
    for form in FORMS:
        match = form.fullmatch(value)
        if match:
            try:
                return min(max(moment_of(match, now) - now, 0), CAP_S)
            except ValueError:
                return FALLBACK_S
    return FALLBACK_S
