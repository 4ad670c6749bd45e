# score: 6 - measures the silence from the incident's first entry and in whole seconds, takes class names anywhere, no fallback
import re
import sys
from datetime import datetime, timedelta

HEAD = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d{3} (\w+) \[")
latest = {}
entries = []
for raw in sys.stdin:
    service, bar, text = raw.rstrip("\n").partition(" | ")
    if not bar:
        continue
    service = service.strip()
    head = HEAD.match(text)
    if head:
        latest[service] = [datetime.fromisoformat(head.group(1)), head.group(2), service, []]
        entries.append(latest[service])
    elif service in latest:
        latest[service][3].append(text)


def analyse(lines):
    exception, where = None, "-"
    for line in lines:
        found = re.match(r"(?:Caused by: )?([\w.$]+\.[\w$]+)(?::|$)", line)
        if found:
            exception, where = found.group(1), "-"
        elif where == "-" and line.startswith("\tat ") and "{{app.package}}." in line:
            where = line[4:].split("(")[0].split("/")[-1]
    return exception, where


open_incidents = {}
incidents = []
for time, level, service, lines in entries:
    if level not in ("ERROR", "FATAL"):
        continue
    exception, where = analyse(lines)
    if exception is None:
        continue
    key = (service, exception, where)
    incident = open_incidents.get(key)
    if incident and time - incident[0] <= timedelta(minutes={{gap.minutes}}):
        incident[1] = time
        incident[2] += 1
    else:
        incident = [time, time, 1, *key]
        open_incidents[key] = incident
        incidents.append(incident)

print("first,last,count,service,exception,where")
for incident in sorted(incidents, key=lambda item: (item[0], item[3:])):
    print(",".join(map(str, incident)))
