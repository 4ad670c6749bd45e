# score: 5 - takes the stream for one log, so that interleaved traces mix, and reports the outermost exception
import re
import sys
from datetime import datetime, timedelta

HEAD = re.compile(r"(\S+)\s+\| (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (\w+) \[")
entries = []
entry = None
for line in sys.stdin:
    line = line.rstrip("\n")
    head = HEAD.match(line)
    if head:
        time = datetime.strptime(head.group(2), "%Y-%m-%d %H:%M:%S,%f")
        entry = {"service": head.group(1), "time": time, "level": head.group(3), "exception": None, "where": "-"}
        entries.append(entry)
        continue
    if entry is None or " | " not in line:
        continue
    text = line.split(" | ", 1)[1]
    if text.startswith("\tat {{app.package}}."):
        if entry["where"] == "-":
            entry["where"] = text[4:].split("(")[0]
    elif re.match(r"[\w$]+\.[\w.$]+(:|$)", text) and entry["exception"] is None:
        entry["exception"] = text.split(":")[0]

incidents = []
for entry in entries:
    if entry["level"] not in ("ERROR", "FATAL") or not entry["exception"]:
        continue
    key = (entry["service"], entry["exception"], entry["where"])
    for incident in incidents:
        if incident["key"] == key and entry["time"] - incident["last"] <= timedelta(minutes={{gap.minutes}}):
            incident["last"] = entry["time"]
            incident["count"] += 1
            break
    else:
        incidents.append({"key": key, "first": entry["time"], "last": entry["time"], "count": 1})

print("first,last,count,service,exception,where")
for incident in sorted(incidents, key=lambda item: item["first"]):
    first = incident["first"].strftime("%Y-%m-%d %H:%M:%S")
    last = incident["last"].strftime("%Y-%m-%d %H:%M:%S")
    print(first, last, incident["count"], *incident["key"], sep=",")
