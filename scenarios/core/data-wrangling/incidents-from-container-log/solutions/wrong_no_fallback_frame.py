# score: 8 - does not look for a frame before the root cause, trims indentation so that suppressed exceptions count
import csv
import re
import sys
from collections import defaultdict
from datetime import datetime

HEAD = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) ([A-Z]+) \[(.+?)\] (.+?) - (.*)$")
CAUSE = re.compile(r"^(?:Caused by: )?([\w$]+(?:\.[\w$]+)+)(?::|$)")
FRAME = re.compile(r"^at (?:.*/)?({{app.package}}\.[^(]+)\(")

entries = []
current = {}
for line in sys.stdin:
    if " | " not in line:
        continue
    service, text = line.rstrip("\n").split(" | ", 1)
    service = service.strip()
    head = HEAD.match(text)
    if head:
        entry = {
            "time": datetime.strptime(head[1], "%Y-%m-%d %H:%M:%S,%f"),
            "level": head[2],
            "service": service,
            "exception": None,
            "where": "-",
        }
        current[service] = entry
        entries.append(entry)
        continue
    entry = current.get(service)
    if entry is None:
        continue
    text = text.strip()
    cause = CAUSE.match(text)
    if cause:
        entry["exception"] = cause[1]
        entry["where"] = "-"
        continue
    frame = FRAME.match(text)
    if frame and entry["where"] == "-":
        entry["where"] = frame[1]

groups = defaultdict(list)
for entry in entries:
    if entry["level"] in ("ERROR", "FATAL") and entry["exception"]:
        groups[entry["service"], entry["exception"], entry["where"]].append(entry["time"])

rows = []
for key, times in groups.items():
    start = previous = times[0]
    count = 0
    for time in times:
        if (time - previous).total_seconds() > {{gap.minutes}} * 60:
            rows.append((start, previous, count, *key))
            start, count = time, 0
        previous = time
        count += 1
    rows.append((start, previous, count, *key))

rows.sort(key=lambda r: (r[0], r[3:]))
writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["first", "last", "count", "service", "exception", "where"])
for first, last, count, *key in rows:
    writer.writerow([first.strftime("%F %T"), last.strftime("%F %T"), count, *key])
