# score: 10
import csv
import re
import sys
from datetime import datetime, timedelta

OURS = "{{app.package}}."
SILENCE = timedelta(minutes={{gap.minutes}})
ENTRY = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) ([A-Z]+) \[.*?\] .*? - .*")
EXCEPTION = re.compile(r"(?:Caused by: )?([A-Za-z0-9_$]+(?:\.[A-Za-z0-9_$]+)+)(?::.*)?")
FRAME = re.compile(r"\tat (?:[^(]*/)?([^(/]+)\(.*")


class Entry:
    def __init__(self, service, match):
        self.service = service
        self.time = datetime.strptime(match[1], "%Y-%m-%d %H:%M:%S,%f")
        self.counts = match[2] in ("ERROR", "FATAL")
        self.exception = self.first_frame = self.frame = None

    def add(self, line):
        if match := EXCEPTION.fullmatch(line):
            self.exception = match[1]
            self.frame = None
        elif (match := FRAME.fullmatch(line)) and match[1].startswith(OURS):
            self.first_frame = self.first_frame or match[1]
            self.frame = self.frame or match[1]


def entries_of(stream):
    entries = []
    latest = {}
    for line in stream:
        service, separator, text = line.rstrip("\r\n").partition(" | ")
        if not separator:
            continue
        service = service.rstrip()
        if match := ENTRY.fullmatch(text):
            latest[service] = Entry(service, match)
            entries.append(latest[service])
        elif service in latest:
            latest[service].add(text)
    return [entry for entry in entries if entry.counts and entry.exception]


incidents = []
running = {}
for entry in entries_of(sys.stdin):
    key = (entry.service, entry.exception, entry.frame or entry.first_frame or "-")
    incident = running.get(key)
    if incident is None or entry.time - incident["last"] > SILENCE:
        incident = running[key] = {"first": entry.time, "count": 0, "key": key}
        incidents.append(incident)
    incident["last"] = entry.time
    incident["count"] += 1

out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["first", "last", "count", "service", "exception", "where"])
for incident in sorted(incidents, key=lambda incident: (incident["first"], incident["key"])):
    first, last = (incident[end].strftime("%Y-%m-%d %H:%M:%S") for end in ("first", "last"))
    out.writerow([first, last, incident["count"], *incident["key"]])
