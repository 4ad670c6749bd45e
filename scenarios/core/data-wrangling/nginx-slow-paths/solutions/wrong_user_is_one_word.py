# score: 8 - takes a user name for one word, counts requests without a time as zero seconds
import csv
import math
import re
import sys
from collections import defaultdict

LINE = re.compile(r'^(\S+) - (\S+) \[([^\]]+)\] "([^"]*)" (\d{3}) (\d+) "([^"]*)" "([^"]*)" (-|\d+\.\d+)$')
stats = defaultdict(lambda: [0, 0, []])
skipped = 0
for line in sys.stdin:
    line = line.rstrip("\n")
    if not line:
        continue
    match = LINE.match(line)
    words = match.group(4).split() if match else []
    if len(words) != 3 or not words[1].startswith("/"):
        skipped += 1
        continue
    path = words[1].split("?")[0].rstrip("/") or "/"
    entry = stats[path]
    entry[0] += 1
    if int(match.group(5)) >= 500:
        entry[1] += 1
    time = match.group(9)
    entry[2].append(0.0 if time == "-" else float(time))

rows = []
for path, (requests, errors, times) in stats.items():
    times.sort()
    rows.append((path, requests, errors, times[math.ceil(0.95 * len(times)) - 1]))
rows.sort(key=lambda row: (-row[3], row[0]))
writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["path", "requests", "errors", "p95_s"])
for path, requests, errors, p95 in rows:
    writer.writerow([path, requests, errors, f"{p95:.3f}"])
writer.writerow(["skipped", skipped])
